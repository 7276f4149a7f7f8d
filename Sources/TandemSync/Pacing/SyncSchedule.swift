public import TandemCore

/// When each account is synced next, while a program goes on syncing by itself.
///
/// A sync that a person asks for heeds none of it.
public struct SyncSchedule: Hashable, Sendable {
    /// The middle of the time between two syncs; each is up to a quarter shorter or longer, so that
    /// many programs do not ask at once.
    ///
    /// - SeeAlso: Google Calendar API guide, "Manage quotas", section on randomising periodic work.
    public static let interval = Duration.seconds(300)

    /// From this cooling on, one request a wake-up finds out whether the provider is back.
    private static let patientCoolings = 3

    private struct Lane: Hashable {
        var due: Timestamp
        var coolings = 0
    }
    private var lanes: [AccountID: Lane] = [:]

    /// Every account is due.
    public init() {}

    /// Which of `accounts` are due, in their order.
    public func due(_ accounts: [AccountID], at now: Timestamp) -> [AccountID] {
        accounts.filter { lanes[$0].map { $0.due <= now } ?? true }
    }

    /// How often the next sync of an account may try one request.
    public func tries(of account: AccountID) -> Int {
        (lanes[account]?.coolings ?? 0) >= Self.patientCoolings ? 1 : SyncOptions.usualTries
    }

    /// Takes in what a sync came to.
    ///
    /// - Parameters:
    ///   - report: What it came to; `nil` where it could not begin.
    ///   - account: Whose it was.
    ///   - now: The moment it is.
    ///   - fraction: Chance from 0 up to 1.
    public mutating func note(
        _ report: AccountReport?, of account: AccountID, at now: Timestamp, fraction: Double
    ) {
        var lane = lanes[account] ?? Lane(due: now)
        var wait = Self.interval * (0.75 + 0.5 * fraction)
        if report?.needsRest ?? true {
            wait = Cooling().wait(afterCoolings: lane.coolings, fraction: fraction)
            lane.coolings += 1
        } else {
            lane.coolings = 0
        }
        lane.due = max(now.advanced(by: wait), report?.failure?.retryAt ?? now)
        lanes[account] = lane
    }

    /// How long until the first of `accounts` is due; the usual interval where there are none.
    public func wait(for accounts: [AccountID], at now: Timestamp) -> Duration {
        let moments = accounts.map { lanes[$0]?.due ?? now }
        return moments.min().map { max($0.duration(since: now), .zero) } ?? Self.interval
    }
}
