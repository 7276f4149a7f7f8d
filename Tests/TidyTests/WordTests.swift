import Testing

@Suite struct WordTests {
    @Test func `no work is left undone in the code`() throws {
        let repository = try Repository.here.get()
        let findings = repository.swiftFiles.flatMap {
            WordRules.unfinished(in: $0.path, text: $0.text)
        }
        expectNone(findings)
    }

    @Test func `the project speaks only of itself`() throws {
        let repository = try Repository.here.get()
        var findings: [Finding] = []
        for path in try repository.paths(below: "") {
            findings += WordRules.foreign(in: path, text: try repository.text(of: path))
        }
        expectNone(findings)
    }

    @Test(arguments: WordRules.unfinished)
    func `unfinished work is found`(word: String) {
        let found = WordRules.unfinished(in: "A", text: "let a = 1\n// \(word): later")
        #expect(found.map(\.line) == [2])
        #expect(WordRules.unfinished(in: "A", text: "// \(word)L and a\(word)").isEmpty)
    }

    @Test(arguments: WordRules.foreign)
    func `a foreign word is found`(word: String) {
        let found = WordRules.foreign(in: "A", text: "a\nb \(word.uppercased()) c")
        #expect(found.map(\.line) == [2])
    }
}
