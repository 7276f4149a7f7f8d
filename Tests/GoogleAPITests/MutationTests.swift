import Foundation
import GoogleAPI
import LosslessJSON
import Testing
import WebClient

/// Whatever comes from outside may be broken anywhere: it is refused, and nothing traps.
struct MutationTests {
    /// A small generator whose run is known by its seed.
    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    /// Changes, drops, doubles or cuts a few bytes.
    private func mutated(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            guard !bytes.isEmpty else { return bytes }
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(bytes[place], at: place)
            case 3: bytes.removeLast(bytes.count - place)
            default:
                bytes[place] =
                    [0x0A, 0x0D, 0x2D, 0x22, 0x3A, 0x20].randomElement(using: &random) ?? 0
            }
        }
        return bytes
    }

    @Test func `mutated batch answers never trap and never invent an outcome`() async throws {
        let parts = (0..<3).map { index in
            "--b\r\nContent-Type: application/http\r\nContent-ID: <response-call-\(index)>\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Length: 12\r\nVary: a,\r\n b\r\n\r\n{\"id\":\"id\(index)\"}\r\n"
        }
        let whole = Array((parts.joined() + "--b--\r\n").utf8)
        let calls = try (0..<3).map { try CalendarCall.deleteEvent("e\($0)", in: "p") }
        var random = SplitMix(state: 7)
        for _ in 0..<2000 {
            let answer = WebResponse(
                status: 200, headers: ["Content-Type": "multipart/mixed; boundary=b"],
                body: mutated(whole, &random))
            let outcomes = try await ScriptedGoogle(answers: [answer]).calendar.batch(calls)
            #expect(outcomes.count == 3)
        }
    }

    @Test func `mutated error bodies never trap`() async throws {
        let whole = Array(
            """
            {"error":{"errors":[{"domain":"calendar","reason":"fullSyncRequired","message":"m",\
            "locationType":"parameter","location":"syncToken"}],"code":410,"message":"m",\
            "status":"X","details":[{"reason":"Y"}]}}
            """.utf8)
        let call = try CalendarCall.listEvents(of: "p")
        var random = SplitMix(state: 8)
        for _ in 0..<2000 {
            let answer = WebResponse(status: 410, body: mutated(whole, &random))
            let google = ScriptedGoogle(answers: [answer])
            let error = await #expect(throws: GoogleError.self) {
                try await google.calendar.page(call)
            }
            #expect(error?.status == 410)
        }
    }

    @Test func `mutated pages give items, tokens or an error`() async throws {
        let whole = Array(
            "{\"items\":[{\"id\":\"a\",\"n\":1e5}],\"nextPageToken\":\"p\",\"etag\":\"\\\"1\\\"\"}"
                .utf8)
        let call = try CalendarCall.listEvents(of: "p")
        var random = SplitMix(state: 9)
        for _ in 0..<2000 {
            let google = ScriptedGoogle(answers: [
                WebResponse(status: 200, body: mutated(whole, &random))
            ])
            do {
                let page = try await google.calendar.page(call)
                #expect(page.document.root.kind == .object)
            } catch { #expect(error.code == .unreadable) }
        }
    }

    @Test func `mutated token files are grants, clients or refused`() {
        let whole = Array(
            """
            {"token":"t","refresh_token":"r","client_id":"c","client_secret":"s","scopes":["a"],\
            "expiry":"2026-11-22T07:31:34.123456Z","universe_domain":"googleapis.com"}
            """.utf8)
        var random = SplitMix(state: 10)
        for _ in 0..<5000 {
            do {
                let file = try OAuthFile(parsing: mutated(whole, &random))
                if case .grants(let grants) = file { #expect(grants.count == 1) }
            } catch { #expect(error.code == .badFile) }
        }
    }

    @Test func `mutated addresses are addresses or refused`() {
        let whole = Array("http://[::1]:8085/a/%40?code=4%2F0&state=x#f".utf8)
        var random = SplitMix(state: 11)
        for _ in 0..<20_000 {
            let text = String(decoding: mutated(whole, &random), as: UTF8.self)
            do {
                let url = try WebURL(text)
                #expect(try WebURL(url.text) == url)
                _ = (url.queryFields, url.isLoopback, "\(url)")
            } catch { #expect(error.code == .malformed) }
        }
    }
}
