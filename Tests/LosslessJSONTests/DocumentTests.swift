import LosslessJSON
import Testing

struct DocumentTests {
    private func document(_ text: String) throws -> JSONDocument {
        try JSONDocument(parsing: Array(text.utf8))
    }

    @Test func `nodes tell kinds and values`() throws {
        let root = try document(#"{"n":null,"t":true,"f":false,"i":12,"s":"x","a":[1,2],"o":{}}"#)
            .root
        #expect(root.kind == .object)
        #expect(root.count == 7)
        #expect(root["n"]?.isNull == true)
        #expect(root["t"]?.bool == true)
        #expect(root["f"]?.bool == false)
        #expect(root["i"]?.int == 12)
        #expect(root["i"]?.double == 12)
        #expect(root["i"]?.numberText == "12")
        #expect(root["s"]?.string == "x")
        #expect(root["a"]?[1]?.int == 2)
        #expect(root["a"]?[2] == nil)
        #expect(root["a"]?[-1] == nil)
        #expect(root["o"]?.count == 0)
        #expect(root["zz"] == nil)
    }

    @Test func `a question that does not fit the kind gets nil`() throws {
        let root = try document(#"["x",1]"#).root
        #expect(root["x"] == nil)
        #expect(root.string == nil && root.int == nil && root.bool == nil && root.double == nil)
        #expect(root[0]?.int == nil && root[0]?[0] == nil && root[0]?.numberText == nil)
        #expect(root[1]?.string == nil && root[1]?.bool == nil && root[1]?.isNull == false)
        #expect(Array(root.members).isEmpty)
        #expect(root[0].map { Array($0.elements).isEmpty } == true)
    }

    @Test func `elements and members come in order`() throws {
        let root = try document(#"{"z":[1,[2,{"q":3}],4],"\u0061":{},"m":null}"#).root
        #expect(root.members.map(\.key) == ["z", "a", "m"])
        #expect(root.members.map(\.value.kind) == [.array, .object, .null])
        #expect(root["z"]?.elements.map(\.kind) == [.number, .array, .number])
        #expect(root["z"]?.elements.underestimatedCount == 3)
        #expect(root["a"]?.kind == .object)
    }

    @Test func `of duplicate keys the last one counts, and the bytes keep all`() throws {
        let text = #"{"a":1,"b":2,"\u0061":3,"a":4,"b":null}"#
        let document = try document(text)
        #expect(document.root.count == 5)
        #expect(document.root["a"]?.int == 4)
        #expect(document.root["b"]?.isNull == true)
        #expect(document.root.members.map(\.key) == ["a", "b", "a", "a", "b"])
        #expect(document.root.value.text == #"{"a":4,"b":null}"#)
        #expect(String(decoding: document.root.rawBytes, as: UTF8.self) == text)
    }

    @Test(arguments: [2, 40, 64, 65, 500])
    func `duplicate keys are found among any number of members`(count: Int) throws {
        var members = (0..<count).map { "\"key\($0)\":\($0)" }
        let plain = try document("{" + members.joined(separator: ",") + "}").root
        #expect(plain.value.object?.count == count)
        #expect(plain["key\(count - 1)"]?.int == Int64(count - 1))
        members.append("\"key0\":-1")
        let doubled = try document("{" + members.joined(separator: ",") + "}").root
        #expect(doubled.value.object?.count == count)
        #expect(doubled.value["key0"]?.int == -1)
        #expect(doubled.value.object?.keys.first == "key0")
    }

    @Test func `keys that Unicode calls equivalent are two keys`() throws {
        let root = try document("{\"\u{E9}\":1,\"e\u{301}\":2}").root
        #expect(root["\u{E9}"]?.int == 1)
        #expect(root["e\u{301}"]?.int == 2)
        #expect(root.value.object?.count == 2)
        #expect(root.value["\u{E9}"]?.int == 1)
    }

    @Test func `raw bytes are as they came`() throws {
        let text = " { \"a\" : [ 1.0 , \"\\u0041\" ] , \"b\":{ }\n} "
        let document = try document(text)
        #expect(document.bytes == Array(text.utf8))
        let raw = { (node: JSONNode?) in node.map { String(decoding: $0.rawBytes, as: UTF8.self) } }
        #expect(raw(document.root) == text.trimmingBlanks())
        #expect(raw(document.root["a"]) == "[ 1.0 , \"\\u0041\" ]")
        #expect(raw(document.root["a"]?[0]) == "1.0")
        #expect(raw(document.root["a"]?[1]) == "\"\\u0041\"")
        #expect(raw(document.root["b"]) == "{ }")
    }

    @Test(arguments: Samples.small + [Samples.event])
    func `a text put together from its nodes' bytes is the text`(text: String) throws {
        let root = try document(text).root
        var pieces: [UInt8] = []
        for (node, gap) in Gaps(of: root) {
            pieces += gap
            if let node { pieces += node.rawBytes }
        }
        #expect(pieces == Array(root.rawBytes))
        #expect(try JSON(parsing: Array(root.rawBytes)) == root.value)
    }

    @Test func `a node outlives its document`() throws {
        var kept: JSONNode?
        do {
            let document = try document(Samples.event)
            kept = document.root["start"]
        }
        #expect(kept?["timeZone"]?.string == "Europe/Zurich")
    }
}

extension String {
    fileprivate func trimmingBlanks() -> String {
        var text = self[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}

/// The scalars of a document with the bytes before each, and at last the bytes after them.
private struct Gaps: Sequence, IteratorProtocol {
    private var scalars: ArraySlice<JSONNode>
    private let bytes: ArraySlice<UInt8>
    private var reached: Int?

    init(of root: JSONNode) {
        scalars = Self.scalars(of: root)[...]
        bytes = root.rawBytes
        reached = bytes.startIndex
    }

    mutating func next() -> (JSONNode?, ArraySlice<UInt8>)? {
        guard let start = reached else { return nil }
        guard let node = scalars.popFirst() else {
            reached = nil
            return (nil, bytes[start...])
        }
        reached = node.rawBytes.endIndex
        return (node, bytes[start..<node.rawBytes.startIndex])
    }

    private static func scalars(of node: JSONNode) -> [JSONNode] {
        switch node.kind {
        case .array: node.elements.flatMap(scalars(of:))
        case .object: node.members.flatMap { scalars(of: $0.value) }
        default: [node]
        }
    }
}
