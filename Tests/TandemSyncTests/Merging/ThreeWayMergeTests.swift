import LosslessJSON
import TandemCore
import TandemTesting
import Testing

@testable import TandemSync

@Suite struct ThreeWayMergeTests {
    private let merge = ThreeWayMerge(rules: NoteRules())
    private let base: JSON = [
        "id": "n1", "etag": "1", "title": "Pump", "body": "old",
        "tags": ["a": "1", "b": "2"],
        "people": [
            ["email": "ada@example.com", "answer": "none", "self": true],
            ["email": "bob@example.com", "answer": "none"],
        ],
        "mine": "red", "from": 10, "to": 20, "x-unknown": ["deep": [1, 2]],
    ]

    @Test func `an edit on one side alone is taken`() {
        let local = base.merging(["title": "Ours"])
        let remote = base.merging(["etag": "2"])
        let outcome = merge.merge(base: base, local: local, remote: remote)
        #expect(outcome.merged == remote.merging(["title": "Ours"]))
        #expect(outcome.clashes.isEmpty)
        #expect(merge.merge(base: base, local: base, remote: local).merged == local)
    }

    @Test func `edits of different parts both live`() {
        let outcome = merge.merge(
            base: base, local: base.merging(["title": "Ours"]),
            remote: base.merging(["body": "theirs", "etag": "2"]))
        #expect(outcome.merged["title"] == "Ours" && outcome.merged["body"] == "theirs")
        #expect(outcome.clashes.isEmpty)
    }

