import Synchronization
import TandemCore
import TandemStore

/// Performs what the engine decides for one account, and feeds back what happened.
struct AccountRun: Sendable {
    let account: Account
    let connector: any Connector
    let store: Store
    let environment: TandemEnvironment
    let context: PassContext
    let options: SyncOptions
    let lease: LeaseKeeper
    let observer: @Sendable (SyncProgress) -> Void

    /// How often a wait looks whether it was cut short.
    private static let slice = Duration.milliseconds(250)

    func report() async throws -> AccountReport {
        if let parked = try await begin() { return parked }
        let roots = try await prepareRoots()
        let before = connector.traffic
        let engine = try await drive(roots: roots)
        let after = connector.traffic
        let isServed = engine.order.contains { engine.outcome(of: $0)?.end == .complete }
        if engine.halt == nil, isServed {
            try await unpark()
        }
        return try await summarise(
            engine,
            traffic: Traffic(
                requests: after.requests - before.requests, bytes: after.bytes - before.bytes))
    }

    /// Notes that everything of the account is to be read now: what is not, because the whole
    /// account fails, must not look as if its last reading had come to its end.
    ///
    /// - Returns: The report of an account whose requests of the day are used up; nothing is asked
    ///   then.
    private func begin() async throws -> AccountReport? {
        let (id, now) = (account.id, environment.now())
        let current = try await store.write(as: account.user) { transaction in
            for var collection in try transaction.collections.list(of: id)
            where !collection.isGone {
                collection.lastAttempt = now
                try transaction.collections.update(collection)
            }
            return try transaction.accounts.find(id)
        }
        guard let moment = current?.parkedUntil, moment > now, !options.ignoresParking,
            moment.duration(since: now) <= .seconds(86_400)
        else { return nil }
        let error = RemoteError(
            .dailyLimitExceeded,
            "The provider's limit for the day is used up; nothing is asked before it begins anew.")
        return AccountReport(
            account: account.name, collections: [], traffic: Traffic(),
            failure: SyncFailure(error: error, retryAt: moment))
    }

    /// A provider that serves the account again must not be waited for any longer; known only at
    /// the end, since what was read before a limit was met says nothing.
    private func unpark() async throws {
        let id = account.id
        try await store.write(as: account.user) { transaction in
            guard var account = try transaction.accounts.find(id), account.parkedUntil != nil
            else { return }
            account.parkedUntil = nil
            account.parkReason = nil
            try transaction.accounts.update(account)
        }
    }

    private func drive(roots: [CollectionID]) async throws -> SyncEngine {
        let isRoot = Set(roots)
        var engine = SyncEngine(
            options: CollectionPass.Options(
                full: options.full, ignoresParking: options.ignoresParking,
                maximumBatch: connector.capabilities.maximumBatch,
                backoff: Backoff(tries: options.tries),
                triesUntilReached: options.triesUntilReached),
            seed: environment.random.next(), at: environment.now())
        return try await withThrowingTaskGroup(of: Happening.self) { group in
            group.addTask { try await keepLease() }
            var effects = engine.step(.begin(roots: roots), at: environment.now())
            while true {
                var finished = false
                for effect in effects {
                    if case .finish = effect {
                        finished = true
                        continue
                    }
                    group.addTask { .event(try await perform(effect)) }
                }
                if finished { break }
                effects = []
                guard let happening = try await group.next() else { break }
                guard case .event(let event) = happening else { continue }
                if options.stop.isRequested {
                    _ = engine.step(.cancel, at: environment.now())
                }
                effects = engine.step(event, at: environment.now())
                tell(event, engine, roots: isRoot)
            }
            group.cancelAll()
            return engine
        }
    }

    /// What a child task came back with.
    private enum Happening: Sendable {
        case event(SyncEngine.Event)
        case leaseEnded
    }

    /// Renews the lease until the run is over.
    private func keepLease() async throws -> Happening {
        while !Task.isCancelled {
            do {
                try await environment.clock.wait(for: Synchronizer.leaseRenewal)
            } catch is CancellationError {
                break
            }
            try await lease.renew()
        }
        return .leaseEnded
    }

