import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

@Suite struct SyncScheduleTests {
    private let account = AccountID(rawValue: "a")
    private let start = RunningTime(wall: Timestamp(milliseconds: 0), running: .seconds(50))

    private func report(
        _ code: RemoteError.Code?, retryAt: Timestamp? = nil
    ) -> AccountReport {
        AccountReport(
            account: "ada", collections: [], traffic: Traffic(),
            failure: code.map { SyncFailure(error: RemoteError($0, "No."), retryAt: retryAt) })
    }

    /// Later by both clocks, the wall clock set besides.
    private func later(
        _ duration: Duration, than moment: RunningTime? = nil, set: Duration = .zero
    ) -> RunningTime {
        let moment = moment ?? start
        return RunningTime(
            wall: moment.wall.advanced(by: duration + set), running: moment.running + duration)
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
        while now.running - start.running < .seconds(86_400) {
            requests += schedule.tries(of: account)
            schedule.note(report(.offline), of: account, at: now, fraction: 0)
            now = later(schedule.wait(for: [account], at: now), than: now)
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
        #expect(schedule.due([account, other], at: later(.seconds(301))) == [other])
    }

    // MARK: Clocks

    @Test(arguments: [Duration.seconds(-259_200), .seconds(-30), .seconds(259_200)])
    func `a wall clock that is set moves no sync`(by jump: Duration) {
        var schedule = SyncSchedule()
        schedule.note(report(nil), of: account, at: start, fraction: 0.5)
        let soon = later(.seconds(10), set: jump)
        #expect(schedule.due([account], at: soon).isEmpty)
        #expect(schedule.wait(for: [account], at: soon) == .seconds(290))
        #expect(schedule.due([account], at: later(.seconds(300), set: jump)) == [account])
    }

    @Test func `what slept through its time is due on waking`() {
        var schedule = SyncSchedule()
        schedule.note(report(nil), of: account, at: start, fraction: 0.5)
        #expect(schedule.due([account], at: later(.seconds(28_800))) == [account])
        #expect(schedule.wait(for: [account], at: later(.seconds(28_800))) == .zero)
    }

    @Test func `a clock that is set back does not prolong what was asked to wait for`() {
        var schedule = SyncSchedule()
        let until = start.wall.advanced(by: .seconds(3600))
        let parked = report(.dailyLimitExceeded, retryAt: until)
        schedule.note(parked, of: account, at: start, fraction: 0.5)
        #expect(schedule.wait(for: [account], at: start) == .seconds(3600))
        let early = later(.seconds(1800), set: .seconds(-43_200))
        #expect(!schedule.ignoresParking(of: account, at: early))
        // Told of it again while it goes on: its end stays where it was.
        schedule.note(parked, of: account, at: early, fraction: 0.5)
        let over = later(.seconds(3601), set: .seconds(-43_200))
        #expect(schedule.ignoresParking(of: account, at: over))
        #expect(!schedule.ignoresParking(of: account, at: later(.seconds(3601))))
        schedule.note(report(nil), of: account, at: over, fraction: 0.5)
        #expect(!schedule.ignoresParking(of: account, at: over))
    }

    @Test func `no moment far away makes it wait for more than a day or so`() {
        var schedule = SyncSchedule()
        let never = Timestamp(milliseconds: .max)
        schedule.note(
            report(.dailyLimitExceeded, retryAt: never), of: account, at: start, fraction: 0.5)
        #expect(schedule.wait(for: [account], at: start) == .seconds(90_000))
    }

    // MARK: Waking

    @Test func `an edit wakes an account, though not at once after a sync`() {
        var schedule = SyncSchedule()
        schedule.note(report(nil), of: account, at: start, fraction: 0.5)
        schedule.wake([account], at: later(.seconds(1)))
        #expect(schedule.wait(for: [account], at: later(.seconds(1))) == .seconds(4))
        #expect(schedule.due([account], at: later(.seconds(5))) == [account])
        schedule.note(report(nil), of: account, at: start, fraction: 0.5)
        schedule.wake([account], at: later(.seconds(100)))
        #expect(schedule.due([account], at: later(.seconds(100))) == [account])
    }

    @Test func `an edit wakes no account that cools, a new sign-in does`() {
        var schedule = SyncSchedule()
        schedule.note(report(.signInNeeded), of: account, at: start, fraction: 0.5)
        schedule.wake([account], at: later(.seconds(10)))
        #expect(schedule.due([account], at: later(.seconds(10))).isEmpty)
        schedule.forget(account)
        #expect(schedule.due([account], at: later(.seconds(10))) == [account])
    }

    @Test func `an account that another process works on is asked for again soon, uncooled`() {
        var schedule = SyncSchedule()
        schedule.note(report(nil), of: account, at: start, fraction: 0.5)
        for _ in 0..<5 { schedule.noteBusy(account, at: start, fraction: 0.5) }
        #expect(schedule.wait(for: [account], at: start) == .seconds(45))
        #expect(schedule.tries(of: account) == 5)
    }
}
