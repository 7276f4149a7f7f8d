import Testing

@Suite struct SizeTests {
    @Test func `no file is longer than the wall`() throws {
        let repository = try Repository.here.get()
        var findings: [Finding] = []
        for path in try sourcePaths(of: repository) {
            let lines = try repository.text(of: path).utf8.count { $0 == 0x0A }
            if lines > SizeRules.fileGoal {
                print("note: \(path) has \(lines) lines; the goal is \(SizeRules.fileGoal)")
            }
            if let finding = SizeRules.longFile(path, lines: lines) { findings.append(finding) }
        }
        expectNone(findings)
    }

    /// Every hand-written source, in whatever language; fixtures are data.
    private func sourcePaths(of repository: Repository) throws -> [String] {
        let endings = [".swift", ".cpp", ".c", ".h", ".py", ".sh"]
        return try ["Sources", "Tests", "Examples", "Benchmarks", "Scripts"]
            .flatMap { try repository.paths(below: $0) }
            .filter { path in
                endings.contains(where: path.hasSuffix) && !path.contains("/Fixtures/")
            }
    }

    @Test func `no function is longer than the wall`() throws {
        let repository = try Repository.here.get()
        let findings = repository.swiftFiles.flatMap { SizeRules.longFunctions(in: $0) }
        expectNone(findings)
    }

    @Test func `a file over the wall is found`() {
        #expect(SizeRules.longFile("A.swift", lines: 600) == nil)
        #expect(SizeRules.longFile("A.swift", lines: 601)?.line == 601)
    }

    @Test(arguments: [
        ("func long() {\n", "}"),
        ("init(of text: String = \"{\") throws where Value: Sendable {\n", "}"),
        ("static func == (lhs: Self, rhs: Self) -> Bool {\n", "}"),
        ("func long<Value>(_ body: (Value) -> [Int: () -> Void]) async rethrows -> Value {\n", "}"),
        ("subscript(index: Int) -> String? {\n", "}"),
        ("var body: some View {\n", "}"),
        ("deinit {\n", "}"),
        ("func long() {\n    let text = \"\"\"\n    } } }\n    \"\"\"\n", "}"),
        ("func long() {\n    let raw = #\"} \\#(value(\"}\")) \"}\"#  // }\n", "}"),
        ("func long() {\n    /* } /* } */ } */ let pattern = /[}]\\/}/\n", "}"),
        ("func `a sentence { as a name`() {\n", "}"),
    ])
    func `a function over the wall is found`(head: String, tail: String) {
        let filler = String(repeating: "    work()\n", count: 71 - head.lines - tail.lines)
        let file = SwiftFile(path: "A.swift", text: head + filler + tail + "\n")
        #expect(SizeRules.longFunctions(in: file).map(\.line) == [1])
        let shorter = SwiftFile(
            path: "A.swift", text: head + filler.dropFirst("    work()\n".count) + tail + "\n")
        #expect(SizeRules.longFunctions(in: shorter).isEmpty)
    }

    @Test func `declarations without a body and calls are no functions`() {
        let text = """
            protocol Seam {
                init(name: String)
                func pull(_ page: Page) async throws -> [Int]
                func push() -> (Int) -> Void
            }
            struct Maker { let make = Seam.init; let other = self.init(name: "{") }
            """
        #expect(FunctionFinder.functions(in: SwiftLexer.tokens(of: text)).isEmpty)
    }

    @Test func `functions within functions are measured by themselves`() {
        let text = "func outer() {\n    func inner() {\n    }\n}\nvar flag: Bool { true }\n"
        let found = FunctionFinder.functions(in: SwiftLexer.tokens(of: text))
        #expect(found.map(\.name) == ["outer", "inner", "flag"])
        #expect(found.map(\.lines) == [4, 2, 1])
    }
}

extension String {
    /// Lines that this text adds when something stands before and behind it.
    fileprivate var lines: Int { utf8.count { $0 == 0x0A } + (hasSuffix("\n") ? 0 : 1) }
}
