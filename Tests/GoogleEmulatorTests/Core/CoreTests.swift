import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Small parts that everything stands on.
@Suite struct CoreTests {
    @Test(arguments: [
        ("a%20b", "a b"), ("%C3%A9", "é"), ("a+b", "a+b"), ("%2f", "/"), ("", ""),
    ])
    func `percent signs are decoded`(text: String, expected: String) {
        #expect(PercentCoding.decode(text, plusIsBlank: false) == expected)
    }

    @Test(arguments: ["%", "%4", "%zz", "%ff", "%C3"])
    func `broken percent signs are no text`(text: String) {
        #expect(PercentCoding.decode(text, plusIsBlank: false) == nil)
    }

    @Test func `a form keeps order, repetition and empty values`() {
        let form = Parameters(formEncoded: "a=1&b=&a=2&c&=x&d=1+2%26&bad=%zz")
        #expect(form.all("a") == ["1", "2"])
        #expect(form["b"] == "")
        #expect(form["c"] == "")
        #expect(form.nonEmpty("b") == nil)
        #expect(form["d"] == "1 2&")
        #expect(form["bad"] == nil)
    }

    @Test(arguments: [
        ("{}", "{}\n"), ("[]", "[]\n"), ("{\"a\":1}", "{\n \"a\": 1\n}\n"),
        ("[1,{\"b\":\"x,{}\\\"\"},[]]", "[\n 1,\n {\n  \"b\": \"x,{}\\\"\"\n },\n []\n]\n"),
    ])
    func `compact JSON is indented without touching texts`(compact: String, pretty: String) {
        let result = Indenter.indented(Array(compact.utf8))
        #expect(String(decoding: result, as: UTF8.self) == pretty)
    }

    @Test func `values deep in a document are indented as if it had been indented whole`() {
        let deep = String(repeating: "[", count: 40) + "1" + String(repeating: "]", count: 40)
        let whole = Indenter.indented(Array("{\"a\":[\(deep),{}]}".utf8))
        let part = Indenter.nested(Array(deep.utf8), depth: 2)
        let text = "{\n \"a\": [\n  " + String(decoding: part, as: UTF8.self) + ",\n  {}\n ]\n}\n"
        #expect(String(decoding: whole, as: UTF8.self) == text)
    }

    @Test(arguments: ["", "f", "fo", "foo", "foob", "fooba", "foobar", "\u{FF}\u{7FF}>>>???"])
    func `base 64 for URLs is written and read back`(text: String) {
        let written = EventLinks.base64URL(Array(text.utf8))
        #expect(EventLinks.bytes(base64URL: written) == Array(text.utf8))
        #expect(written.utf8.allSatisfy { Alphabet.base64URL.contains($0) })
    }

    @Test func `base 64 for URLs has no padding, and what is none is refused`() {
        #expect(EventLinks.base64URL(Array("fooba".utf8)) == "Zm9vYmE")
        #expect(EventLinks.base64URL([0xFB, 0xFF]) == "-_8")
        for text in ["Z", "Zm9vY", "Zm9v=", "Zm+v", "Zm/v", "Zm 9", "Zé"] {
            #expect(EventLinks.bytes(base64URL: text) == nil)
        }
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (1_793_697_267_018, "2026-11-03T09:14:27.018Z"), (.max, "9999-12-31T23:59:59.807Z"),
            (.min, "0001-01-01T00:00:00.192Z"),
        ] as [(Int64, String)])
    func `moments are written in UTC whatever they are`(moment: Int64, text: String) {
        #expect(Stamp.utc(moment) == text)
    }

    @Test(arguments: [
        ("\"1\"", "\"1\"", true), ("*", "\"1\"", true), ("\"2\", \"1\"", "\"1\"", true),
        ("W/\"1\"", "\"1\"", true), ("\"2\"", "\"1\"", false), ("", "\"1\"", false),
    ])
    func `conditions compare whole etags`(header: String, etag: String, matches: Bool) {
        #expect(Conditions.matches(header, etag) == matches)
    }

    @Test func `cursors survive the way there and back and no forgery does`() throws {
        let world = World(
            configuration: .init(), seed: 1, now: 5, signer: TokenSigner())
        var cursor = Cursor(
            topic: "events", user: "a", fingerprint: .max, sequence: 7, world: world)
        cursor.timeMin = "2026\u{1}\"é"
        cursor.page = Cursor.Page(key: -3, offset: 2, id: "x")
        let read = try #require(Cursor(cursor.text))
        #expect(read.text == cursor.text)
        #expect(read.page?.key == -3)
        for index in cursor.text.indices.dropFirst() {
            var forged = cursor.text
            forged.replaceSubrange(index...index, with: cursor.text[index] == "A" ? "B" : "A")
            #expect(Cursor(forged)?.text != forged || Cursor(forged) == nil)
        }
        #expect(Cursor("") == nil)
        #expect(Cursor(String(repeating: "C", count: 10_000)) == nil)
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.0.0.1:80", true), ("localhost", true), ("[::1]", true),
        ("[::1]:443", true), ("127.0.0.1:", false),
        ("127.0.0.1:+80", false), ("127.0.0.1:-0", false), ("[::1]:+80", false),
        ("127.0.0.1:99999", false),
        ("127.0.0.2", false), ("[::1", false), ("[::1]x", false), ("", false),
        ("localhost.evil.example", false), ("user@localhost", false),
    ])
    func `only names of this machine are loopback`(authority: String, isLoopback: Bool) {
        #expect(HostNames.isLoopback(authority) == isLoopback)
    }
}
