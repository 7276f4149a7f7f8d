import LosslessJSON
import Testing

struct PointerTests {
    /// RFC 6901, section 5.
    static let document =
        #"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}"#

    @Test(arguments: [
        ("", document), ("/foo", #"["bar","baz"]"#), ("/foo/0", #""bar""#), ("/", "0"),
        ("/a~1b", "1"), ("/c%d", "2"), ("/e^f", "3"), ("/g|h", "4"), (#"/i\j"#, "5"),
        (#"/k"l"#, "6"), ("/ ", "7"), ("/m~0n", "8"),
    ])
    func `the examples of RFC 6901 point where it says`(text: String, value: String) throws {
        let pointer = try JSONPointer(text)
        #expect(try JSON(parsing: Self.document)[pointer]?.text == value)
        #expect(pointer.description == text)
    }

    @Test(arguments: [
        "/foo/2", "/foo/-", "/foo/00", "/foo/01", "/foo/+1", "/foo/-1", "/foo/1e0", "/foo/", "/x",
        "/foo/0/0", "//0", "/foo/99999999999999999999", "/foo/١",
    ])
    func `a pointer to nothing gets nil`(text: String) throws {
        #expect(try JSON(parsing: Self.document)[JSONPointer(text)] == nil)
    }

    @Test(arguments: [("a", 0), ("/~", 1), ("/a~2", 2), ("/ab/~", 4), ("/ü~x", 3), ("#/a", 0)])
    func `what is no pointer is refused`(text: String, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONPointer(text) }
        #expect(error?.code == .pointer)
        #expect(error?.offset == offset)
    }

    @Test func `tilde one and tilde zero do not run into each other`() throws {
        #expect(try JSONPointer("/~01/~10").components == ["~1", "/0"])
        #expect(JSONPointer(components: ["~1", "/0"]).description == "/~01/~10")
        #expect(try JSONPointer("/a").appending("b/c").description == "/a/b~1c")
    }

    @Test func `pointers are ordered by component`() throws {
        let texts = ["", "/a", "/a/b", "/a/c", "/a-b", "/é"]
        let pointers = try texts.map { try JSONPointer($0) }
        #expect(pointers.reversed().sorted().map(\.description) == texts)
        #expect(JSONPointer(components: ["\u{E9}"]) != JSONPointer(components: ["e\u{301}"]))
    }

    struct Change: Sendable {
        let from: JSON
        let pointer: String
        let value: JSON?
        let to: JSON
    }

    @Test(arguments: [
        Change(from: ["a": 1], pointer: "/a", value: 2, to: ["a": 2]),
        Change(from: ["a": 1], pointer: "/b", value: 2, to: ["a": 1, "b": 2]),
        Change(from: [:], pointer: "/a/b/0", value: 2, to: ["a": ["b": ["0": 2]]]),
        Change(from: ["a": [1, 2]], pointer: "/a/1", value: nil, to: ["a": [1]]),
        Change(from: ["a": [1, 2]], pointer: "/a/0", value: .null, to: ["a": [.null, 2]]),
        Change(from: ["a": [1]], pointer: "/a/-", value: 2, to: ["a": [1, 2]]),
        Change(from: ["a": [1]], pointer: "/a/1", value: 2, to: ["a": [1, 2]]),
        Change(from: ["a": [1]], pointer: "/a/-/x", value: 2, to: ["a": [1, ["x": 2]]]),
        Change(from: ["a": [["x": 1]]], pointer: "/a/0/x", value: 2, to: ["a": [["x": 2]]]),
        Change(from: ["a": [1]], pointer: "/a/2", value: 2, to: ["a": [1]]),
        Change(from: ["a": [1]], pointer: "/a/01", value: 2, to: ["a": [1]]),
        Change(from: ["a": [1]], pointer: "/a/-", value: nil, to: ["a": [1]]),
        Change(from: ["a": 1], pointer: "/a/b", value: 2, to: ["a": 1]),
        Change(from: ["a": "x"], pointer: "/a/b", value: 2, to: ["a": "x"]),
        Change(from: ["a": true], pointer: "/a/b", value: 2, to: ["a": true]),
        Change(from: ["a": .null], pointer: "/a/b", value: 2, to: ["a": ["b": 2]]),
        Change(from: ["a": .null], pointer: "/a/b/c", value: .null, to: ["a": ["b": ["c": .null]]]),
        Change(from: ["a": .null], pointer: "/a/b", value: .none, to: ["a": .null]),
        Change(from: ["a": [.null]], pointer: "/a/0/b", value: 2, to: ["a": [["b": 2]]]),
        Change(from: .null, pointer: "/a", value: 2, to: ["a": 2]),
        Change(from: .null, pointer: "/a", value: .none, to: .null),
        Change(from: ["a": 1], pointer: "/b/c", value: nil, to: ["a": 1]),
        Change(from: ["a": 1], pointer: "/a", value: nil, to: [:]),
        Change(from: ["a": 1], pointer: "", value: [1], to: [1]),
        Change(from: ["a": 1], pointer: "", value: nil, to: .null),
    ])
    func `setting at a pointer changes just that`(change: Change) throws {
        var json = change.from
        json[try JSONPointer(change.pointer)] = change.value
        #expect(json == change.to)
        #expect(json.text == change.to.text)
    }

    @Test func `a way of absurd length does nothing`() {
        var json: JSON = [:]
        json[JSONPointer(components: Array(repeating: "a", count: 513))] = 1
        #expect(json == [:])
        json[JSONPointer(components: Array(repeating: "a", count: 512))] = 1
        #expect(json[JSONPointer(components: Array(repeating: "a", count: 512))] == 1)
    }
}
