import Testing

@Suite struct OrderTests {
    /// Targets whose decisions must be the same in every process.
    private static let deterministic: Set<String> = ["TandemSync"]

    @Test func `the engine never walks a dictionary or a set`() throws {
        let repository = try Repository.here.get()
        let files = repository.products.filter { Self.deterministic.contains($0.target) }
        let rules = OrderRules(files: files)
        let findings = files.flatMap { rules.breaches(in: $0) }
        expectNone(findings)
    }

    @Test(arguments: [
        "func f(lanes: [Int: Lane]) {\n    for (id, lane) in lanes { use(id, lane) }\n}",
        "let known: Set<Int> = []\nfor id in known { use(id) }",
        "var known = Set<Int>()\nfor (n, id) in known.enumerated() where n > 1 { use(id) }",
        "let byName = Dictionary(grouping: all, by: \\.name)\nfor id in byName.keys { use(id) }",
        "let byName = [\"a\": 1]\nlet names = byName.map { $0.key }",
        "let byName: [String: [Int]] = [:]\nlet all = byName.values.flatMap { $0 }",
        "func f(_ marks: inout Set<Int>) -> Int? { marks.first }",
        "let both = Set(a).union(b)\nfor id in both { use(id) }",
        "struct A { var lanes: [Int: Lane]\n  func f() { for lane in self.lanes { use(lane) } } }",
        "let byName = [\"a\": 1]\nlet big = byName.filter { $0.value > 1 }.map { $0.key }",
        "let byName = [\"a\": 1]\nfor (name, count) in byName.mapValues(double) { use(name) }",
        "let byName = [\"a\": 1]\nfor name in byName.filter({ $0.value > 1 }).keys { use(name) }",
        "let byName = [\"a\": 1]\nlet big = byName.filter { $0.value > 1 }\nfor one in big { use(one) }",
        "for name in Set(names) { use(name) }",
        "for name in Set<String>(names).union(others) where isGood(name) { use(name) }",
        "let first = Set(names).first",
        "let known: Set<Int> = []\nlet list = Array(known)",
        "let list = Array(Set(names)).map { use($0) }",
        "let byName = [\"a\": 1]\nlet list = Array(byName.keys)",
        "let firsts = Dictionary(grouping: all, by: \\.name).map { $0.value[0] }",
        "for (name, group) in Dictionary(grouping: all, by: \\.name) { use(name, group) }",
        "let known: Set<Int> = []\nlet groups = Dictionary(grouping: known.map(double), by: \\.name)",
    ])
    func `a walk in an order that differs by process is found`(text: String) {
        let file = SwiftFile(path: "Sources/TandemSync/A.swift", text: text)
        #expect(!OrderRules(files: [file]).breaches(in: file).isEmpty)
    }

    @Test func `a property is known in every file of the target`() {
        let state = SwiftFile(
            path: "Sources/TandemSync/State.swift", text: "struct State { var lanes: [Int: Lane] }")
        let step = SwiftFile(
            path: "Sources/TandemSync/Step.swift",
            text: "func step(_ state: State) {\n    for (id, lane) in state.lanes { use(id) }\n}")
        let rules = OrderRules(files: [state, step])
        #expect(rules.breaches(in: step).map(\.line) == [2])
        let twin = SwiftFile(
            path: "Sources/TandemSync/Twin.swift", text: "struct Twin { var lanes: [Lane] }")
        // The same name for a list elsewhere: which one is meant cannot be told by name.
        #expect(OrderRules(files: [state, step, twin]).breaches(in: step).isEmpty)
    }

    @Test(arguments: [
        "func f(lanes: [Int: Lane]) {\n    for id in lanes.keys.sorted() { use(id) }\n}",
        "func f(lanes: [Int: Lane]) {\n    for e in lanes.sorted(by: { $0 < $1 }) { use(e) }\n}",
        "let known: Set<Int> = []\nif known.contains(1) { use(known.count) }",
        "let byName = [\"a\": 1]\nlet same = Set(byName.keys)\nlet n = byName.values.count { $0 > 1 }",
        "let keys = Set(all.flatMap(\\.keys)).sorted()\nfor key in keys { use(key) }",
        "let list = [1, 2]\nfor item in list { use(item) }",
        "let flags = [isOn ? a : b]\nfor flag in flags { use(flag) }",
        "let byName: [String: Int] = [:]\nfor name in names { use(byName[name]) }",
        "let byName: [String: [Int]] = [:]\nfor one in byName[\"a\", default: []] { use(one) }",
        "let byName = [\"a\": 1]\nlet doubled = byName.mapValues { $0 * 2 }",
        "let byName = [\"a\": 1]\nlet names = byName.filter { $0.value > 1 }.map(\\.key).sorted()",
        "let byName = [\"a\": 1]\nlet isAny = byName.values.map { $0 * 2 }.contains(4)",
        "let byName = [\"a\": 1]\nlet same = Dictionary(uniqueKeysWithValues: byName.map { $0 })",
        "for name in Set(names).sorted() { use(name) }",
        "let number = Set(names).count\nlet list = Array(names)",
        "let known: Set<Int> = []\nlet list = Array(known).sorted()",
        "let known: Set<Int> = []\nlet list = Array(known.sorted())",
        "let known: Set<Int> = []\nlet isKnown = known.filter { $0 > 1 } == other",
    ])
    func `a walk in a fixed order is let be`(text: String) {
        let file = SwiftFile(path: "Sources/TandemSync/A.swift", text: text)
        let findings = OrderRules(files: [file]).breaches(in: file)
        expectNone(findings)
    }
}
