import LosslessJSON
import TandemCore
import TandemStore

/// What every transaction of a run shares.
struct PassContext: Sendable {
    /// The account that is synced.
    var account: AccountID
    /// The run that changes are recorded under.
    var run: RunID
    /// The query behind a kind's listing: a cursor is used only while it stays the same.
    var fingerprint: @Sendable (Kind) -> String
    /// Whether a person asked for full listings, which then count against no bound.
    var isFull = false
    /// Whom a mass delete has to pass.
    var gate = DeleteGate()
    /// When the provider's daily limits are sure to have begun anew, after midnight UTC.
    var dailyReset = Duration.zero
    /// The program's version, kept with quarantined items: another version tries them again.
    var programVersion: String
}

extension PassContext {
    /// What a sync through a connector shares.
    init(
        _ account: AccountID, through connector: any Connector, _ options: SyncOptions,
        programVersion: String
    ) {
        self.init(
            account: account, run: options.run, fingerprint: { connector.fingerprint(of: $0) },
            isFull: options.full, dailyReset: connector.capabilities.dailyReset,
            programVersion: programVersion)
    }
}

/// One transaction of one pass: reads, decides by the pure rules, writes.
struct PassTransaction {
    let store: StoreTransaction
    let context: PassContext

    var now: Timestamp { store.environment.now() }

    /// Performs a step and says what came of it.
    /// - Throws: ``StoreError``: then nothing of the step was kept.
    func perform(_ step: StoreStep) throws -> StoreAnswer {
        switch step {
        case .open(let id, let full): .opened(try open(collection(id), full: full))
        case .beginFullListing(let id): try beginFullListing(collection(id))
        case .apply(let page, let id, let listing):
            .applied(try apply(page, to: collection(id), listing: listing))
        case .passDeletes(let id): .deletesPassed(try passDeletes(in: collection(id)))
        case .plan(let id, let limit, let doubt):
            .planned(try plan(collection(id), limit: limit, doubt: doubt))
        case .settle(let id, let writes): .settled(try settle(writes, in: collection(id)))
        case .resolve(let id, let request, let found):
            .settled(try resolve(request, found: found, in: collection(id)))
        case .close(let id, let end): try close(collection(id), end)
        }
    }

    func collection(_ id: CollectionID) throws -> RemoteCollection {
        guard let found = try store.collections.find(id) else {
            throw TandemError(.notFound, "The collection \(id) is not in the store any more.")
        }
        return found
    }

    func rules(of collection: RemoteCollection) throws -> any KindRules {
        try store.rulebook.rules(for: collection.kind)
    }
}

/// Opening and closing a pass.
extension PassTransaction {
    /// Full listings that no person asked for: one an hour, four a day.
    private static let leastBetweenFullListings = Duration.seconds(3600)
    private static let mostFullListingsADay = 4

    func open(_ collection: RemoteCollection, full: Bool) throws -> PassOpening {
        try retryQuarantined(in: collection)
        var collection = try self.collection(collection.id)
        let found = collection
        if collection.fingerprint != context.fingerprint(collection.kind) {
            collection.cursor = nil
        }
        // Of the others the run noted it when it began.
        if collection.lastAttempt == nil { collection.lastAttempt = now }
        if collection != found { try store.collections.update(collection) }
        // What an earlier run left behind may have been applied or not.
        let unconfirmed = try store.intents.open(in: collection.id)
        for intent in unconfirmed { try store.intents.markUnknown(intent.id) }
        return PassOpening(
            address: CollectionAddress(remoteID: collection.remoteID, kind: collection.kind),
            cursor: try full || isToBeSearched(collection) ? nil : collection.cursor,
            fullListing: fullListing(of: collection),
            mayWrite: collection.access.allowsWriting,
            parkedUntil: parkedUntil(collection, by: .throttled, atMost: Self.longestPark),
            writesParkedUntil: parkedUntil(
                collection, by: .quotaExceeded, atMost: Self.longestQuotaPark),
            unconfirmed: unconfirmed.map { request(for: $0, in: collection) })
    }

    /// Whether something may lie here again that no list of changes names any more.
    private func isToBeSearched(_ collection: RemoteCollection) throws -> Bool {
        guard case .allowed = fullListing(of: collection) else { return false }
        return try store.resources.mayHaveReturned(to: collection.id)
    }

    /// Until when a collection rests for one cause; a park of another cause binds nobody who asks.
    private func parkedUntil(
        _ collection: RemoteCollection, by cause: RemoteError.Code, atMost limit: Duration
    ) -> Timestamp? {
        guard collection.parkReason == cause.description,
            rests(until: collection.parkedUntil, atMost: limit)
        else { return nil }
        return collection.parkedUntil
    }

    private func isQuotaParked(_ collection: RemoteCollection) -> Bool {
        parkedUntil(collection, by: .quotaExceeded, atMost: Self.longestQuotaPark) != nil
    }

