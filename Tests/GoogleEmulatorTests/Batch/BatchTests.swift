import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Section 13 of the Calendar contract: several requests in one.
@Suite struct BatchTests {
    let local = Local()

    private func batch(
        _ parts: [String], lineEnd: String = "\r\n",
        type: String = "multipart/mixed; boundary=\"b1\"",
        token: String? = "token-ada"
    ) -> Answer {
        var body = ""
        for part in parts { body += "--b1\(lineEnd)\(part)\(lineEnd)" }
        body += "--b1--\(lineEnd)"
        var headers: [(name: String, value: String)] = [("Content-Type", type)]
        if let token { headers.append(("Authorization", "Bearer \(token)")) }
        return local.send("POST", "/batch/calendar/v3", headers: headers, body: body)
    }

    private func part(
        _ id: String, _ request: String, _ body: String = "", lineEnd: String = "\r\n",
        headers: [String] = []
    ) -> String {
        let lines =
            ["Content-Type: application/http", "Content-ID: \(id)", "", request]
            + headers + ["", body]
        return lines.joined(separator: lineEnd)
    }

    /// The parts of an answer: their Content-ID, their status line and their body.
    private func parts(_ answer: Answer) -> [(id: String, status: String, json: JSON)] {
        let type = answer.raw.header("Content-Type") ?? ""
        guard let boundary = MultipartText.boundary(of: type) else { return [] }
        let found: [MultipartText.Part]
        do { found = try MultipartText.parts(answer.raw.body, boundary: boundary) } catch {
            return []
        }
        return found.map { part in
            let text = String(decoding: part.body, as: UTF8.self)
            let halves = text.split(
                separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
            let status = text.split(separator: "\r\n").first.map(String.init) ?? ""
            let body = halves.count > 1 ? GoogleEmulatorTests.json(String(halves[1])) : .null
            return (part.header("Content-ID") ?? "", status, body)
        }
    }

    private let event =
        #"{"summary":"S","start":{"date":"2026-11-10"},"end":{"date":"2026-11-11"}}"#

    @Test(arguments: ["\r\n", "\n"])
    func `parts with either line end are answered in order`(lineEnd: String) {
        let answer = batch(
            [
                part(
                    "<a + 1>", "POST /calendar/v3/calendars/primary/events? HTTP/1.1", event,
                    lineEnd: lineEnd, headers: ["content-type: application/json"]),
                part(
                    "<a + 2>", "GET /calendar/v3/calendars/primary/events HTTP/1.1",
                    lineEnd: lineEnd),
                part("<a + 3>", "GET /calendar/v3/calendars/primary/events/none", lineEnd: lineEnd),
            ], lineEnd: lineEnd)
        #expect(answer.status == 200)
        let found = parts(answer)
        #expect(found.map(\.id) == ["<response-a + 1>", "<response-a + 2>", "<response-a + 3>"])
        #expect(
            found.map(\.status) == ["HTTP/1.1 200 OK", "HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found"])
        #expect(found[0].json["summary"] == "S")
        #expect(found[1].json["items"]?.array?.count == 1)
        #expect(found[2].json["error"]?["errors"]?[0]?["reason"] == "notFound")
    }

    @Test func `an empty 204 still ends its headers with an empty line`() {
        let id = local.event("One")
        let answer = batch([
            part("<x>", "DELETE /calendar/v3/calendars/primary/events/\(id) HTTP/1.1")
        ])
        #expect(answer.text.contains("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n\r\n--"))
    }

    @Test func `a folded Content-ID is unfolded before it is echoed`() {
        let text =
            "Content-Type: application/http\nContent-ID: <a-very-long-id-that-was-folded\n"
            + " +%20rest>\n\nGET /calendar/v3/colors HTTP/1.1\n\n"
        let answer = batch([text], lineEnd: "\n")
        #expect(parts(answer).first?.id == "<response-a-very-long-id-that-was-folded +%20rest>")
    }

