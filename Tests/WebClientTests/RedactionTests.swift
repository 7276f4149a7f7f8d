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
        "token:ya29.CANARY0123", "token='ya29.CANARY0123'", "refresh:1//03CANARY0123",
        "(1//03CANARY0123)", "x=1//03CANARY0123", "assertion:eyJCANARY0123.y.z",
        "\u{2019}eyJCANARY0123",
        "code=4%2F0ACANARY0123", "4%2f0ACANARY0123", "1%2F%2F03CANARY0123", "%3Dya29.CANARY0123",
        "Authorization: Bearer CANARY0123", "authorization:bearer CANARY0123",
        "Bearer%20CANARY0123", "Bearer+CANARY0123", "Basic   CANARY0123", "Bearer \"CANARY0123\"",
        "Bearer\tCANARY0123", "https://a.example/x?access_token=CANARY0123",
        "access_token=CANARY0123&alt=json", "?alt=json&refresh_token=CANARY0123",
        "client_secret = CANARY0123", "\"password\" : \"my CANARY0123\"", "apiKey:CANARY0123",
        "X-Token: CANARY0123", "access_token%3DCANARY0123", "TOKEN=CANARY0123",
        "https://a.example/CANARY0123abcdefghijklmnopqrstuvwxyz0123456789/x",
        "token=one,CANARY0123", "mailto:ada.CANARY0123@example.com,",
    ])
    func `secrets in free text are masked`(text: String) {
        #expect(!Redaction.text(text).contains(Self.canary))
    }

    @Test(arguments: [
        "ya29.CANARY0123", "1//03CANARY0123", "Bearer CANARY0123", "access_token=CANARY0123",
        "ada.CANARY0123@example.com",
    ])
    func `a secret is masked wherever the text is cut`(secret: String) {
        let length = secret.unicodeScalars.count
        for room in 0...(length + 2) {
            let front = String(repeating: "a", count: 299 - room) + " "
            let text = Redaction.text(front + secret + String(repeating: " b", count: 20))
            #expect(text.unicodeScalars.count <= 300)
            #expect(!text.contains("CAN") && !text.contains("ada."), "\(room)")
        }
    }

    @Test(arguments: [
        "The time range is empty (timeMax): 2026-11-22T07:31:34Z, 4/5 of it.",
        "Not Found", "Invalid sync token value.", "Quota exceeded for quota metric 'Queries'",
        "https://developers.google.com/calendar/v3/pricing", "basically, a bearer",
        "Rate Limit Exceeded; a11//b keyeyJ monkeyed", "",
    ])
    func `ordinary words survive`(text: String) {
        #expect(Redaction.text(text) == text)
    }

    @Test func `a long text takes no long time and no character more than the limit`() {
        let text = String(repeating: "1//token=", count: 100_000)
        #expect(Redaction.text(text) == Redaction.mask)
        #expect(
            Redaction.text("e" + String(repeating: "\u{301}", count: 100_000)).utf8.count <= 900)
        #expect(Redaction.text("abc", limit: 0).isEmpty && Redaction.text("abc", limit: -1).isEmpty)
    }

    @Test(arguments: [
        "?=CANARY0123LETTERS", "?CANARYONLY", "?a=1&CANARYONLY&b=2", "?==CANARY0123",
        "?&=CANARY0123",
        "?CANARY-0123=x", "?alt=json;access_token=CANARY0123", "?alt=ya29.CANARY0123",
    ])
    func `a query field without a name is masked, and so is a secret in a harmless one`(
        query: String
    ) throws {
        for text in texts(of: try WebURL("https://a/x" + query)) {
            #expect(!text.contains("CANARY"))
            #expect(text.contains(Redaction.mask))
        }
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