    private func perform(_ effect: SyncEngine.Effect) async throws -> SyncEngine.Event {
        switch effect {
        case .listCollections:
            return .listed(try await announceCollections())
        case .finish:
            preconditionFailure("The loop ends before a finish is performed.")
        case .pass(let collection, let passEffect):
            return .pass(collection, try await perform(passEffect))
        }
    }

    private func perform(_ effect: PassEffect) async throws -> PassEvent {
        switch effect {
        case .store(let step):
            return .stored(try await perform(step))
        case .pull(let request):
            return .pulled(await pull(request))
        case .storeAndPull(let step, let request):
            async let page = pull(request)
            return .storedAndPulled(try await perform(step), await page)
        case .push(let requests):
            return .pushed(await connector.push(requests))
        case .lookUp(let request):
            return .lookedUp(
                await result { () throws(RemoteError) in try await connector.lookUp(request) })
        case .wait(let duration):
            await wait(for: duration)
            return .waited
        case .rest, .done:
            preconditionFailure("The engine keeps the order of passes to itself.")
        }
    }

    private func perform(_ step: StoreStep) async throws -> StoreAnswer {
        let context = context
        return try await store.write(as: account.user) {
            try PassTransaction(store: $0, context: context).perform(step)
        }
    }

    private func pull(_ request: PullRequest) async -> Result<PulledPage, RemoteError> {
        let page = await result { () throws(RemoteError) in try await connector.pull(request) }
        guard request.cursor == nil, !options.full, case .success(let read) = page else {
            return page
        }
        return .success(projected(read, of: request.collection.kind))
    }

    /// A page of a full listing with what the store keeps beside each resource, which is worked out
    /// here because one page may be read while another is stored.
    ///
    /// What is known already is met without it: most of what a delta names, and of a full listing
    /// that a person asks for. There it is worked out where needed.
    private func projected(_ page: PulledPage, of kind: Kind) -> PulledPage {
        // Without rules nothing can be stored either, which fails and says so.
        guard let rules = try? store.rulebook.rules(for: kind) else { return page }
        var page = page
        for index in page.items.indices {
            guard case .resource(var resource) = page.items[index], !resource.isTombstone else {
                continue
            }
            resource.projection = rules.projection(of: resource.json)
            page.items[index] = .resource(resource)
        }
        return page
    }

