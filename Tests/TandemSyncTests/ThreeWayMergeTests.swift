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

    @Test func `every value of either side is live or recorded`() {
        var random = SplitMix64(seed: 4)
        var serial = 0
        for _ in 0..<5_000 {
            let local = edited(&random, &serial)
            let remote = edited(&random, &serial)
            let outcome = merge.merge(base: base, local: local, remote: remote)
            let kept = outcome.merged.text + outcome.clashes.map { "\($0)" }.joined()
            for version in [local, remote] {
                for token in tokens(in: version) where !base.text.contains(token) {
                    #expect(kept.contains(token), "\(token) is lost: \(local) \(remote)")
                }
            }
            let again = merge.merge(base: remote, local: outcome.merged, remote: remote)
            #expect(again.merged == outcome.merged && again.clashes.isEmpty)
            #expect(merge.merge(base: base, local: local, remote: base).merged == local)
            #expect(merge.merge(base: base, local: base, remote: remote).merged == remote)
            let same = merge.merge(base: base, local: local, remote: local)
            #expect(same.merged == local && same.clashes.isEmpty)
        }
    }

    /// The base with some members changed to values that occur nowhere else.
    private func edited(_ random: inout SplitMix64, _ serial: inout Int) -> JSON {
        var json = base
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            serial += 1
            let token: JSON = .string("t\(serial)t")
            switch Int.random(in: 0...5, using: &random) {
            case 0: json["title"] = token
            case 1: json["body"] = token
            case 2: json = json.merging(["tags": ["a": token]])
            case 3: json = json.merging(["tags": .object(JSONObject([("k\(serial)", token)]))])
            case 4: json["x-unknown"] = token
            default:
                json["people"] = .array(
                    (json["people"]?.array ?? []) + [["email": token, "answer": "none"]])
            }
        }
        return json
    }

    private func tokens(in json: JSON) -> [String] {
        json.text.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).map(String.init)
            .filter { $0.first == "t" && $0.last == "t" && $0.count > 2 }
    }
}