    @Test func `inner headers override outer ones, but for those of the body`() {
        let grace = part(
            "<g>", "GET /calendar/v3/calendars/primary HTTP/1.1",
            headers: ["Authorization: Bearer token-grace"])
        let ada = part("<a>", "GET /calendar/v3/calendars/primary HTTP/1.1")
        let found = parts(batch([grace, ada]))
        #expect(found.map { $0.json["id"]?.string } == ["grace@example.com", "ada@example.com"])
    }

    @Test func `If-Match works inside of a batch`() {
        let id = local.event("One")
        let stale = part(
            "<s>", "PATCH /calendar/v3/calendars/primary/events/\(id) HTTP/1.1",
            #"{"summary":"Two"}"#, headers: ["If-Match: \"1\""])
        #expect(parts(batch([stale])).first?.status == "HTTP/1.1 412 Precondition Failed")
    }

    @Test func `a token that is no good fails each part, not the whole`() {
        let answer = batch(
            [part("<a>", "GET /calendar/v3/colors HTTP/1.1")], token: "wrong")
        #expect(answer.status == 200)
        #expect(parts(answer).first?.status == "HTTP/1.1 401 Unauthorized")
    }

    @Test func `each part counts as a request of its own`() {
        local.google.clearRequests()
        _ = batch((0..<3).map { part("<\($0)>", "GET /calendar/v3/colors HTTP/1.1") })
        let log = local.google.requests
        #expect(log.map(\.apiMethod) == ["colors.get", "colors.get", "colors.get", "batch"])
        #expect(log.map(\.isPartOfBatch) == [true, true, true, false])
    }

    @Test func `a fault hits one part`() throws {
        try local.google.addFault(
            .init(api: "calendar", method: "GET", path: "/colors$", nth: 2, status: 503))
        let found = parts(
            batch((0..<3).map { part("<\($0)>", "GET /calendar/v3/colors HTTP/1.1") }))
        #expect(
            found.map(\.status) == [
                "HTTP/1.1 200 OK", "HTTP/1.1 503 Service Unavailable", "HTTP/1.1 200 OK",
            ])
    }

    @Test func `a thousand parts are served and more refused`() {
        func many(_ count: Int) -> Answer {
            batch((0..<count).map { part("<\($0)>", "GET /calendar/v3/none HTTP/1.1") })
        }
        #expect(parts(many(1000)).count == 1000)
        #expect(many(1001).status == 400)
    }

    @Test func `what is no batch is refused`() {
        #expect(batch([], type: "application/json").status == 400)
        #expect(batch([], type: "multipart/mixed").status == 400)
        #expect(batch([]).status == 400)
        let nonsense = batch(["Content-Type: application/http\r\n\r\nnonsense"])
        #expect(parts(nonsense).first?.status == "HTTP/1.1 400 Bad Request")
        let nested = batch([part("<n>", "POST /batch/calendar/v3 HTTP/1.1")])
        #expect(parts(nested).first?.status == "HTTP/1.1 404 Not Found")
        let control = batch([part("<n>", "POST /_emulator/reset HTTP/1.1")])
        #expect(parts(control).first?.status == "HTTP/1.1 404 Not Found")
    }

    @Test(arguments: [
        "GET /v1/userinfo", "POST /token", "GET /v1/people/me", "GET /drive/v3/files",
        "POST /batch/calendar/v3", "DELETE /_emulator/requests",
    ])
    func `a part reaches no other API than the batch's own`(line: String) {
        local.google.clearRequests()
        let found = parts(batch([part("<f>", line + " HTTP/1.1")]))
        #expect(found.first?.status == "HTTP/1.1 404 Not Found")
        #expect(found.first?.json["error"]?["errors"]?[0]?["reason"] == "notFound")
        #expect(local.google.requests.map(\.api) == ["calendar", "calendar"])
        #expect(local.google.requests.first?.apiMethod == "unknown")
    }

