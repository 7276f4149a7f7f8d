public import TandemCore

/// How long the store keeps what is over and done with: entries of the log, runs with their
/// summaries, settled conflicts, decided holds, and resources that both sides deleted.
///
/// What still waits is never forgotten, however old it is.
public struct Retention: Hashable, Sendable {
    /// The fewest days: so long a delete can be undone, and the value that lost a conflict be had.
    public static let fewestDays = 90
    /// How many rows one transaction forgets at most, so that others wait only briefly.
    static let batchRows = 500
    /// How many transactions one day's purge takes for each sort of row; the rest has time.
    static let mostBatches = 100

    /// How many days things are kept.
    public let days: Int

    /// The most days that can be asked for: a hundred years.
    public static let mostDays = 36_525

    /// Keeps things for so many days, from ``fewestDays``, which is also the usual time, to
    /// ``mostDays``.
    public init(days: Int = Retention.fewestDays) {
        self.days = min(max(Self.fewestDays, days), Self.mostDays)
    }

    /// What a purge forgot.
    public struct Purged: Hashable, Sendable {
        /// Entries of the log.
        public var changes = 0
        /// Runs with their summaries.
        public var runs = 0
        /// Settled conflicts.
        public var conflicts = 0
        /// Resources that both sides deleted.
        public var resources = 0
        /// Decided holds whose resources are forgotten.
        public var holds = 0
        /// Files of contents that nothing refers to.
        public var blobs = 0

        /// Nothing.
        public init() {}
    }

    /// Forgets what is old enough, at most once a day (UTC), whoever asks how often.
    ///
    /// A day's first run of a command does it; what a crash or the limits left over is forgotten on
    /// the next day. Where the run before lies further back than ``days``, nothing is forgotten yet:
    /// somebody was away, who may still undo what they did last, or the clock ran ahead.
    ///
    /// - Parameters:
    ///   - store: The store.
    ///   - user: Whose things; contents are everybody's.
    ///   - run: The run that asks, already started.
    /// - Returns: What was forgotten; `nil` where it was not time.
    /// - Throws: ``StoreError``.
    @discardableResult
    public func apply(
        to store: Store, as user: UserID = .local, after run: RunRecord
    ) async throws -> Purged? {
        let former = try await store.read(as: user) { try $0.runs.last(before: run) }
        guard let former, former.started.day < run.started.day,
            run.started.duration(since: former.started) < length
        else { return nil }
        return try await purge(store, as: user)
    }

    private var length: Duration { .seconds(86_400 * Int64(days)) }

    /// Forgets what is old enough, now.
    func purge(_ store: Store, as user: UserID = .local) async throws -> Purged {
        let horizon = store.environment.now().advanced(by: .zero - length)
        var purged = Purged()
        purged.conflicts = try await inBatches(store, user) {
            try $0.conflicts.purge(resolvedBefore: horizon, limit: Self.batchRows)
        }
        purged.resources = try await inBatches(store, user) {
            try $0.resources.purge(deletedBefore: horizon, limit: Self.batchRows)
        }
        purged.holds = try await inBatches(store, user) {
            try $0.holds.purge(decidedBefore: horizon, limit: Self.batchRows)
        }
        purged.changes = try await inBatches(store, user) {
            try $0.changes.purge(before: horizon, limit: Self.batchRows)
        }
        purged.runs = try await inBatches(store, user) {
            try $0.runs.purge(startedBefore: horizon, limit: Self.batchRows)
        }
        purged.blobs = try await store.removeUnusedBlobs()
        return purged
    }

    /// Forgets one sort of row, a transaction at a time, until fewer than a whole batch were left.
    private func inBatches(
        _ store: Store, _ user: UserID,
        _ forget: @escaping @Sendable (StoreTransaction) throws -> Int
    ) async throws -> Int {
        var sum = 0
        for _ in 0..<Self.mostBatches {
            let count = try await store.write(as: user, forget)
            sum += count
            if count < Self.batchRows { break }
        }
        return sum
    }
}

extension Timestamp {
    /// Days since 1970-01-01 UTC.
    fileprivate var day: Int64 {
        let (days, rest) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        return rest < 0 ? days - 1 : days
    }
}
