package import TandemCore
package import TandemStore

/// One account's run, one effect at a time: for simulations, which decide themselves what happens
/// when, and whether at all.
///
/// It does what ``Synchronizer`` does, but for the lease, on the caller's thread: every transaction
/// is one call, and every request is handed out and waits for its answer. To drop it between two
/// calls is what a crash at that moment leaves behind.
package struct SteppedRun {
    /// Something that the engine wants done.
    package struct Pending {
        /// Tells it from the others of the run.
        package let number: Int
        /// What is to be done.
        package let effect: Effect
        fileprivate let collection: CollectionID?
        fileprivate var step: StoreStep?
        fileprivate var stored: StoreAnswer?
        fileprivate var page: Result<PulledPage, RemoteError>?
    }

    /// What is to be done.
    package enum Effect {
        /// A transaction: ``SteppedRun/store(_:)``.
        case store
        /// A page is to be read: ``SteppedRun/answer(_:page:)``.
        case pull(PullRequest)
        /// A page is to be read, and another one to be stored, in any order.
        case storeAndPull(PullRequest)
        /// Writes are to be sent: ``SteppedRun/answer(_:writes:)``.
        case push([PushRequest])
        /// What became of a write is to be found out: ``SteppedRun/answer(_:found:)``.
        case lookUp(PushRequest)
        /// Time is to pass: ``SteppedRun/waited(_:)``.
        case wait(Duration)
    }

    /// What waits to be done, in the order in which it was asked for.
    package private(set) var pending: [Pending] = []
    /// What the run came to; `nil` while it goes on.
    package private(set) var report: AccountReport?

    private let account: Account
    private let store: Store
    private let environment: TandemEnvironment
    private let context: PassContext
    private let options: SyncOptions
    private var engine: SyncEngine
    private var last = 0

    /// Begins a run; the account's lease is the caller's to hold.
    ///
    /// - Throws: `StoreError`.
    package init(
        _ account: Account, through connector: any Connector, store: Store,
        environment: TandemEnvironment, options: SyncOptions, programVersion: String = "1"
    ) throws {
        self.account = account
        self.store = store
        self.environment = environment
        self.options = options
        context = PassContext(
            account.id, through: connector, options, programVersion: programVersion)
        engine = SyncEngine(
            options: CollectionPass.Options(options, of: connector),
            seed: environment.random.next(), at: environment.now())
        let drafts = connector.roots
        let beginning = try store.writeBlocking(as: account.user) { transaction in
            try AccountTransaction(store: transaction, account: account.id)
                .begin(drafts, ignoresParking: options.ignoresParking)
        }
        switch beginning {
        case .roots(let roots): try take(engine.step(.begin(roots: roots), at: environment.now()))
        case .parked(let moment):
            report = AccountTransaction.Beginning.report(of: account.name, until: moment)
        }
    }

    /// Asks to stop at the next safe point.
    package mutating func stop() throws {
        try take(engine.step(.cancel, at: environment.now()))
    }

    /// Does the transaction of an effect.
    /// - Throws: `StoreError`: then the run has ended, as by a crash.
    package mutating func store(_ number: Int) throws {
        guard let place = place(of: number) else { return }
        guard pending[place].collection != nil else {
            pending.remove(at: place)
            return try listCollections()
        }
        guard let step = pending[place].step else { return }
        let answer = try store.writeBlocking(as: account.user) {
            try PassTransaction(store: $0, context: context).perform(step)
        }
        pending[place].stored = answer
        pending[place].step = nil
        try settle(place)
    }

    /// Brings a page, or why there is none.
    package mutating func answer(_ number: Int, page: Result<PulledPage, RemoteError>) throws {
        guard let place = place(of: number) else { return }
        pending[place].page = page
        try settle(place)
    }

    /// Brings the answers of writes, one each.
    package mutating func answer(
        _ number: Int, writes: [Result<RemoteResource, RemoteError>]
    ) throws {
        try finish(number, .pushed(writes))
    }

    /// Brings what was found, or why nothing could be.
    package mutating func answer(_ number: Int, found: Result<LookUp, RemoteError>) throws {
        try finish(number, .lookedUp(found))
    }

    /// Says that the time has passed.
    package mutating func waited(_ number: Int) throws { try finish(number, .waited) }

    /// Whether an effect still has a transaction to do, or a page to be brought.
    package func needs(_ number: Int) -> (store: Bool, page: Bool) {
        guard let place = place(of: number) else { return (false, false) }
        let one = pending[place]
        switch one.effect {
        case .store: return (true, false)
        case .pull: return (false, true)
        case .storeAndPull: return (one.stored == nil, one.page == nil)
        case .push, .lookUp, .wait: return (false, false)
        }
    }

    private func place(of number: Int) -> Int? { pending.firstIndex { $0.number == number } }

    /// An effect of two parts is done when both are.
    private mutating func settle(_ place: Int) throws {
        let one = pending[place]
        switch (one.effect, one.stored, one.page) {
        case (.store, let answer?, _): try finish(one.number, .stored(answer))
        case (.pull, _, let page?): try finish(one.number, .pulled(page))
        case (.storeAndPull, let answer?, let page?):
            try finish(one.number, .storedAndPulled(answer, page))
        default: break
        }
    }

    private mutating func finish(_ number: Int, _ event: PassEvent) throws {
        guard let place = place(of: number), let collection = pending[place].collection else {
            return
        }
        pending.remove(at: place)
        try take(engine.step(.pass(collection, event), at: environment.now()))
    }

    private mutating func listCollections() throws {
        let found = try store.readBlocking(as: account.user) { transaction in
            try AccountTransaction(store: transaction, account: account.id)
                .collections(full: options.full)
        }
        try take(engine.step(.listed(found.map(\.id)), at: environment.now()))
    }

    private mutating func take(_ effects: [SyncEngine.Effect]) throws {
        for effect in effects {
            switch effect {
            case .listCollections: add(.store, nil, nil)
            case .finish: try end()
            case .pass(let collection, let wanted):
                switch wanted {
                case .store(let step): add(.store, collection, step)
                case .pull(let request): add(.pull(request), collection, nil)
                case .storeAndPull(let step, let request):
                    add(.storeAndPull(request), collection, step)
                case .push(let requests): add(.push(requests), collection, nil)
                case .lookUp(let request): add(.lookUp(request), collection, nil)
                case .wait(let duration): add(.wait(duration), collection, nil)
                case .rest, .done:
                    preconditionFailure("The engine keeps the order of passes to itself.")
                }
            }
        }
    }

    private mutating func add(_ effect: Effect, _ collection: CollectionID?, _ step: StoreStep?) {
        last += 1
        pending.append(Pending(number: last, effect: effect, collection: collection, step: step))
    }

    private mutating func end() throws {
        let engine = engine
        if engine.servedAccount {
            try store.writeBlocking(as: account.user) {
                try AccountTransaction(store: $0, account: account.id).unpark()
            }
        }
        report = try store.readBlocking(as: account.user) {
            try AccountTransaction(store: $0, account: account.id)
                .report(engine, name: account.name, traffic: Traffic())
        }
    }
}
