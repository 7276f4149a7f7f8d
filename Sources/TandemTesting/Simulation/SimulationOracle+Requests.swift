import TandemCore
import TandemSync

/// Watches when replicas ask, since a provider that says "later" must not be asked before (P12).
///
/// It goes by the world's clock, not by the replicas', whose clocks may be wrong. What a crash, a
/// restored store or a clock that was set may have made a replica forget is not held against it.
struct RequestWatch {
    /// Something that may not be asked for yet.
    private struct Rest {
        let replica: Int
        /// Which collection; `nil` for all of the account.
        let place: RemoteID?
        let onlyWrites: Bool
        let until: Timestamp
        /// Whether the run that was told so came to its end, and had the chance to keep it.
        var isKept = false
    }

    private struct Listing: Hashable {
        let replica: Int
        let place: RemoteID
    }

    private var rests: [Rest] = []
    /// Who has read changes, so that everything is listed again only for a reason.
    private var readers: Set<Listing> = []
    /// Who lists everything again in the run that goes on.
    private var again: Set<Listing> = []
    /// Who has such a reason, by how many runs of that replica had begun.
    private var reasons: [Listing: Int] = [:]
    private var runs: [Int: Int] = [:]
    /// When the last run of a replica began.
    private var begun: [Int: Timestamp] = [:]
    /// Who was asked by a person to list everything in the run that goes on.
    private var asked: Set<Int> = []
    /// When a run began that listed everything, though nobody had asked for it.
    private var listed: [Listing: Timestamp] = [:]
    /// How often a run waited for exactly 1, 2, 4 … seconds, and how often at all.
    private var evenWaits = 0

    /// Everything is listed again once an hour at most.
    private static let betweenListings = Duration.seconds(3600)
    /// The first rest after a usage limit of hours.
    private static let quotaRest = Duration.seconds(3600)
    /// Chance leads to a wait of whole seconds once in a thousand times.
    private static let mostEvenWaits = 5

    // MARK: What may be asked

    /// A replica asks for something.
    func check(
        _ replica: Int, asks place: RemoteID, isWrite: Bool, at now: Timestamp
    ) throws(SimulationFailure) {
        let broken = rests.first {
            $0.isKept && $0.replica == replica && now < $0.until && (isWrite || !$0.onlyWrites)
                && ($0.place ?? place) == place
        }
        guard let broken else { return }
        throw SimulationFailure(
            "P12",
            "Replica \(replica) asked \(place) "
                + "\(broken.until.duration(since: now)) before it might.")
    }

    /// A replica was told to wait.
    mutating func told(
        _ fault: SimulatedFault, _ replica: SimulatedReplica, asking place: RemoteID,
        isWrite: Bool, at now: Timestamp
    ) {
        switch fault {
        case .throttledLong:
            let error = isWrite ? fault.errorOfWrite : fault.errorOfRead
            rest(replica, place, onlyWrites: false, for: error?.retryAfter ?? .zero, at: now)
        case .quotaExceeded where isWrite:
            rest(replica, place, onlyWrites: true, for: Self.quotaRest, at: now)
        case .dailyLimitExceeded:
            let day: Int64 = 86_400_000
            let left = day - replica.clock.now().milliseconds % day
            rest(replica, nil, onlyWrites: false, for: .milliseconds(left), at: now)
        case .cursorExpired, .cursorMissing:
            owes(replica.number, place)
        default: break
        }
    }

    private mutating func rest(
        _ replica: SimulatedReplica, _ place: RemoteID?, onlyWrites: Bool,
        for duration: Duration, at now: Timestamp
    ) {
        rests.append(
            Rest(
                replica: replica.number, place: place, onlyWrites: onlyWrites,
                until: now.advanced(by: duration)))
    }

