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
        let (drafts, ignoresParking) = (connector.roots, options.ignoresParking)
        let beginning = try await write { try $0.begin(drafts, ignoresParking: ignoresParking) }
        let roots: [CollectionID]
        switch beginning {
        case .roots(let found): roots = found
        case .parked(let moment):
            return AccountTransaction.Beginning.report(of: account.name, until: moment)
        }
        let before = connector.traffic
        let engine = try await drive(roots: roots)
        let after = connector.traffic
        if engine.servedAccount { try await write { try $0.unpark() } }
        let traffic = Traffic(
            requests: after.requests - before.requests, bytes: after.bytes - before.bytes)
        let (id, name) = (account.id, account.name)
        return try await store.read(as: account.user) { transaction in
            try AccountTransaction(store: transaction, account: id)
                .report(engine, name: name, traffic: traffic)
        }
    }

    private func write<Value: Sendable>(
        _ body: @escaping @Sendable (AccountTransaction) throws -> Value
    ) async throws -> Value {
        let id = account.id
        return try await store.write(as: account.user) {
            try body(AccountTransaction(store: $0, account: id))
        }
    }

    private func drive(roots: [CollectionID]) async throws -> SyncEngine {
        let isRoot = Set(roots)
        var engine = SyncEngine(
            options: CollectionPass.Options(options, of: connector),
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
            try AccountTransaction(store: transaction, account: id).collections(full: isFull)
        }
        for (collection, known) in found {
            observer(
                SyncProgress(
                    account: account.name, collection: collection, isRoot: false,
                    phase: .pulling, done: 0, total: known > 0 ? known : nil))
        }
        return found.map(\.id)
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

extension CollectionPass.Options {
    /// What a caller asks, and what a provider can do.
    init(_ options: SyncOptions, of connector: any Connector) {
        self.init(
            full: options.full, ignoresParking: options.ignoresParking,
            maximumBatch: connector.capabilities.maximumBatch,
            backoff: Backoff(tries: options.tries), triesUntilReached: options.triesUntilReached)
    }
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
