import Testing
import WebClient

struct WebURLTests {
    @Test(
        arguments: [
            (
                "https://www.googleapis.com/calendar/v3?a=b&c=%20", "https", "www.googleapis.com",
                nil
            ),
            ("http://127.0.0.1:8123", "http", "127.0.0.1", 8123),
            ("HTTP://LocalHost:1/x", "http", "localhost", 1),
            ("http://[::1]:65535/", "http", "::1", 65_535),
            ("https://a.b?x", "https", "a.b", nil),
        ] as [(String, String, String, Int?)])
    func `an address is taken apart`(
        text: String, scheme: String, host: String, port: Int?
    ) throws {
        let url = try WebURL(text)
        #expect(url.scheme == scheme)
        #expect(url.host == host)
        #expect(url.port == port)
    }

    @Test func `an address travels as it was written, but for case and fragment`() throws {
        #expect(try WebURL("https://A.B:1/p%2Fq?x=%40#f").text == "https://a.b:1/p%2Fq?x=%40")
        #expect(try WebURL("https://a.b").text == "https://a.b/")
        #expect(try WebURL("https://a.b?x=1").text == "https://a.b/?x=1")
        #expect(try WebURL("http://[::1]:2/").text == "http://[::1]:2/")
        #expect(try WebURL("https://a.b/?").text == "https://a.b/?")
    }

    @Test(arguments: [
        "", "x", "ftp://a/", "file:///etc/passwd", "https://", "https:///x", "https://a b/",
        "https://user:secret@a/", "https://a:0/", "https://a:65536/", "https://a:1x/",
        "https://a:+1/", "https://a:/", "http://[::1/", "http://[::1]x/", "http://[zz]/",
        "http://[1234]/", "https://a\u{0}b/", "https://a\r\nX: y/", "https://é.example/",
        "https://a/\\b", "https://a/<b>", "https://a^b/", "https://a/\u{7F}", "javascript://x",
    ])
    func `what is no address is refused without repeating it`(text: String) {
        let error = #expect(throws: WebError.self) { try WebURL(text) }
        #expect(error?.code == .malformed)
        #expect(error.map { "\($0)".contains("secret") } == false)
    }

    @Test func `an address longer than 16 KiB is refused`() {
        #expect(throws: WebError.self) {
            try WebURL("https://a/" + String(repeating: "x", count: 16_384))
        }
    }

    @Test(arguments: [
        ("http://127.0.0.1/", true), ("http://127.255.0.9/", true), ("http://localhost/", true),
        ("http://[::1]/", true), ("http://128.0.0.1/", false),
        ("http://127.0.0.1.evil.com/", false),
        ("http://localhost.evil.com/", false), ("http://127.1/", false),
        ("http://0x7f.0.0.1/", false),
        ("http://127.0.0.256/", false), ("http://[::2]/", false), ("http://127.0.0.1x/", false),
        ("http://0.0.0.0/", false), ("http://[::ffff:127.0.0.1]/", false),
        ("http://127.0.0./", false),
        ("http://2130706433/", false), ("http://localhost./", false),
    ])
    func `only this machine's own names count as loopback`(text: String, isLoopback: Bool) throws {
        #expect(try WebURL(text).isLoopback == isLoopback)
    }

    @Test func `paths and queries are put behind what is there`() throws {
        let base = try WebURL("https://a/x")
        #expect(base.appending(path: "/y%40").text == "https://a/x/y%40")
        #expect(try WebURL("https://a/").appending(path: "/y").text == "https://a/y")
        #expect(base.appending(query: []).text == "https://a/x")
        #expect(base.appending(query: [("a b", "ü&=")]).text == "https://a/x?a%20b=%C3%BC%26%3D")
        #expect(
            base.appending(query: [("a", "1")]).appending(query: [("a", "2")]).text
                == "https://a/x?a=1&a=2")
    }

    @Test func `query fields are decoded, broken ones left out`() throws {
        let url = try WebURL("https://a/?x=1%2F2&y&z=a+b&bad=%zz&=e&x=3&bad2=%FF")
        let fields = url.queryFields.map { "\($0.name)=\($0.value)" }
        #expect(fields == ["x=1/2", "y=", "z=a b", "=e", "x=3"])
    }

    @Test(arguments: [
        ("ada@example.com", "ada%40example.com"), ("a b", "a%20b"), ("a/b?c#d", "a%2Fb%3Fc%23d"),
        ("en.usa#holiday@x", "en.usa%23holiday%40x"), ("ü", "%C3%BC"), ("a%b", "a%25b"),
        ("AZaz09-._~", "AZaz09-._~"), ("+", "%2B"), ("🗓", "%F0%9F%97%93"), ("\u{0}", "%00"),
    ])
    func `percent-encoding goes there and back`(text: String, encoded: String) {
        #expect(PercentCoding.encode(text) == encoded)
        #expect(PercentCoding.decode(encoded) == text)
    }

    @Test(arguments: ["%", "%1", "%GG", "a%4", "%FF", "%C3"])
    func `broken escapes are not decoded`(text: String) {
        #expect(PercentCoding.decode(text) == nil)
    }
}

struct WebHeadersTests {
    @Test func `names match without regard to case, values are trimmed`() {
        var headers: WebHeaders = ["Content-Type": " text/plain\t", "X": "1"]
        #expect(headers["content-TYPE"] == "text/plain")
        headers.append("x", "2")
        #expect(headers.values(of: "X") == ["1", "2"])
        headers["X"] = "3"
        #expect(headers.values(of: "x") == ["3"])
        headers["X"] = nil
        #expect(headers["x"] == nil)
        #expect(headers["ſ"] == nil)
    }

    @Test(arguments: [
        ("X-A", "b", true), ("", "b", false), ("X A", "b", false), ("X", "a\r\nY: z", false),
        ("X", "a\u{0}", false), ("X:", "b", false), ("X", "tab\tinside", true),
        ("X", "\u{7F}", false), ("Ü", "b", false),
    ])
    func `header injection is seen`(name: String, value: String, isValid: Bool) {
        #expect(WebHeaders([(name, value)]).areValid == isValid)
    }
}
