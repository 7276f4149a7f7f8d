import TandemCore
import TandemStore

/// What a run reads and writes of its account, beside what its passes do.
struct AccountTransaction {
    let store: StoreTransaction
    let account: AccountID

    /// Notes that everything of the account is to be read now: what is not, because the whole
    /// account fails, must not look as if its last reading had come to its end.
    ///
    /// - Returns: The collections that every account has, made when it is synced for the first
    ///   time; or until when nothing may be asked, because the requests of the day are used up.
    func begin(_ drafts: [CollectionDraft], ignoresParking: Bool) throws -> Beginning {
        let now = store.environment.now()
        for var collection in try store.collections.list(of: account) where !collection.isGone {
            collection.lastAttempt = now
            try store.collections.update(collection)
        }
        if let moment = try store.accounts.find(account)?.parkedUntil, moment > now,
            !ignoresParking, moment.duration(since: now) <= Self.longestPark
        {
            return .parked(until: moment)
        }
        return .roots(
            try drafts.map { draft in
                let found = try store.collections.find(
                    remoteID: draft.remoteID, kind: draft.kind, in: account)
                return try found?.id ?? store.collections.add(draft, to: account, isRoot: true).id
            })
    }

    /// How a run begins.
    enum Beginning: Sendable {
        case roots([CollectionID])
        case parked(until: Timestamp)

        /// The report of an account of which nothing is asked.
        static func report(of account: String, until moment: Timestamp) -> AccountReport {
            let error = RemoteError(
                .dailyLimitExceeded,
                "The provider's limit for the day is used up; nothing is asked before it begins "
                    + "anew.")
            return AccountReport(
                account: account, collections: [], traffic: Traffic(),
                failure: SyncFailure(error: error, retryAt: moment))
        }
    }

    /// A moment farther off was written before the clock was set back, and binds nobody.
    private static let longestPark = Duration.seconds(86_400)

    /// The collections besides the roots, and, where they are listed fully, how much is known.
    func collections(full: Bool) throws -> [(id: CollectionID, known: Int)] {
        try store.collections.list(of: account).filter { !$0.isGone && !$0.isRoot }.map {
            (id: $0.id, known: full ? try store.resources.count(in: $0.id) : 0)
        }
    }

    /// A provider that serves the account again must not be waited for any longer; known only at
    /// the end, since what was read before a limit was met says nothing.
    func unpark() throws {
        guard var found = try store.accounts.find(account), found.parkedUntil != nil else { return }
        found.parkedUntil = nil
        found.parkReason = nil
        try store.accounts.update(found)
    }

    /// What the run came to, with what waits in collections that are gone.
    func report(
        _ engine: SyncEngine, name: String, traffic: Traffic
    ) throws -> AccountReport {
        let gone = try store.collections.list(of: account).filter(\.isGone).map(\.id)
        let parkedUntil = try store.accounts.find(account)?.parkedUntil
        var report = AccountReport(account: name, collections: [], traffic: traffic, failure: nil)
        for id in engine.order + gone.filter({ !engine.order.contains($0) }) {
            guard let collection = try store.collections.find(id) else { continue }
            let waiting = Waiting(
                conflicts: try store.conflicts.count(in: id),
                quarantined: try store.quarantine.count(in: id),
                held: try store.holds.list(in: id).reduce(0) { $0 + $1.deletes })
            let outcome = engine.outcome(of: id)
            guard outcome != nil || waiting.isAny else { continue }
            var failure = SyncFailure(outcome?.end, of: collection)
            if failure?.error.code == .dailyLimitExceeded { failure?.retryAt = parkedUntil }
            if let failure, failure.error.stopsAccount { report.failure = failure }
            report.collections.append(
                CollectionReport(
                    collection, account: name, outcome?.tally ?? PassTally(), waiting, failure))
        }
        return report
    }
}

/// What waits for a person in one collection, older things included.
struct Waiting: Sendable {
    var conflicts: Int
    var quarantined: Int
    var held: Int

    /// Whether anything waits.
    var isAny: Bool { conflicts + quarantined + held > 0 }
}
