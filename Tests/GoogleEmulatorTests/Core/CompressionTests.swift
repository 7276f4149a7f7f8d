import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Compressed answers.
@Suite struct CompressionTests {
    let local = Local(content: .sample)
    private let list = "calendars/primary/events"

    private func get(
        _ path: String, accept: String? = "gzip, deflate", agent: String? = "test/1 (gzip)"
    ) -> EmulatorResponse {
        var headers: [(name: String, value: String)] = []
        if let accept { headers.append(("accept-encoding", accept)) }
        if let agent { headers.append(("user-agent", agent)) }
        let request = EmulatorRequest(method: "GET", target: path, headers: headers)
        return Compression.applied(
            to: local.call("GET", path, headers: headers).raw, for: request)
    }

    @Test func `a long answer is one gzip member of the same length`() {
        let plain = local.get(list).raw
        let packed = get(list)
        #expect(packed.header("Content-Encoding") == "gzip")
        #expect(packed.header("Vary") == "Accept-Encoding, User-Agent")
        #expect(packed.header("ETag") == plain.header("ETag"))
        #expect(packed.body.starts(with: [0x1F, 0x8B, 8]))
        #expect(packed.body.count * 2 < plain.body.count)
        // RFC 1952: the last four bytes are the length of what was packed.
        let length = packed.body.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        #expect(length == plain.body.count)
        #expect(local.google.requests.map(\.bytes) == [plain.body.count, plain.body.count])
    }

    @Test func `who asks without a network gets the plain bytes, whatever the headers say`() {
        let headers = [("accept-encoding", "gzip"), ("user-agent", "test/1 (gzip)")]
        let answer = local.call("GET", list, headers: headers)
        #expect(answer.raw.header("Content-Encoding") == nil)
        #expect(answer.items.count > 10)
    }

    static let refusals: [(String?, String?)] = [
        (nil, "test/1 (gzip)"), ("gzip", nil), ("gzip", "test/1"), ("deflate", "gzip"),
        ("gzip;q=0", "gzip"), ("gzip; q=0.0", "gzip"), ("", "gzip"), ("x-gzip", "gzip"),
    ]

    @Test(arguments: refusals.indices)
    func `nobody gets gzip who does not ask for it in both places`(index: Int) {
        let (accept, agent) = Self.refusals[index]
        let answer = get(list, accept: accept, agent: agent)
        #expect(answer.header("Content-Encoding") == nil)
        #expect(answer.body == local.get(list).raw.body)
    }

    @Test(arguments: ["gzip", "GZIP", "br, gzip;q=0.5", "deflate ,gzip ; q=1"])
    func `lists are read as they may be written`(accept: String) {
        #expect(get(list, accept: accept).header("Content-Encoding") == "gzip")
    }

    @Test func `short answers, empty ones and those that are cut stay as they are`() throws {
        #expect(get("users/me/settings/locale").header("Content-Encoding") == nil)
        #expect(get("nothing").header("Vary") == nil)
        try local.google.addFault(.init(cut: .within(bytes: 5000)))
        let cut = get(list)
        #expect(cut.header("Content-Encoding") == nil)
        #expect(cut.body.count > 5000)
    }

    @Test func `what would not get shorter is sent as it is`() {
        var random = SplitMix64(seed: 1)
        let noise = (0..<5000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        #expect(Compression.gzip(noise) == nil)
        #expect(Compression.gzip([]) == nil)
        #expect(Compression.gzip([UInt8](repeating: 7, count: 1 << 20))?.count ?? 0 > 20)
    }
}
