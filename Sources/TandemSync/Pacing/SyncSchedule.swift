public import TandemCore

/// When each account is synced next, while a program goes on syncing by itself.
///
/// It goes by how long the machine has been running, asleep or not, so a wall clock that is set
/// moves nothing. A sync that a person asks for heeds none of it.
public struct SyncSchedule: Hashable, Sendable {
    /// The middle of the time between two syncs; each is up to a quarter shorter or longer, so that
    /// many programs do not ask at once.
    ///
    /// - SeeAlso: Google Calendar API guide, "Manage quotas", section on randomising periodic work.
    public static let interval = Duration.seconds(300)

    /// How long a sync and one that an edit asks for lie apart at least.
    static let leastPause = Duration.seconds(5)
    /// The middle of the time until an account is asked for again that another process works on.
    static let busyPause = Duration.seconds(45)
    /// Providers ask for a day at most.
    private static let longestPark = Duration.seconds(90_000)
    /// Two clocks of one machine drift apart, but not so far.
    private static let drift = Duration.seconds(60)
    /// From this cooling on, one request a wake-up finds out whether the provider is back.
    private static let patientCoolings = 3

    private struct Lane: Hashable {
        /// In the machine's running time.
        var due: Duration
        var synced: Duration
        var coolings = 0
        var park: Park?
    }

    /// What a provider asked for: until when, and when that is in the machine's running time.
    private struct Park: Hashable {
        var until: Timestamp
        var over: Duration
    }

    private var lanes: [AccountID: Lane] = [:]

    /// Every account is due.
    public init() {}

    /// Which of `accounts` are due, in their order.
    public func due(_ accounts: [AccountID], at moment: RunningTime) -> [AccountID] {
        accounts.filter { lanes[$0].map { $0.due <= moment.running } ?? true }
    }

    /// How often the next sync of an account may try one request.
    public func tries(of account: AccountID) -> Int {
        (lanes[account]?.coolings ?? 0) >= Self.patientCoolings ? 1 : SyncOptions.usualTries
    }

    /// Whether the next sync of an account may go past what the provider asked to wait for: it was
    /// waited for, but the wall clock, which the store's own marks go by, was set back since.
    public func ignoresParking(of account: AccountID, at moment: RunningTime) -> Bool {
        guard let park = lanes[account]?.park, moment.running >= park.over else { return false }
        return park.until.duration(since: moment.wall) > Self.drift
    }

    /// Takes in what a sync came to.
    ///
    /// - Parameters:
    ///   - report: What it came to; `nil` where it could not begin.
    ///   - account: Whose it was.
    ///   - moment: The moment it is.
    ///   - fraction: Chance from 0 up to 1.
    public mutating func note(
        _ report: AccountReport?, of account: AccountID, at moment: RunningTime, fraction: Double
    ) {
        var lane = lanes[account] ?? Lane(due: moment.running, synced: moment.running)
        var wait = Self.spread(Self.interval, fraction)
        if report?.needsRest ?? true {
            wait = Cooling().wait(afterCoolings: lane.coolings, fraction: fraction)
            lane.coolings += 1
        } else {
            lane.coolings = 0
        }
        lane.synced = moment.running
        lane.due = moment.running + wait
        if let until = report?.failure?.retryAt {
            lane.due = max(lane.due, moment.running + Self.left(until: until, at: moment))
        }
        lane.park = Self.park(report, after: lane.park, at: moment)
        lanes[account] = lane
    }

    /// Takes in that another process works on an account: it is asked for again soon, and does not
    /// cool.
    public mutating func noteBusy(
        _ account: AccountID, at moment: RunningTime, fraction: Double
    ) {
        var lane = lanes[account] ?? Lane(due: moment.running, synced: moment.running)
        lane.due = moment.running + Self.spread(Self.busyPause, fraction)
        lanes[account] = lane
    }

    /// Lets accounts be synced at once, a few seconds after their last sync, because something was
    /// edited; those that cool or were asked to wait stay as they are.
    public mutating func wake(_ accounts: [AccountID], at moment: RunningTime) {
        for account in accounts {
            guard var lane = lanes[account], lane.coolings == 0 else { continue }
            lane.due = min(lane.due, max(moment.running, lane.synced + Self.leastPause))
            lanes[account] = lane
        }
    }

    /// Forgets how an account fared, because it signed in anew: it is due at once.
    public mutating func forget(_ account: AccountID) { lanes[account] = nil }

    /// How long until the first of `accounts` is due; the usual interval where there are none.
    public func wait(for accounts: [AccountID], at moment: RunningTime) -> Duration {
        let moments = accounts.map { lanes[$0]?.due ?? moment.running }
        return moments.min().map { max($0 - moment.running, .zero) } ?? Self.interval
    }

    private static func spread(_ middle: Duration, _ fraction: Double) -> Duration {
        middle * (0.75 + 0.5 * fraction)
    }

    private static func left(until: Timestamp, at moment: RunningTime) -> Duration {
        min(max(until.duration(since: moment.wall), .zero), longestPark)
    }

    /// The latest moment that anything of an account was asked to wait for.
    ///
    /// What was known before keeps its end, whatever the wall clock says now.
    private static func park(
        _ report: AccountReport?, after known: Park?, at moment: RunningTime
    ) -> Park? {
        guard let until = report?.failures.compactMap(\.retryAt).max() else { return nil }
        if let known, known.until == until { return known }
        return Park(until: until, over: moment.running + left(until: until, at: moment))
    }
}

/// A moment by both clocks.
public struct RunningTime: Hashable, Sendable {
    /// What the wall clock shows, which may be set.
    public var wall: Timestamp
    /// How long the machine has been running, asleep or not.
    public var running: Duration

    /// Names a moment.
    public init(wall: Timestamp, running: Duration) {
        self.wall = wall
        self.running = running
    }
}

extension TandemEnvironment {
    /// The moment it is, by both clocks.
    public var runningTime: RunningTime {
        RunningTime(wall: now(), running: clock.running())
    }
}