    @Test func `a part that is truncated cuts the whole answer there`() throws {
        try local.google.addFault(.init(method: "colors.get", nth: 2, cut: .within(bytes: 5)))
        let answer = batch((0..<3).map { part("<\($0)>", "GET /calendar/v3/colors HTTP/1.1") })
        guard case .within(let bytes) = answer.raw.cut else {
            Issue.record("The answer is not cut.")
            return
        }
        let sent = String(decoding: answer.raw.body.prefix(bytes), as: UTF8.self)
        #expect(sent.contains("response-1>"))
        #expect(!sent.contains("response-2>"))
        #expect(sent.hasSuffix("\r\n\r\n{\n \"k"))
    }

    private func send(_ body: [UInt8], boundary: String = "b1") -> Answer {
        Answer(
            raw: local.google.handle(
                EmulatorRequest(
                    method: "POST", target: "/batch/calendar/v3",
                    headers: [
                        ("Content-Type", "multipart/mixed; boundary=\(boundary)"),
                        ("Authorization", "Bearer token-ada"),
                    ], body: body)))
    }

    @Test(arguments: ["", "--b1", "--b1\r\n\r\nGET /calendar/v3/colors", "--b1-", "--b1 --"])
    func `a batch without its last line is refused, and none of its calls done`(end: String) {
        let first = part(
            "<a>", "POST /calendar/v3/calendars/primary/events HTTP/1.1", event,
            headers: ["Content-Type: application/json"])
        let answer = send(Array("--b1\r\n\(first)\r\n\(end)".utf8))
        #expect(answer.status == 400)
        #expect(answer.reason == "badRequest")
        #expect(answer.message?.contains("last boundary") == true)
        #expect(local.get("calendars/primary/events").ids == [])
    }

    @Test func `boundary lines may end with blanks, as the standard has it`() {
        let text = "--b1 \t\r\n\r\nGET /calendar/v3/colors\r\n--b1--  \r\n--b1\r\n"
        let answer = send(Array(text.utf8))
        #expect(answer.text.ranges(of: "HTTP/1.1 200 OK").count == 1)
    }

    @Test func `lines that mean nothing take no memory of their own`() {
        #expect(send([UInt8](repeating: 0x0A, count: 8 << 20)).status == 400)
        var body = Array("--b1\n\n".utf8)
        body += Array(repeating: Array("--b1\n".utf8), count: 1 << 20).joined()
        #expect(send(body).message?.contains("limit of 1000") == true)
    }

    @Test func `a part whose head has no end in sight is no request`() {
        let line = Array("a:b\n".utf8)
        let many = Array(repeating: line, count: MultipartText.maxHeadBytes).joined()
        let words = Array(repeating: Array("a ".utf8), count: MultipartText.maxHeadBytes).joined()
        let start = Array("\nGET /calendar/v3/colors HTTP/1.1\n".utf8)
        let heads: [[UInt8]] = [Array(many), start + Array(many), [0x0A] + Array(words)]
        for head in heads {
            var body = Array("--b1\n".utf8)
            body += head
            body += Array("\n--b1--\n".utf8)
            let answer = send(body)
            #expect(answer.status == 200)
            #expect(parts(answer).map(\.status) == ["HTTP/1.1 400 Bad Request"])
        }
    }

    @Test func `the limit of a batch is a switch`() {
        let local = Local { $0.switches.batchLimit = 2 }
        let one = part("<1>", "GET /calendar/v3/none HTTP/1.1")
        let body = String(repeating: "--b1\r\n\(one)\r\n", count: 3) + "--b1--\r\n"
        let answer = local.send(
            "POST", "/batch/calendar/v3",
            headers: [("Content-Type", "multipart/mixed; boundary=b1")], body: body)
        #expect(answer.status == 400)
    }

    @Test func `more than fifty parts draw a warning`() {
        let one = part("<1>", "GET /calendar/v3/none HTTP/1.1")
        #expect(batch(Array(repeating: one, count: 50)).raw.header("Warning") == nil)
        #expect(batch(Array(repeating: one, count: 51)).raw.header("Warning") != nil)
    }
}