    /// Providers ask for a day at most.
    private static let longestPark = Duration.seconds(90_000)
    private static let longestQuotaPark = Duration.seconds(25_200)

    /// Whether something rests; a moment farther off than any rest lasts was written before the
    /// clock was set back, and binds nobody.
    func rests(until moment: Timestamp?, atMost limit: Duration) -> Bool {
        moment.map { $0 > now && $0.duration(since: now) <= limit } ?? false
    }

    /// Whether everything may be listed again though no person asked for it.
    func fullListing(of collection: RemoteCollection) -> PassOpening.FullListing {
        guard let last = collection.lastFullListing, last <= now else { return .allowed }
        let today = collection.fullListings(within: .seconds(86_400), before: now)
        let pause: Duration =
            today >= Self.mostFullListingsADay
            ? .seconds(86_400) : Self.leastBetweenFullListings
        let earliest = last.advanced(by: pause)
        return earliest > now ? .notBefore(earliest) : .allowed
    }

    /// The generation under way is the collection's own only once it was read to its end.
    ///
    /// A listing that a person asked for says nothing against the cursor: should it break off, the
    /// next run goes on from there.
    func beginFullListing(_ collection: RemoteCollection) throws -> StoreAnswer {
        var collection = collection
        // What has no name of its own cannot be known again; the listing brings it anew, and has to
        // come to its end for that.
        let nameless = try store.quarantine.nameless(in: collection.id)
        for record in nameless { try store.quarantine.remove(record) }
        if !context.isFull || !nameless.isEmpty { collection.cursor = nil }
        // Never a number that pages were stored under before, however that listing ended.
        let latest = max(collection.generation, collection.listing?.generation ?? 0)
        collection.listing = ListingState(generation: latest + 1)
        try store.collections.update(collection)
        return .begun(known: try store.resources.count(in: collection.id))
    }

    func close(_ found: RemoteCollection, _ end: PassEnd) throws -> StoreAnswer {
        var collection = found
        switch end {
        case .complete:
            collection.parkedUntil = nil
            collection.parkReason = nil
            collection.quotaParks = 0
            collection.state =
                try store.holds.list(in: collection.id).contains {
                    $0.direction == .pull
                } ? .held : .fresh
        case .writesParked(let error, let moment):
            if moment == nil {
                let pause = Cooling().quotaWait(afterParks: collection.quotaParks)
                collection.parkedUntil = now.advanced(by: pause)
                collection.quotaParks += 1
            }
            collection.parkReason = reason(of: error)
            collection.state = .parked
        case .unreachable(let error):
            collection.state = .unreachable
            // That it cannot be read now does not end the rest of its writes.
            if !isQuotaParked(collection) { collection.parkReason = reason(of: error) }
        case .failed(let error, let retryAt):
            // An interruption is no failure of the collection.
            guard error.code != .cancelled else { return .closed }
            collection.state = collection.lastSuccess == nil ? .new : .parked
            // A failed read does not end the rest of writes.
            let isOrder = error.code == .throttled && retryAt != nil
            if !isQuotaParked(collection) || isOrder {
                collection.parkedUntil = retryAt
                collection.parkReason = reason(of: error)
            }
            try noteFailure(error)
        }
        // A transaction that changes nothing costs no writing to the disk, and most passes end as the
        // one before did.
        if collection != found { try store.collections.update(collection) }
        return .closed
    }

    /// The park's cause in our own word, which decides whom it binds.
    private func reason(of error: RemoteError) -> String { error.code.description }

    /// What concerns the whole account is kept with it.
    private func noteFailure(_ error: RemoteError) throws {
        guard var account = try store.accounts.find(context.account) else { return }
        switch error.code {
        case .signInNeeded:
            account.state = .needsConsent
        case .dailyLimitExceeded:
            account.parkedUntil = nextDailyReset()
            account.parkReason = reason(of: error)
        default:
            return
        }
        try store.accounts.update(account)
    }

    private func nextDailyReset() -> Timestamp {
        let day: Int64 = 86_400_000
        let reset = context.dailyReset.components.seconds * 1000
        let sinceReset = (now.milliseconds - reset) % day
        return now.advanced(by: .milliseconds(day - sinceReset))
    }

    /// An item that an older version of the program set aside gets another chance with this one.
    private func retryQuarantined(in collection: RemoteCollection) throws {
        let others = try store.quarantine.list(
            in: collection.id, notBy: context.programVersion)
        for entry in others { try releaseQuarantined(entry) }
    }

    /// Lets a refused write be tried again.
    ///
    /// What could not be read comes again with a full listing,
    /// and stays recorded until then.
    func releaseQuarantined(_ record: QuarantineRecord) throws {
        guard let id = record.resource, var resource = try store.resources.find(id),
            resource.hold == .quarantined
        else {
            var collection = try collection(record.collection)
            collection.cursor = nil
            return try store.collections.update(collection)
        }
        try store.quarantine.remove(record.id)
        resource.hold = nil
        resource.pushRounds = 0
        try store.resources.update(resource)
    }
}