    @Test func `edits of one part keep the remote value and record ours`() {
        let outcome = merge.merge(
            base: base, local: base.merging(["title": "Ours", "body": "ours"]),
            remote: base.merging(["title": "Theirs"]))
        #expect(outcome.merged["title"] == "Theirs" && outcome.merged["body"] == "ours")
        #expect(
            outcome.clashes == [
                Clash(field: "title", base: "Pump", mine: "Ours", theirs: "Theirs")
            ])
    }

    @Test func `the same edit on both sides is no conflict`() {
        let edited = base.merging(["title": "Same", "tags": ["c": "3"]])
        let outcome = merge.merge(base: base, local: edited, remote: edited)
        #expect(outcome.merged == edited && outcome.clashes.isEmpty)
    }

    @Test func `start and end move together`() {
        let outcome = merge.merge(
            base: base, local: base.merging(["from": 15]), remote: base.merging(["to": 12]))
        #expect(outcome.merged["from"] == 10 && outcome.merged["to"] == 12)
        #expect(
            outcome.clashes == [
                Clash(
                    field: "time", base: ["from": 10, "to": 20], mine: ["from": 15, "to": 20],
                    theirs: ["from": 10, "to": 12])
            ])
    }

    @Test func `start and end move together also where their halves would fit`() {
        let outcome = merge.merge(
            base: base, local: base.merging(["from": 5]), remote: base.merging(["to": 30]))
        #expect(outcome.merged["from"] == 10 && outcome.merged["to"] == 30)
        #expect(outcome.clashes.map(\.mine) == [["from": 5, "to": 20]])
    }

    @Test func `members of a keyed object merge one by one`() {
        let outcome = merge.merge(
            base: base, local: base.merging(["tags": ["a": "ours", "c": "3"]]),
            remote: base.merging(["tags": ["a": "theirs", "b": .null]]))
        #expect(outcome.merged["tags"] == ["a": "theirs", "c": "3"])
        #expect(
            outcome.clashes == [Clash(field: "tags/a", base: "1", mine: "ours", theirs: "theirs")])
    }

    @Test func `people are added and removed one by one`() {
        var local = base
        local["people"] = [
            ["email": "ada@example.com", "answer": "none", "self": true],
            ["email": "bob@example.com", "answer": "none"],
            ["email": "cy@example.com", "answer": "none"],
        ]
        var remote = base
        remote["people"] = [["email": "ada@example.com", "answer": "none", "self": true]]
        let outcome = merge.merge(base: base, local: local, remote: remote)
        #expect(
            outcome.merged["people"]?.array?.compactMap { $0["email"]?.string }
                == ["ada@example.com", "cy@example.com"])
        #expect(outcome.clashes.isEmpty)
    }

    @Test func `one's own answer wins, even where the rest of the entry changed there`() {
        var local = base
        local["people"] = [
            ["email": "ada@example.com", "answer": "yes", "self": true],
            ["email": "bob@example.com", "answer": "none"],
        ]
        var remote = base
        remote["people"] = [
            ["email": "ada@example.com", "answer": "no", "self": true, "role": "chair"],
            ["email": "bob@example.com", "answer": "yes"],
        ]
        let outcome = merge.merge(base: base, local: local, remote: remote)
        #expect(
            outcome.merged["people"] == [
                ["email": "ada@example.com", "answer": "yes", "self": true, "role": "chair"],
                ["email": "bob@example.com", "answer": "yes"],
            ])
        #expect(outcome.clashes.isEmpty)
    }

    @Test func `what belongs to this side wins without a conflict`() {
        let outcome = merge.merge(
            base: base, local: base.merging(["mine": "blue"]),
            remote: base.merging(["mine": "green"]))
        #expect(outcome.merged["mine"] == "blue" && outcome.clashes.isEmpty)
    }

    @Test func `unknown members are kept, and merge as a whole`() {
        let local = base.merging(["x-unknown": ["deep": [9]], "x-new": 1])
        let outcome = merge.merge(
            base: base, local: local, remote: base.merging(["x-unknown": ["deep": [3]]]))
        #expect(outcome.merged["x-unknown"] == ["deep": [3]] && outcome.merged["x-new"] == 1)
        #expect(
            outcome.clashes == [
                Clash(
                    field: "x-unknown", base: ["deep": [1, 2]], mine: ["deep": [9]],
                    theirs: ["deep": [3]])
            ])
    }

    @Test func `one's own answer given there is not taken back by another edit here`() {
        var local = base
        local["people"] = [
            ["email": "ada@example.com", "answer": "none", "self": true, "role": "guest"],
            ["email": "bob@example.com", "answer": "none"],
        ]
        var remote = base
        remote["people"] = [
            ["email": "ada@example.com", "answer": "yes", "self": true],
            ["email": "bob@example.com", "answer": "none"],
        ]
        let outcome = merge.merge(base: base, local: local, remote: remote)
        #expect(outcome.merged["people"]?[0]?["answer"] == "yes")
        #expect(outcome.clashes.map(\.field) == ["people/ada@example.com"])
    }

    @Test func `one's own answer is no conflict where all else is the same`() {
        var local = base
        local["people"] = [
            ["email": "ada@example.com", "answer": "yes", "self": true, "role": "chair"]
        ]
        var remote = base
        remote["people"] = [
            ["email": "ada@example.com", "answer": "no", "self": true, "role": "chair"]
        ]
        let outcome = merge.merge(base: base, local: local, remote: remote)
        #expect(outcome.merged["people"] == local["people"] && outcome.clashes.isEmpty)
    }

    @Test func `of two people under one address neither is lost`() {
        let bob: JSON = ["email": "bob@example.com", "answer": "none"]
        var local = base
        local["people"] = [["email": "Bob@example.com", "answer": "yes"], bob]
        var remote = base
        remote["people"] = .array((base["people"]?.array ?? []) + [["email": "cy@example.com"]])
        let outcome = merge.merge(base: base, local: local, remote: remote)
        // Nothing tells which of the two is which, so the list moves as a whole.
        #expect(outcome.merged == remote)
        #expect(
            outcome.clashes == [
                Clash(
                    field: "people", base: base["people"], mine: local["people"],
                    theirs: remote["people"])
            ])
    }

    @Test func `people without an address are added and taken out`() {
        var (local, remote) = (base, base)
        local["people"] = [["name": "Room 4"]]
        remote["people"] = .array((base["people"]?.array ?? []) + [["name": "Room 5"]])
        let outcome = merge.merge(base: base, local: local, remote: remote)
        #expect(outcome.merged["people"] == [["name": "Room 5"], ["name": "Room 4"]])
        #expect(outcome.clashes.isEmpty)
    }

    @Test(arguments: ["tags", "people"])
    func `what has not the shape it merges by moves as a whole`(name: String) {
        var (local, remote) = (base, base)
        local[name] = "ours"
        remote[name] = nil
        let outcome = merge.merge(base: base, local: local, remote: remote)
        #expect(outcome.merged[name] == nil)
        #expect(
            outcome.clashes == [Clash(field: name, base: base[name], mine: "ours", theirs: nil)])
    }

    @Test func `names that differ in bytes alone are two`() {
        let composed = base.merging(["é": "1", "tags": ["é": "1"]])
        var local = composed
        local["e\u{301}"] = "2"
        local["tags"] = ["a": "1", "b": "2", "é": "1", "e\u{301}": "2"]
        var remote = composed
        remote["é"] = "3"
        remote["tags"] = ["a": "1", "b": "2", "é": "3"]
        let merged = merge.merge(base: composed, local: local, remote: remote).merged
        #expect(merged["é"] == "3" && merged["e\u{301}"] == "2")
        #expect(merged["tags"]?["é"] == "3" && merged["tags"]?["e\u{301}"] == "2")
    }
}
