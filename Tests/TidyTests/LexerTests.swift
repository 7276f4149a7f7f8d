import Testing

@Suite struct LexerTests {
    @Test(arguments: [
        ("let a = b / c / d", ["let", "a", "=", "b", "/", "c", "/", "d"]),
        ("let a = /b c/", ["let", "a", "=", ""]),
        ("match(#/a\n\"b/#)", ["match", "(", "", ")"]),
        ("a // b\nc /* d /* e */ f */ g", ["a", "c", "g"]),
        ("\"a\\\"b\" c", ["", "", "c"]),
        ("\"a \\(b(\"c\")) d\" e", ["", "(", "b", "(", "", "", ")", ")", "", "e"]),
        ("#\"a \\(b) \"c\" \\#(d)\"# e", ["", "(", "d", ")", "", "e"]),
        ("#\"\"\"# a", ["", "", "a"]),
        ("\"\"\"\n  \"a\" \"\" \\\n  b\n  \"\"\" c", ["", "", "c"]),
        ("##\"\"\"\n  \"\"\" \"# \\#(a)\n\"\"\"## b", ["", "", "b"]),
        ("\"\" a", ["", "", "a"]),
        ("\"open\nnext", ["", "next"]),
        ("`a b` 0.5 1..<2", ["`a b`", "0.5", "1", ".", ".", "<", "2"]),
        ("0x1F x.1", ["0x1F", "x", ".", "1"]),
        ("@Test #if $0 größe", ["@Test", "#if", "$0", "größe"]),
        ("/* open", []),
        ("\"\\", [""]),
        ("`open", ["`open"]),
        ("\"\\(", ["", "("]),
    ])
    func `code is split into its words and marks`(text: String, expected: [String]) {
        #expect(SwiftLexer.tokens(of: text).map(\.text) == expected)
    }

    @Test func `lines are counted through comments and literals`() {
        let text = "a\n/* \n */ b\n\"\"\"\n c\n \"\"\" d\n#/\n e/# f"
        let tokens = SwiftLexer.tokens(of: text)
        #expect(tokens.filter { $0.kind == .word }.map(\.line) == [1, 3, 6, 8])
        #expect(tokens.filter { $0.kind == .word }.map(\.opensLine) == [true, true, false, false])
    }

    @Test func `a literal says what it holds unless something is inserted into it`() {
        let tokens = SwiftLexer.tokens(of: "\"one\" \"two \\(x)\" #\"three \"# ")
        #expect(tokens.filter { $0.kind == .literal }.compactMap(\.content) == ["one", "three "])
    }

    @Test func `no cut of a file makes the reader fail`() throws {
        let text = try Repository.here.get().text(of: "Tests/TidyTests/LexerTests.swift")
        for length in stride(from: 0, to: text.count, by: 7) {
            let tokens = SwiftLexer.tokens(of: String(text.prefix(length)))
            _ = FunctionFinder.functions(in: tokens)
            #expect(ImportRules.imports(in: tokens).count <= 1)
        }
    }
}
