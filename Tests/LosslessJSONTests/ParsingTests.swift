import LosslessJSON
import Testing

struct ParsingTests {
    struct Fault: Sendable {
        let bytes: [UInt8]
        let code: JSONError.Code
        let offset: Int

        init(_ text: String, _ code: JSONError.Code, _ offset: Int) {
            self.init(Array(text.utf8), code, offset)
        }

        init(_ bytes: [UInt8], _ code: JSONError.Code, _ offset: Int) {
            self.bytes = bytes
            self.code = code
            self.offset = offset
        }
    }

    static let faults = [
        Fault("", .syntax, 0), Fault(" \n ", .syntax, 3), Fault("[", .syntax, 1),
        Fault("[1,", .syntax, 3), Fault("[1,]", .syntax, 3), Fault("[1 2]", .syntax, 3),
        Fault("{\"a\"}", .syntax, 4), Fault("{\"a\":}", .syntax, 5), Fault("{a:1}", .syntax, 1),
        Fault("{\"a\":1,}", .syntax, 7), Fault("{\"a\" 1}", .syntax, 5), Fault("[}", .syntax, 1),
        Fault("[1}", .syntax, 2), Fault("{\"a\":1]", .syntax, 6), Fault("tru", .syntax, 0),
        Fault("[nul]", .syntax, 1), Fault("True", .syntax, 0), Fault("truex", .syntax, 0),
        Fault("'a'", .syntax, 0), Fault("\u{FEFF}1", .syntax, 0), Fault("\u{A0}1", .syntax, 0),
        Fault("\"abc", .syntax, 0), Fault("[\"abc]", .syntax, 1), Fault("\"a\\\"", .syntax, 0),
        Fault("\"a\nb\"", .syntax, 2), Fault([0x22, 0, 0x22], .syntax, 1),
        Fault("1 1", .trailing, 2), Fault("{}{}", .trailing, 2), Fault("[]]", .trailing, 2),
        Fault("null,", .trailing, 4), Fault([0x31, 0], .trailing, 1),
        Fault("01", .number, 1), Fault("-", .number, 1), Fault("[1.]", .number, 3),
        Fault("1e", .number, 2), Fault("1e+", .number, 3), Fault("-a", .number, 1),
        Fault("1.5.2", .number, 3), Fault("0x10", .number, 1), Fault("[-01]", .number, 3),
        Fault("12a", .number, 2), Fault("+1", .syntax, 0), Fault(".5", .syntax, 0),
        Fault("Infinity", .syntax, 0), Fault("NaN", .syntax, 0),
        Fault(#""\x""#, .escape, 1), Fault(#""ab\u12G4""#, .escape, 3),
        Fault(#""\u12"#, .syntax, 0), Fault(#""\u123""#, .escape, 1),
        Fault(#""\ud800""#, .escape, 1), Fault(#""a\udc00""#, .escape, 2),
        Fault(#""\ud800\n""#, .escape, 1), Fault(#""\ud800\ud800""#, .escape, 1),
        Fault([0x22, 0xFF, 0x22], .utf8, 1), Fault([0x22, 0xC3, 0x22], .utf8, 1),
        Fault([0x22, 0xC0, 0xAF, 0x22], .utf8, 1), Fault([0x22, 0x5C, 0xE9, 0x22], .utf8, 2),
        Fault([0x22, 0xED, 0xA0, 0x80, 0x22], .utf8, 1), Fault([0x5B, 0xFF], .utf8, 1),
        Fault([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], .utf8, 1), Fault([0xE2, 0x82], .utf8, 0),
        // The earliest fault is told, whichever stage finds it.
        Fault("{\"a: 1, \"b\": 2}", .syntax, 9), Fault([0x5B, 0x2C, 0x22, 0xFF], .syntax, 1),
        Fault("[01,\"a\nb\"]", .number, 2), Fault("[\"\\q\",\"", .escape, 2),
    ]

    @Test(arguments: faults)
    func `a fault is told with its kind and place`(fault: Fault) {
        let error = #expect(throws: JSONError.self) { try JSONDocument(parsing: fault.bytes) }
        #expect(error?.code == fault.code)
        #expect(error?.offset == fault.offset)
    }

    @Test(arguments: [0, 7, 56, 63, 64, 65, 127, 128, 4095, 4096, 70_000])
    func `places are right behind any number of blanks`(blanks: Int) {
        for fault in Self.faults {
            let bytes = [UInt8](repeating: UInt8(ascii: " "), count: blanks) + fault.bytes
            let error = #expect(throws: JSONError.self) { try JSON(parsing: bytes) }
            #expect(error?.code == fault.code)
            #expect(error?.offset == fault.offset + blanks)
        }
    }

    @Test func `depth is allowed up to the limit and not beyond`() throws {
        let nested = { (depth: Int) in
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSON(parsing: nested(64))
        let error = #expect(throws: JSONError.self) { try JSON(parsing: nested(65)) }
        #expect(error?.code == .depth)
        #expect(error?.offset == 64)
        _ = try JSON(parsing: "1", limits: JSONLimits(maxDepth: 0))
        #expect(throws: JSONError.self) {
            try JSON(parsing: "[]", limits: JSONLimits(maxDepth: 0))
        }
        #expect(throws: JSONError.self) {
            try JSON(parsing: "[]", limits: JSONLimits(maxDepth: .min))
        }
    }

    @Test func `size is allowed up to the limit and not beyond`() throws {
        _ = try JSON(parsing: "[1]", limits: JSONLimits(maxBytes: 3))
        let error = #expect(throws: JSONError.self) {
            try JSON(parsing: "[12]", limits: JSONLimits(maxBytes: 3))
        }
        #expect(error?.code == .size)
        #expect(error?.offset == 3)
        #expect(throws: JSONError.self) {
            try JSON(parsing: "1", limits: JSONLimits(maxBytes: .min))
        }
    }

    @Test(arguments: [
        (#""\u0000""#, "\0"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#""\u00e9\u00E9\u20AC""#, "éé€"), (#""\ud83d\ude00!""#, "😀!"), ("\"\u{7F}\"", "\u{7F}"),
        (#""\uD800\uDC00\uDBFF\uDFFF""#, "\u{10000}\u{10FFFF}"), (#""\uFFFF""#, "\u{FFFF}"),
        ("\"a long text without any escape: é\"", "a long text without any escape: é"),
        (#""a fairly long text with an escape: \u00e9""#, "a fairly long text with an escape: é"),
        (#""\u007f\u0080\u07ff\u0800""#, "\u{7F}\u{80}\u{7FF}\u{800}"),
    ])
    func `a string is read without its escapes`(text: String, string: String) throws {
        let node = try JSONDocument(parsing: Array(text.utf8)).root
        #expect(node.string.map { Array($0.utf8) } == Array(string.utf8))
        #expect(try JSON(parsing: text) == .string(string))
    }

    @Test func `an error tells nothing of the input`() throws {
        let error = try #require(throws: JSONError.self) {
            try JSON(parsing: #"{"secret": hunter2}"#)
        }
        #expect(!"\(error)".contains("hunter"))
        #expect("\(error)".contains("byte 11"))
    }

    @Test func `many inputs can be read at the same time`() async throws {
        let texts = (0..<200).map { count in
            "[" + String(repeating: "{\"a\":[\(count),\"é\"]},", count: count * 7) + "\(count)]"
        }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for text in texts {
                group.addTask { try JSON(parsing: text).text == text }
            }
            for try await isSame in group { #expect(isSame) }
        }
    }

    @Test func `an input of many tokens and one of few follow each other on one thread`() throws {
        for count in [10, 300_000, 10, 2_000] {
            let text = "[" + String(repeating: "1,", count: count) + "2]"
            #expect(try JSONDocument(parsing: Array(text.utf8)).root.count == count + 1)
        }
    }
}