    /// A run came to its end; what it was told binds the next one, unless something graver came
    /// between.
    mutating func ended(_ report: AccountReport, of replica: Int) {
        for collection in report.collections where !asked.contains(replica) {
            guard collection.listing == "full", collection.failure == nil else { continue }
            let listing = Listing(
                replica: replica, place: RemoteID(rawValue: collection.name))
            if again.contains(listing) { listed[listing] = begun[replica] }
        }
        for index in rests.indices where rests[index].replica == replica {
            rests[index].isKept = keeps(report, rests[index])
        }
        rests.removeAll { $0.replica == replica && !$0.isKept }
    }

    private func keeps(_ report: AccountReport, _ rest: Rest) -> Bool {
        guard let place = rest.place else {
            return report.failures.contains { $0.error.code == .dailyLimitExceeded }
        }
        let failure = report.collections.first { $0.name == place.rawValue }?.failure
        return failure?.error.code == (rest.onlyWrites ? .quotaExceeded : .throttled)
    }

    /// Whatever a replica was told may be forgotten.
    mutating func forget(_ replica: Int) {
        rests.removeAll { $0.replica == replica }
        listed = listed.filter { $0.key.replica != replica }
        again = again.filter { $0.replica != replica }
    }

    /// An older copy of a store was put back: it may be one that never listed anything, and a first
    /// listing repeats nothing.
    mutating func restored(_ replica: Int) {
        forget(replica)
        readers = readers.filter { $0.replica != replica }
    }

    // MARK: What is listed

    /// A run begins.
    mutating func began(_ replica: Int, full: Bool, at now: Timestamp) {
        runs[replica, default: 0] += 1
        begun[replica] = now
        again = again.filter { $0.replica != replica }
        asked.remove(replica)
        guard full else { return }
        asked.insert(replica)
        for name in SimulatedWorld.collections { owes(replica, RemoteID(rawValue: name)) }
    }

    /// There is a reason for a replica to list everything again.
    mutating func owes(_ replica: Int, _ place: RemoteID) {
        reasons[Listing(replica: replica, place: place)] = runs[replica, default: 0]
    }

    /// A replica begins a listing.
    mutating func lists(
        _ request: PullRequest, _ replica: Int, at now: Timestamp
    ) throws(SimulationFailure) {
        let listing = Listing(replica: replica, place: request.collection.remoteID)
        guard request.page == nil else { return }
        if request.cursor != nil {
            readers.insert(listing)
        } else if readers.contains(listing), reasons[listing] == nil {
            throw SimulationFailure(
                "P12", "Replica \(replica) lists all of \(listing.place) for no reason.")
        } else if !asked.contains(replica), let last = listed[listing],
            now.duration(since: last) < Self.betweenListings
        {
            throw SimulationFailure(
                "P12", "Replica \(replica) lists all of \(listing.place) twice in an hour.")
        } else if readers.contains(listing) {
            again.insert(listing)
        }
    }

    /// A replica was answered what changed since, so that it has no reason to list everything; but
    /// what came up in this run may still lead to a listing in the next.
    mutating func answered(_ request: PullRequest, _ replica: Int) {
        let listing = Listing(replica: replica, place: request.collection.remoteID)
        guard request.cursor != nil, let run = reasons[listing],
            run < runs[replica, default: 0]
        else { return }
        reasons[listing] = nil
    }

    // MARK: How long is waited

    /// A run waits.
    mutating func waits(_ duration: Duration) {
        let (seconds, rest) = duration.components
        if rest == 0, seconds > 0, seconds & (seconds - 1) == 0 { evenWaits += 1 }
    }

    /// Many clients that wait equally long come back at once.
    func checkSpread() throws(SimulationFailure) {
        guard evenWaits >= Self.mostEvenWaits else { return }
        throw SimulationFailure(
            "P12", "\(evenWaits) waits were exactly as long as any other client's.")
    }
}

extension SimulationOracle {
    /// There is a reason for a replica to list everything again.
    func listsAgain(_ replica: Int) {
        for name in SimulatedWorld.collections {
            requestWatch.owes(replica, RemoteID(rawValue: name))
        }
    }
}
