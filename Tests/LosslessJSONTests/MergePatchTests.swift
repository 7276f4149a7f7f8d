import LosslessJSON
import Testing

struct MergePatchTests {
    /// RFC 7396, appendix A.
    @Test(arguments: [
        (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
        (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
        (#"{"a":"b"}"#, #"{"a":null}"#, "{}"),
        (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
        (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
        (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
        (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
        (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
        (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
        (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#),
        (#"{"a":"foo"}"#, "null", "null"),
        (#"{"a":"foo"}"#, #""bar""#, #""bar""#),
        (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#),
        ("[1,2]", #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
        ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
    ])
    func `the table of RFC 7396 holds`(original: String, patch: String, result: String) throws {
        #expect(try JSON(parsing: original).merging(JSON(parsing: patch)).text == result)
    }

    struct Case: Sendable {
        let from: JSON
        let to: JSON
        let patch: JSON
    }

    @Test(arguments: [
        Case(from: ["a": 1], to: ["a": 1], patch: [:]),
        Case(from: ["a": 1], to: ["a": 1.0], patch: ["a": 1.0]),
        Case(from: ["a": 1, "b": 2], to: ["b": 2, "a": 1], patch: [:]),
        Case(from: ["a": 1, "b": 2], to: ["b": 3], patch: ["b": 3, "a": .null]),
        Case(from: ["a": ["b": 1, "c": 2]], to: ["a": ["b": 1]], patch: ["a": ["c": .null]]),
        Case(from: ["a": ["b": 1]], to: ["a": [:]], patch: ["a": ["b": .null]]),
        Case(from: ["a": ["b": 1]], to: ["a": 1], patch: ["a": 1]),
        Case(from: ["a": 1], to: ["a": [:]], patch: ["a": [:]]),
        Case(from: ["a": 1], to: ["a": ["b": .null, "c": 1]], patch: ["a": ["c": 1]]),
        Case(from: ["a": [1, 2]], to: ["a": [1, .null]], patch: ["a": [1, .null]]),
        Case(from: ["a": 1], to: ["a": .null], patch: ["a": .null]),
        Case(from: [:], to: ["a": .null], patch: [:]),
        Case(from: ["a": .null], to: ["a": .null], patch: [:]),
        Case(from: ["a": .null], to: [:], patch: ["a": .null]),
        Case(from: ["o": ["x": 1]], to: ["o": ["x": 1, "n": .null]], patch: [:]),
        Case(from: ["a": 1], to: [1], patch: [1]),
        Case(from: [1], to: ["a": 1], patch: ["a": 1]),
        Case(from: 1, to: 1, patch: 1),
    ])
    func `a patch says no more than it must`(sample: Case) {
        #expect(JSON.patch(from: sample.from, to: sample.to).text == sample.patch.text)
    }

    @Test(arguments: 0..<40)
    func `a patch leads from one value to the other`(seed: UInt64) {
        var chance = SplitMix64(seed: seed)
        for _ in 0..<100 {
            let from = Samples.tree(depth: 4, nullMembers: true, using: &chance)
            let to = Samples.tree(depth: 4, nullMembers: false, using: &chance)
            let patch = JSON.patch(from: from, to: to)
            #expect(from.merging(patch) == to)
            #expect(to.merging(JSON.patch(from: to, to: to)) == to)
        }
    }

    @Test func `objects of many members take no quadratic time`() {
        let members = (0..<50_000).map { ("key\($0)", JSON.number(JSONNumber($0))) }
        let from = JSON.object(JSONObject(members))
        let to = JSON.object(JSONObject(members.reversed().filter { $0.0 != "key7" }))
        let patch = JSON.patch(from: from, to: to)
        #expect(patch == ["key7": .null])
        #expect(from.merging(patch) == to)
        #expect(JSON.object(JSONObject()).merging(from) == from)
        #expect(to.merging(from) == from)
        #expect(to.differences(from: from).count == 1)
    }

    @Test(arguments: 0..<20)
    func `only null members are lost on the way`(seed: UInt64) {
        var chance = SplitMix64(seed: seed)
        for _ in 0..<100 {
            let from = Samples.tree(depth: 4, nullMembers: true, using: &chance)
            let to = Samples.tree(depth: 4, nullMembers: true, using: &chance)
            let merged = from.merging(JSON.patch(from: from, to: to))
            #expect(merged.withoutNullMembers == to.withoutNullMembers)
        }
    }
}

extension JSON {
    fileprivate var withoutNullMembers: JSON {
        guard case .object(let object) = self else { return self }
        let members = object.filter { !$0.value.isNull }
        return .object(JSONObject(members.map { ($0.key, $0.value.withoutNullMembers) }))
    }
}
