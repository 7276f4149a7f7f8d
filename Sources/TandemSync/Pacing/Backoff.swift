/// How long to wait between tries of one request.
///
/// - SeeAlso: Google, "Handle API errors", section on exponential backoff: waits of
///   min(2ⁿ s + random milliseconds up to a second, ceiling).
struct Backoff: Hashable, Sendable {
    /// How often one request is tried at all.
    var tries = SyncOptions.usualTries
    /// The longest wait.
    var ceiling = Duration.seconds(64)
    /// The longest wait a provider may ask for before the lane is parked instead.
    var patience = Duration.seconds(90)

    /// The wait after a failed try; `nil` when the request should be given up.
    ///
    /// - Parameters:
    ///   - failures: How many tries have failed so far, at least 1.
    ///   - fraction: Chance, from 0 up to 1, so that many clients do not come back at once.
    ///   - floor: What the provider asked for.
    /// - Returns: How long to wait.
    func wait(afterFailures failures: Int, fraction: Double, floor: Duration?) -> Duration? {
        guard failures < tries, (floor ?? .zero) <= patience else { return nil }
        let exponent = min(max(failures - 1, 0), 16)
        let grown = Duration.seconds(1 << exponent) + .milliseconds(Int(fraction * 1000))
        return max(min(grown, ceiling), floor ?? .zero)
    }
}

/// How long an account's lane cools after a request was given up.
struct Cooling: Hashable, Sendable {
    /// The wait before the next automatic try: 1, 2, 4 … 60 minutes, spread by a quarter.
    func wait(afterCoolings count: Int, fraction: Double) -> Duration {
        let minutes = min(1 << min(max(count, 0), 6), 60)
        return .seconds(Double(minutes * 60) * (0.75 + 0.5 * fraction))
    }

    /// How long writes rest after a usage limit of hours: 1, 2, 4, then 6 hours.
    func quotaWait(afterParks count: Int) -> Duration {
        .seconds(3600 * min(1 << min(max(count, 0), 3), 6))
    }
}
