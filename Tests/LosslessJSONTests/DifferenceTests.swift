import LosslessJSON
import Testing

struct DifferenceTests {
    @Test func `differences come per leaf and array, ordered by pointer`() throws {
        let base = try JSON(
            parsing: #"{"z":1,"a":{"x":1,"y":[1,2],"gone":{"p":1,"q":{}}},"same":[{"k":1,"l":2}]}"#)
        let json = try JSON(
            parsing: #"{"same":[{"l":2,"k":1}],"a":{"x":2,"y":[1,3],"new":{"r":{"s":null}}}}"#)
        let found = json.differences(from: base).map {
            "\($0.pointer) \($0.before?.text ?? "-") \($0.after?.text ?? "-")"
        }
        #expect(
            found == [
                "/a/gone/p 1 -", "/a/gone/q {} -", "/a/new/r/s - null", "/a/x 1 2",
                "/a/y [1,2] [1,3]", "/z 1 -",
            ])
    }

    @Test func `what differs in kind is told whole`() {
        let differences = (["a": ["b": 1]] as JSON).differences(from: ["a": .null])
        #expect(
            differences == [
                JSONDifference(
                    pointer: JSONPointer(components: ["a"]), before: .null, after: ["b": 1])
            ])
        #expect((1 as JSON).differences(from: "1").map(\.pointer.description) == [""])
        #expect((["a": [:]] as JSON).differences(from: [:]).map(\.after) == [[:]])
        #expect((["a": 1] as JSON).differences(from: ["a": 1]).isEmpty)
        #expect((["a": 1] as JSON).differences(from: ["a": 1.0]).count == 1)
    }

    @Test(arguments: 0..<40)
    func `differences lead from one value to the other`(seed: UInt64) {
        var chance = SplitMix64(seed: seed)
        for _ in 0..<100 {
            let from = Samples.tree(depth: 4, nullMembers: true, using: &chance)
            let to = Samples.tree(depth: 4, nullMembers: true, using: &chance)
            let differences = to.differences(from: from)
            var changed = from
            for difference in differences {
                #expect(from[difference.pointer] == difference.before)
                #expect(to[difference.pointer] == difference.after)
                changed[difference.pointer] = difference.after
            }
            #expect(changed.withoutEmptyObjects == to.withoutEmptyObjects)
            #expect(differences.isEmpty == (from == to))
            #expect(differences.map(\.pointer) == differences.map(\.pointer).sorted())
        }
    }
}

extension JSON {
    fileprivate var withoutEmptyObjects: JSON {
        guard case .object(let object) = self else { return self }
        let members = object.map { ($0.key, $0.value.withoutEmptyObjects) }
        return .object(JSONObject(members.filter { $0.1 != [:] }))
    }
}
