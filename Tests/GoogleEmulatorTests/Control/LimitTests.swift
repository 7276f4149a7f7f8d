import LosslessJSON
import Testing

@testable import GoogleEmulator

/// What requests make grow, and where it ends.
@Suite struct LimitTests {
    private func record(_ path: String) -> LocalGoogle.RequestRecord {
        LocalGoogle.RequestRecord(
            at: 0, api: "calendar", apiMethod: "unknown", method: "GET", path: path, query: "",
            status: 404, bytes: 0, isPartOfBatch: false)
    }

    @Test func `the log keeps the last requests and counts all`() {
        var log = RequestLog(maxCount: 100, maxBytes: 1 << 20)
        for number in 0..<1000 { log.add(record("/\(number)")) }
        #expect((100...110).contains(log.items.count))
        #expect(log.items.last?.path == "/999")
        #expect(log.counts.first?.count == 1000)
    }

    @Test func `the log is bounded by what its requests take, not only by their number`() {
        var log = RequestLog(maxCount: 100_000, maxBytes: 100_000)
        let long = String(repeating: "x", count: 10_000)
        for _ in 0..<1000 { log.add(record(long)) }
        #expect(log.items.count <= 11)
        log.clear()
        for _ in 0..<100 { log.add(record("/")) }
        #expect(log.items.count == 100)
    }

    @Test func `mails are counted by address up to a limit, and all in the total`() throws {
        let local = Local()
        local.google.locked { state in
            for number in 0..<(MailCount.maxAddresses + 5) {
                state.world.mails.add("\(number)@example.org")
            }
            state.world.mails.add("0@example.org")
        }
        let total = Int64(MailCount.maxAddresses) + 6
        for _ in 0...1 {
            local.google.locked { state in
                #expect(state.world.mails.byAddress.count == MailCount.maxAddresses)
                #expect(state.world.mails.byAddress[0].count == 2)
                #expect(state.world.mails.total == total)
            }
            try local.google.restore(local.google.snapshot())
        }
    }
}
