import LosslessJSON
import Testing

struct ValueTests {
    @Test func `literals make values`() {
        let name = "world"
        let json: JSON = [
            "null": .null, "bool": true, "int": -3, "float": 2.5, "string": "x",
            "inserted": "hello \(name)", "array": [1, "2", .null], "object": [:],
        ]
        #expect(
            json.text
                == #"{"null":null,"bool":true,"int":-3,"float":2.5,"string":"x","#
                + #""inserted":"hello world","array":[1,"2",null],"object":{}}"#)
    }

    @Test func `nil is absence and never null`() {
        func kept(_ value: JSON, unless isSilent: Bool) -> JSON? { isSilent ? nil : value }
        #expect(kept(1, unless: true) == nil)
        #expect(kept(.null, unless: false) == JSON.null)
        var json: JSON = ["a": 1, "b": .null]
        func changed(_ isGone: Bool) -> JSON? { isGone ? nil : 2 }
        json["a"] = changed(true)
        #expect(json == ["b": .null])
        let value: Any = JSON.null
        #expect(!(value is any ExpressibleByNilLiteral))
    }

    @Test func `getters answer only for their own kind`() {
        let values: [JSON] = [.null, true, 1, "s", [1], ["a": 1]]
        #expect(values.map(\.isNull) == [true, false, false, false, false, false])
        #expect(values.map { $0.bool != nil } == [false, true, false, false, false, false])
        #expect(values.map { $0.number != nil } == [false, false, true, false, false, false])
        #expect(values.map { $0.int != nil } == [false, false, true, false, false, false])
        #expect(values.map { $0.double != nil } == [false, false, true, false, false, false])
        #expect(values.map { $0.string != nil } == [false, false, false, true, false, false])
        #expect(values.map { $0.array != nil } == [false, false, false, false, true, false])
        #expect(values.map { $0.object != nil } == [false, false, false, false, false, true])
        #expect(values.map { $0["a"] != nil } == [false, false, false, false, false, true])
        #expect(values.map { $0[0] != nil } == [false, false, false, false, true, false])
        #expect(values[4][1] == nil && values[4][-1] == nil && values[4][.max] == nil)
    }

    @Test func `setting keeps places, appends, removes`() {
        var json: JSON = ["a": 1, "b": 2, "c": 3]
        json["b"] = "new"
        json["d"] = .null
        json["a"] = nil
        json["none"] = nil
        #expect(json.text == #"{"b":"new","c":3,"d":null}"#)
        #expect(json["a"] == nil)
        #expect(json["d"] == .some(.null))
    }

    @Test func `setting a member of something else than an object does nothing`() {
        for value: JSON in [.null, true, 1, "s", [1]] {
            var changed = value
            changed["a"] = 1
            #expect(changed == value)
        }
    }

    @Test func `a copy does not change with the original`() {
        var json: JSON = ["a": ["b": 1]]
        let copy = json
        json["a"]?["b"] = 2
        #expect(copy.text == #"{"a":{"b":1}}"#)
        #expect(json.text == #"{"a":{"b":2}}"#)
    }

    @Test func `objects keep each key once`() {
        let object = JSONObject([("a", 1), ("b", 2), ("a", 3)])
        #expect(object.keys == ["a", "b"])
        #expect(object["a"] == 3)
        var changed = object
        #expect(changed.removeValue(forKey: "a") == 3)
        #expect(changed.removeValue(forKey: "a") == nil)
        #expect(changed.count == 1 && !changed.isEmpty)
        #expect(object.map(\.key) == ["a", "b"])
    }

    @Test(arguments: [3, 33, 200])
    func `objects are equal in any order of members`(count: Int) {
        let members = (0..<count).map { ("key\($0)", JSON.number(JSONNumber($0))) }
        let object = JSON.object(JSONObject(members))
        let turned = JSON.object(JSONObject(members.reversed()))
        #expect(object == turned)
        #expect(object.hashValue == turned.hashValue)
        var other = turned
        other["key1"] = "else"
        #expect(object != other)
        other["key1"] = nil
        #expect(object != other)
        other["key"] = 1
        #expect(object != other)
    }

    @Test func `equality looks at bytes, not at Unicode equivalence`() {
        #expect(JSON.string("\u{E9}") != JSON.string("e\u{301}"))
        #expect(JSON.object(["\u{E9}": 1]) != JSON.object(["e\u{301}": 1]))
        #expect(["\u{E9}": 1, "e\u{301}": 2] as JSONObject == ["e\u{301}": 2, "\u{E9}": 1])
    }

    @Test func `kinds never equal each other`() {
        let values: [JSON] = [.null, false, 0, "", [], [:], "null", 1, true]
        for (place, left) in values.enumerated() {
            for (other, right) in values.enumerated() {
                #expect((left == right) == (place == other))
            }
        }
        #expect(Set(values).count == values.count)
    }

    @Test func `comparing deep objects in another order takes no exponential time`() {
        var left: JSON = ["x": 1, "y": 2]
        var right: JSON = ["y": 2, "x": 1]
        for _ in 0..<60 {
            left = ["a": left, "b": 0]
            right = ["b": 0, "a": right]
        }
        #expect(left == right)
        #expect(left.differences(from: right).isEmpty)
        #expect(JSON.patch(from: left, to: right) == [:])
    }

    @Test func `a value is small`() {
        #expect(MemoryLayout<JSON>.stride <= 24)
    }
}
