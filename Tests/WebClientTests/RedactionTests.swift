import Testing
import WebClient

struct RedactionTests {
    private static let canary = "CANARY0123"

    /// Every way in which a value can be turned into text.
    private func texts(of value: Any) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        return [String(describing: value), String(reflecting: value), "\(value)", dumped]
    }

    @Test(arguments: [
        "Authorization", "Cookie", "Set-Cookie", "X-Goog-Channel-Token", "Proxy-Authorization",
        "X-Anything-New", "Location",
    ])
    func `headers that may hold secrets are masked`(name: String) throws {
        let headers = WebHeaders([(name, "Bearer \(Self.canary)")])
        let request = WebRequest(
            url: try WebURL("https://a/"), headers: headers, body: Array(Self.canary.utf8))
        let response = WebResponse(status: 200, headers: headers, body: Array(Self.canary.utf8))
        for value in [headers, headers.fields, request, response] as [Any] {
            for text in texts(of: value) { #expect(!text.contains(Self.canary)) }
        }
    }

    @Test(arguments: [
        "access_token", "code", "state", "client_secret", "refresh_token", "token", "key",
        "login_hint", "syncToken", "pageToken", "q", "text", "assertion", "unknown",
    ])
    func `query fields that may hold secrets are masked`(name: String) throws {
        let url = try WebURL("https://a/x?alt=json&\(name)=\(Self.canary)&\(Self.canary)")
        for text in texts(of: url) {
            #expect(!text.contains(Self.canary))
            #expect(text.contains("alt=json"))
        }
    }

    @Test(arguments: [
        "/calendar/ical/x/private-CANARY0123/basic.ics", "/users/CANARY0123%40example.com/x",
        "/users/CANARY0123@example.com",
        "/f/CANARY0123aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ])
    func `secrets in paths are masked`(path: String) throws {
        for text in texts(of: try WebURL("https://a" + path)) {
            #expect(!text.contains(Self.canary))
        }
    }

    @Test(arguments: [
        "token ya29.CANARY0123 is bad", "code 4/0ACANARY0123 used", "refresh 1//CANARY0123",
        "secret GOCSPX-CANARY0123", "jwt eyJCANARY0123.x.y", "key=ya29.CANARY0123",
        "{\"access_token\":\"ya29.CANARY0123\"}", "mail ada.CANARY0123@example.com",
        "CANARY0123abcdefghijklmnopqrstuvwxyz0123456789",
    ])
    func `secrets in free text are masked`(text: String) {
        #expect(!Redaction.text(text).contains(Self.canary))
    }

    @Test func `ordinary words survive`() {
        let text = "The time range is empty (timeMax): 2026-11-22T07:31:34Z, 4/5 of it."
        #expect(Redaction.text(text) == text)
    }

    @Test func `data becomes one line without control characters`() {
        let text = Redaction.text("a\r\nb\u{1B}[31mc\u{0}d\u{2028}e\u{202E}f\u{85}g")
        #expect(text == "a  b [31mc d e f g")
        #expect(Redaction.text(String(repeating: "a ", count: 1000)).count == 300)
    }

    @Test func `an error tells its code, never its cause`() {
        struct Cause: Error { let secret = "CANARY0123" }
        let error = WebError(code: .cut, message: "It broke.", wasSent: nil, cause: Cause())
        for text in texts(of: error) {
            #expect(!text.contains(Self.canary))
            #expect(text.contains("cut"))
        }
    }
}
