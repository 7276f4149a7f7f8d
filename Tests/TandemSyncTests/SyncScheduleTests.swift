import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

@Suite struct SyncScheduleTests {
    private let account = AccountID(rawValue: "a")
    private let start = Timestamp(milliseconds: 0)

    private func report(_ code: RemoteError.Code?) -> AccountReport {
        AccountReport(
            account: "ada", collections: [], traffic: Traffic(),
            failure: code.map { SyncFailure(error: RemoteError($0, "No."), retryAt: nil) })
    }

    @Test func `an account is due at once, and then every five minutes or so`() {
        var schedule = SyncSchedule()
        #expect(schedule.due([account], at: start) == [account])
        schedule.note(report(nil), of: account, at: start, fraction: 0)
        #expect(schedule.due([account], at: start).isEmpty)
        #expect(schedule.wait(for: [account], at: start) == .seconds(225))
        schedule.note(report(nil), of: account, at: start, fraction: 1)
        #expect(schedule.wait(for: [account], at: start) == .seconds(375))
        #expect(schedule.wait(for: [], at: start) == .seconds(300))
    }

    @Test func `a dead day costs fewer than two hundred requests`() {
        var schedule = SyncSchedule()
        var now = start
        var requests = 0
        while now.duration(since: start) < .seconds(86_400) {
            requests += schedule.tries(of: account)
            schedule.note(report(.offline), of: account, at: now, fraction: 0)
            now = now.advanced(by: schedule.wait(for: [account], at: now))
        }
        #expect((20..<60).contains(requests))
        schedule.note(report(nil), of: account, at: now, fraction: 0.5)
        #expect(schedule.tries(of: account) == 5)
        #expect(schedule.wait(for: [account], at: now) == .seconds(300))
    }

    @Test(arguments: [
        (RemoteError.Code.offline, true), (.throttled, true), (.signInNeeded, true),
        (.quotaExceeded, false), (.forbidden, false), (.cursorExpired, false),
    ])
    func `only what concerns the whole account cools it`(code: RemoteError.Code, cools: Bool) {
        #expect(report(code).needsRest == cools)
    }

    @Test func `one account that cools keeps no other waiting`() {
        var schedule = SyncSchedule()
        let other = AccountID(rawValue: "b")
        for _ in 0..<6 { schedule.note(nil, of: account, at: start, fraction: 0.5) }
        schedule.note(report(nil), of: other, at: start, fraction: 0.5)
        let later = start.advanced(by: .seconds(301))
        #expect(schedule.due([account, other], at: later) == [other])
    }
}