    private func result<Value: Sendable>(
        _ body: () async throws(RemoteError) -> Value
    ) async -> Result<Value, RemoteError> {
        do {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }

    /// Waits in slices, so that a stop does not have to sit out a long back-off.
    private func wait(for duration: Duration) async {
        var left = duration
        while left > .zero, !options.stop.isRequested {
            let slice = min(left, Self.slice)
            do {
                try await environment.clock.wait(for: slice)
            } catch {
                return  // Cancelled: the pass notices at its next step.
            }
            left -= slice
        }
    }

    // MARK: Collections

    /// The collections besides the roots; all are told of before the first is read, since how much
    /// is left depends on all.
    private func announceCollections() async throws -> [CollectionID] {
        let (id, isFull) = (account.id, options.full)
        let found = try await store.read(as: account.user) { transaction in
            try transaction.collections.list(of: id).filter { !$0.isGone && !$0.isRoot }.map {
                (id: $0.id, known: isFull ? try transaction.resources.count(in: $0.id) : 0)
            }
        }
        for (collection, known) in found {
            observer(
                SyncProgress(
                    account: account.name, collection: collection, isRoot: false,
                    phase: .pulling, done: 0, total: known > 0 ? known : nil))
        }
        return found.map(\.id)
    }

    /// The collections that every account has; made when an account is synced for the first time.
    private func prepareRoots() async throws -> [CollectionID] {
        let (id, drafts) = (account.id, connector.roots)
        return try await store.write(as: account.user) { transaction in
            try drafts.map { draft in
                let found = try transaction.collections.find(
                    remoteID: draft.remoteID, kind: draft.kind, in: id)
                return try found?.id
                    ?? transaction.collections.add(draft, to: id, isRoot: true).id
            }
        }
    }

    // MARK: Telling

    private func tell(
        _ event: SyncEngine.Event, _ engine: SyncEngine, roots: Set<CollectionID>
    ) {
        guard case .pass(let id, let passEvent) = event, let answer = passEvent.storeAnswer,
            let tally = engine.outcome(of: id)?.tally, let step = tally.step(after: answer)
        else { return }
        observer(
            SyncProgress(
                account: account.name, collection: id, isRoot: roots.contains(id),
                phase: step.phase, done: step.done, total: step.total))
    }

    private func summarise(_ engine: SyncEngine, traffic: Traffic) async throws -> AccountReport {
        let (accountID, order) = (account.id, engine.order)
        let (waiting, parkedUntil) = try await store.read(as: account.user) { transaction in
            // What waits in a collection that is gone is told, too.
            let gone = try transaction.collections.list(of: accountID).filter(\.isGone).map(\.id)
            let waiting = try (order + gone.filter { !order.contains($0) }).map { id in
                Waiting(
                    collection: try transaction.collections.find(id),
                    conflicts: try transaction.conflicts.count(in: id),
                    quarantined: try transaction.quarantine.count(in: id),
                    held: try transaction.holds.list(in: id).reduce(0) { $0 + $1.deletes })
            }
            return (waiting, try transaction.accounts.find(accountID)?.parkedUntil)
        }
        var report = AccountReport(
            account: account.name, collections: [], traffic: traffic, failure: nil)
        for waiting in waiting {
            guard let collection = waiting.collection else { continue }
            let outcome = engine.outcome(of: collection.id)
            guard outcome != nil || waiting.isAny else { continue }
            var failure = SyncFailure(outcome?.end, of: collection)
            if failure?.error.code == .dailyLimitExceeded { failure?.retryAt = parkedUntil }
            if let failure, failure.error.stopsAccount { report.failure = failure }
            report.collections.append(
                CollectionReport(
                    collection, account: account.name, outcome?.tally ?? PassTally(), waiting,
                    failure))
        }
        return report
    }
}

extension PassEvent {
    /// What a transaction answered, if there was one.
    fileprivate var storeAnswer: StoreAnswer? {
        switch self {
        case .stored(let answer), .storedAndPulled(let answer, _): answer
        case .begin, .pulled, .pushed, .lookedUp, .waited, .goOn, .halt: nil
        }
    }
}

extension PassTally {
    /// How far a pass has come with what a transaction answered; `nil` where that is no news.
    fileprivate func step(
        after answer: StoreAnswer
    ) -> (phase: SyncProgress.Phase, done: Int, total: Int?)? {
        switch answer {
        case .begun:
            return (.pulling, read, expected)
        case .applied(let page):
            // Only the last page says what the account may do, and by then all is known.
            let isLast = page.mayWrite != nil
            return (.pulling, read, isLast ? read : expected.map { max($0, read) })
        case .planned(let plan):
            guard !plan.requests.isEmpty else { return nil }
            return (.pushing, pushed.total, pushed.total + plan.requests.count + remaining)
        case .settled:
            return (.pushing, pushed.total, pushed.total + remaining)
        case .closed:
            return (.finished, read + pushed.total, read + pushed.total)
        case .opened, .deletesPassed:
            return nil
        }
    }
}

/// What waits for a person in one collection, older things included.
struct Waiting: Sendable {
    var collection: RemoteCollection?
    var conflicts: Int
    var quarantined: Int
    var held: Int

    /// Whether anything waits.
    var isAny: Bool { conflicts + quarantined + held > 0 }
}

extension CollectionReport {
    init(
        _ collection: RemoteCollection, account: String, _ tally: PassTally, _ waiting: Waiting,
        _ failure: SyncFailure?
    ) {
        self.init(
            id: collection.id, account: account, kind: collection.kind, name: collection.name,
            listing: tally.listing.rawValue, requests: tally.requests, pulled: tally.pulled,
            pushed: tally.pushed, conflicts: waiting.conflicts,
            quarantined: waiting.quarantined, held: waiting.held,
            unconfirmed: tally.unconfirmed, parked: tally.parked,
            broughtBack: tally.broughtBack, failure: failure)
    }
}

extension SyncFailure {
    /// The failure that a pass ended with, if it did.
    init?(_ end: PassEnd?, of collection: RemoteCollection) {
        switch end {
        case .complete, nil: return nil
        case .unreachable(let error): self.init(error: error, retryAt: nil)
        case .writesParked(let error, let moment):
            self.init(error: error, retryAt: moment ?? collection.parkedUntil)
        case .failed(let error, let moment): self.init(error: error, retryAt: moment)
        }
    }
}
