import LosslessJSON
import TandemCore
import TandemTesting
import Testing

@Suite struct RulesTests {
    private func pointer(_ name: String) -> JSONPointer { JSONPointer(components: [name]) }

    @Test func `a field of one member is that member's value`() {
        let field = MergeField("title", [pointer("title")], .whole)
        #expect(field.value(in: ["title": "x", "y": 1]) == "x")
        #expect(field.value(in: ["title": .null]) == JSON.null)
        #expect(field.value(in: ["y": 1]) == nil)
        #expect(field.value(in: "text") == nil)
    }

    @Test func `a field of several members is an object of those that are there`() {
        let field = MergeField("time", [pointer("from"), pointer("to")], .whole)
        #expect(field.value(in: ["to": 2, "from": 1, "x": 3]) == ["from": 1, "to": 2])
        #expect(field.value(in: ["to": 2]) == ["to": 2])
        #expect(field.value(in: ["x": 3]) == nil)
    }

    @Test func `what a field held is put back`() {
        for field in NoteRules().fields {
            let source: JSON = [
                "title": "t", "body": "b", "tags": ["a": 1], "people": [], "mine": 1, "from": 1,
                "slots": ["a"], "until": 9,
            ]
            var target: JSON = ["title": "other", "to": 7, "kept": true]
            field.put(field.value(in: source), into: &target)
            #expect(field.value(in: target) == field.value(in: source), "\(field.name)")
            #expect(target["kept"] == true)
            field.put(nil, into: &target)
            #expect(field.value(in: target) == nil, "\(field.name)")
        }
    }

    @Test func `what a field held is put back where its parent became null`() {
        let way = JSONPointer(components: ["extended", "private"])
        let lone = MergeField("private", [way], .keyedObject)
        var target: JSON = ["extended": .null]
        lone.put(["a": "1"], into: &target)
        #expect(target == ["extended": ["private": ["a": "1"]]])
        let pair = MergeField("pair", [way, JSONPointer(components: ["extended", "to"])], .whole)
        target = ["extended": .null]
        pair.put(["private": 1, "to": 2], into: &target)
        #expect(target == ["extended": ["private": 1, "to": 2]])
        target = ["extended": .null]
        lone.put(.none, into: &target)
        #expect(target == ["extended": .null])
    }

    @Test func `members that no field covers are fields of their own, by name`() {
        let versions: [JSON] = [["title": 1, "z": 1, "etag": 2], ["a": 1], "no object"]
        let names = NoteRules().allFields(of: versions).map(\.name)
        #expect(names == NoteRules().fields.map(\.name) + ["a", "z"])
    }

    @Test func `a rulebook knows its kinds and no others`() throws {
        let book = Rulebook([NoteRules()])
        #expect(try book.rules(for: NoteRules.kind).kind == NoteRules.kind)
        let error = #expect(throws: TandemError.self) { try book.rules(for: .event) }
        #expect(error?.code == .unknownKind && error?.message.contains("event") == true)
    }

    @Test func `only owners and writers may write`() {
        #expect(CollectionAccess.allCases.filter(\.allowsWriting) == [.write, .own])
    }

    @Test func `an error tells its code and its message`() {
        let error = TandemError(.denied, "You may not.", remedy: "Ask.")
        #expect("\(error)" == "denied: You may not.")
        #expect(TandemError.Code.denied != .invalid)
    }
}
