import LosslessJSON
import TandemCore
import TandemFeed
import TandemStore
import TandemTesting
import Testing

/// An activity's changes in words.
@Suite struct ActivityTextTests {
    private func words(
        _ verb: ChangeVerb, _ changes: [FieldChange]
    ) async throws -> [String] {
        let world = try await FeedWorld()
        try await world.append(world.entry(verb, changes: changes))
        let activity = try #require(try await world.activities().first)
        let text = ActivityText(fields: NoteRules().fields) { json in
            let text = json.string ?? json.text
            return text.count > 12 ? String(text.prefix(12)) + "…" : text
        }
        return text.changes(of: activity)
    }

    @Test func `each part is told before and after, shortened`() async throws {
        let changes = [
            FieldChange(field: "title", before: "A", after: "B"),
            FieldChange(
                field: "body", before: nil, after: .string(String(repeating: "x", count: 99))),
            FieldChange(field: "x-unknown", before: [1], after: nil),
        ]
        #expect(
            try await words(.updated, changes) == [
                "title: A → B", "body: (none) → xxxxxxxxxxxx…", "x-unknown: [1] → (none)",
            ])
    }

    @Test func `of a list of people it is told who came, went, changed and answered`()
        async throws
    {
        let before: JSON = [
            ["email": "Bob", "answer": "none"], ["email": "carol"], ["email": "dan", "x": 1],
        ]
        let after: JSON = [
            ["email": "bob", "answer": "yes"], ["email": "dan", "x": 2], ["email": "eve"],
        ]
        let change = FieldChange(field: "people", before: before, after: after)
        #expect(
            try await words(.updated, [change]) == ["people: bob yes, ~dan, +eve, -carol"])
    }

    @Test func `of a long list only the first are named`() async throws {
        let people = JSON.array((0..<20).map { ["email": .string("g\($0)")] })
        let change = FieldChange(field: "people", before: nil, after: people)
        #expect(
            try await words(.updated, [change]) == ["people: +g0, +g1, +g2, +g3, +g4, 15 more"])
    }

    @Test func `of an object its members are told`() async throws {
        let change = FieldChange(
            field: "tags", before: ["a": 1, "b": 2, "c": 3], after: ["a": 1, "b": 4, "d": 5])
        #expect(
            try await words(.updated, [change]) == ["tags: b 2 → 4, d (none) → 5, -c"])
    }

    @Test(arguments: [
        JSON.string("no list"), ["a"], [["no": "key"]], [["email": 1]], .null,
    ])
    func `a list in another form is told as a whole`(value: JSON) async throws {
        let change = FieldChange(field: "people", before: [], after: value)
        let words = try await words(.updated, [change])
        #expect(words.count == 1 && words[0].hasPrefix("people: [] → "))
    }

    @Test func `of what appeared or went it is told when it happens`() async throws {
        let changes = [
            FieldChange(field: "title", before: nil, after: "B"),
            FieldChange(field: "time", before: nil, after: ["from": 1]),
        ]
        #expect(try await words(.created, changes) == ["{\"from\":1}"])
        #expect(try await words(.listed, []).isEmpty)
    }

    @Test func `a move is told from where to where`() async throws {
        let work = FieldChange.place(
            from: CollectionID(rawValue: "gone"), to: CollectionID(rawValue: "too"))
        #expect(try await words(.moved, [work]) == ["gone → too"])
    }
}
