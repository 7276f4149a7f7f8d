import Testing

@Suite struct GuideTests {
    private func guides(_ repository: Repository) throws -> [String] {
        let pages = try repository.paths(below: "Documentation").filter { $0.hasSuffix(".md") }
        return ["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "README.md"] + pages
    }

    @Test func `every link of a guide leads to a file`() throws {
        let repository = try Repository.here.get()
        let files = Set(try repository.paths(below: ""))
        var findings: [Finding] = []
        for page in try guides(repository) {
            for link in GuideRules.links(in: try repository.text(of: page)) {
                let path = GuideRules.resolved(link.text, from: page)
                let leads = path.map { path in
                    files.contains(path) || files.contains { $0.hasPrefix(path + "/") }
                }
                guard leads != true else { continue }
                findings.append(
                    Finding(path: page, line: link.line, message: "'\(link.text)' leads nowhere"))
            }
        }
        expectNone(findings)
    }

    @Test func `every link of an installed page leads to an installed one`() throws {
        let repository = try Repository.here.get()
        let installed = GuideRules.installed(
            by: try repository.text(of: "Makefile"), among: Set(try repository.paths(below: "")))
        #expect(installed.isSuperset(of: try guides(repository)))
        var findings: [Finding] = []
        for page in installed.sorted() where page.hasSuffix(".md") {
            for link in GuideRules.links(in: try repository.text(of: page)) {
                let path = GuideRules.resolved(link.text, from: page)
                guard path.map(installed.contains) != true else { continue }
                findings.append(
                    Finding(
                        path: page, line: link.line, message: "'\(link.text)' is not installed"))
            }
        }
        expectNone(findings)
    }

    @Test func `every test that a guide names is there`() throws {
        let repository = try Repository.here.get()
        let files = repository.swiftFiles.filter { !$0.isProduct }
        var known = Set(files.map(\.target))
        for file in files {
            known.insert(String(file.path.split(separator: "/").last?.dropLast(6) ?? ""))
            for index in file.tokens.indices where file.tokens[index].isWord("struct") {
                known.insert(file.tokens.at(index + 1)?.text ?? "")
            }
        }
        var findings: [Finding] = []
        var named = 0
        for page in try guides(repository) {
            for name in GuideRules.quotes(in: try repository.text(of: page))
            where name.text.hasSuffix("Tests") && name.text.allSatisfy(\.isLetter) {
                named += 1
                guard !known.contains(name.text) else { continue }
                findings.append(
                    Finding(path: page, line: name.line, message: "there is no '\(name.text)'"))
            }
        }
        #expect(named > 20)
        expectNone(findings)
    }

    @Test func `the table of the house is the one that imports are held to`() throws {
        let repository = try Repository.here.get()
        let targets = try Manifest(repository.text(of: "Package.swift")).targets
        let table = GuideRules.table(in: try repository.text(of: "ARCHITECTURE.md"))
        let examples = repository.swiftFiles.filter(\.isExample).map(\.target)
        let ours = Set(targets.values.filter { !$0.isTest }.map(\.name))
            .subtracting(House.undrawn).subtracting(examples)
        #expect(ours.sorted() == table.map(\.target).sorted())
        for row in table {
            let held = try #require(House.rows.first { $0.target == row.target }).ours
            guard let told = row.ours else { continue }
            let named = told.subtracting(["LosslessJSON"])
            #expect(named.sorted() == held.intersection(ours).sorted(), "\(row.target)")
        }
    }

    @Test func `what is installed is read out of the Makefile`() {
        let makefile = """
            GUIDES := README.md LICENSE
            PAGES = $(shell find Guides More -name '*.md')
            """
        let files: Set = [
            "Guides/A.md", "Guides/B/C.md", "Guides/D.swift", "Other/E.md", "More.md",
        ]
        #expect(
            GuideRules.installed(by: makefile, among: files)
                == ["README.md", "LICENSE", "Guides/A.md", "Guides/B/C.md"])
        #expect(GuideRules.installed(by: "", among: files).isEmpty)
    }

    @Test func `links and names are read out of a page`() {
        let text = """
            A [page](Other.md#part) and [site](https://example.com), `make test`.
            ```
            [no](link.md) `no`
            ```
            [up](../Up.md) [here](#part) `a` `b`
            """
        #expect(
            GuideRules.links(in: text) == [
                .init(text: "Other.md", line: 1), .init(text: "../Up.md", line: 5),
            ])
        #expect(GuideRules.quotes(in: text).map(\.text) == ["make test", "a", "b"])
    }

    @Test(arguments: [
        ("../A.md", "Documentation/B.md", "A.md"),
        ("A.md", "Documentation/B.md", "Documentation/A.md"),
        ("./x/../A.md", "B.md", "A.md"), ("../A.md", "B.md", nil),
    ])
    func `a link is followed from its page`(link: String, page: String, path: String?) {
        #expect(GuideRules.resolved(link, from: page) == path)
    }

    @Test func `a row of the table names what it imports`() {
        let table = GuideRules.table(
            in: """
                | target | its purpose | ours |
                | `a` | does `x` | `b`, `c` |
                | `d` | x | all |
                | `e` | x | – |
                """)
        #expect(
            table == [
                .init(target: "a", ours: ["b", "c"]), .init(target: "d", ours: nil),
                .init(target: "e", ours: []),
            ])
    }
}
