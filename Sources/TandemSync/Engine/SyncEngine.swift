import TandemCore

/// One account's run, as a state machine over the passes of its collections.
///
/// Roots come first, since they tell which other collections there are; the rest run side by side
/// under one budget for reads and one for writes. Of each of these two groups everything is read
/// before anything is sent. A failure that concerns the whole account stops every pass at its next
/// safe point; any other failure stays in its own pass.
struct SyncEngine: Sendable {
    /// What happened.
    enum Event: Sendable {
        /// The run may start; these are the account's root collections.
        case begin(roots: [CollectionID])
        /// The collections that the roots brought.
        case listed([CollectionID])
        /// What happened in one pass.
        case pass(CollectionID, PassEvent)
        /// A person or the system asks to stop.
        case cancel
    }

    /// What to do.
    enum Effect: Sendable {
        /// Read which collections the account has besides its roots.
        case listCollections
        /// Do what a pass wants.
        case pass(CollectionID, PassEffect)
        /// Everything is done.
        case finish
    }

    private let options: CollectionPass.Options
    private let maximumPasses: Int
    private var random: SplitMix64
    private var reads: RateBudget
    private var writes: RateBudget
    private var passes: [CollectionID: CollectionPass] = [:]
    private var delayed: [CollectionID: PassEffect] = [:]
    private var queue: [CollectionID] = []
    private var running: [CollectionID] = []
    /// What was read and waits until everything else was.
    private var resting: [CollectionID] = []
    private var isSending = false
    private var readsRoots = true
    /// What stopped every pass, if something did.
    private(set) var halt: RemoteError?
    private var laneIsDown = false
    /// Whether anything was answered yet, be it by a refusal.
    private var isReached = false
    private let deadline: Timestamp

    /// No run takes longer; what it did not get to, the next one does.
    private static let longestRun = Duration.seconds(900)

    /// The passes in the order they were begun.
    private(set) var order: [CollectionID] = []

    init(
        options: CollectionPass.Options, seed: UInt64, maximumPasses: Int = 4, at now: Timestamp
    ) {
        self.options = options
        self.maximumPasses = maximumPasses
        random = SplitMix64(seed: seed)
        deadline = now.advanced(by: Self.longestRun)
        reads = .reads(at: now)
        writes = .writes(at: now)
    }

    /// What a pass counted, and how it ended; `nil` before it began.
    func outcome(of collection: CollectionID) -> (tally: PassTally, end: PassEnd?)? {
        passes[collection].map { ($0.tally, $0.end) }
    }

    /// Whether the provider served the account again, for all that is known.
    var servedAccount: Bool { halt == nil && order.contains { passes[$0]?.end == .complete } }

    /// Takes what happened, says what to do.
    mutating func step(_ event: Event, at now: Timestamp) -> [Effect] {
        if now > deadline {
            haltAll(
                RemoteError(.transient, "The run took fifteen minutes; the next one goes on."))
        }
        switch event {
        case .begin(let roots):
            queue = roots
            return startPasses(at: now)
        case .listed(let collections):
            queue = collections.filter { passes[$0] == nil }
            return startPasses(at: now)
        case .cancel:
            haltAll(RemoteError(.cancelled, "Stopped; what was acknowledged is stored."))
            return []
        case .pass(let collection, .waited):
            guard let effect = delayed.removeValue(forKey: collection) else {
                return advance(collection, .waited, at: now)
            }
            // Stopped meanwhile: what waited for its turn is not sent any more.
            guard halt != nil, let unsent = effect.unsent else {
                return [.pass(collection, effect)]
            }
            return advance(collection, unsent, at: now)
        case .pass(let collection, let passEvent):
            return advance(collection, passEvent, at: now)
        }
    }

    private mutating func advance(
        _ collection: CollectionID, _ event: PassEvent, at now: Timestamp
    ) -> [Effect] {
        noteThrottling(event, at: now)
        guard var pass = passes[collection] else {
            preconditionFailure("No pass for \(collection) was begun.")
        }
        isReached = isReached || event.isAnswer
        pass.isReached = isReached
        pass.givesUpEarly = laneIsDown
        // As many pages are held as if all passes ran, and none waits for the budget to be stored.
        pass.readsAhead = 2 * running.count <= maximumPasses && reads.hasRoom(at: now)
        let effect = pass.step(event, at: now, fraction: random.fraction())
        passes[collection] = pass
        switch effect {
        case .done:
            return finish(pass, at: now)
        case .rest:
            running.removeAll { $0 == collection }
            resting.append(collection)
            return startPasses(at: now)
        default:
            return [paced(effect, of: collection, at: now)]
        }
    }

    private mutating func finish(_ pass: CollectionPass, at now: Timestamp) -> [Effect] {
        running.removeAll { $0 == pass.collection }
        if case .failed(let error, _)? = pass.end {
            if error.stopsAccount || (readsRoots && error.isWorthAnotherTry) {
                haltAll(error)
            } else if error.isWorthAnotherTry {
                laneIsDown = true
            }
        }
        return startPasses(at: now)
    }

    private mutating func startPasses(at now: Timestamp) -> [Effect] {
        var effects: [Effect] = []
        while halt == nil, running.count < maximumPasses, !queue.isEmpty {
            let next = queue.removeFirst()
            passes[next] = CollectionPass(next, options: options)
            order.append(next)
            running.append(next)
            effects += advance(next, .begin, at: now)
        }
        while isSending || running.isEmpty, halt != nil || queue.isEmpty, !resting.isEmpty,
            running.count < maximumPasses
        {
            isSending = true
            let next = resting.removeFirst()
            running.append(next)
            effects += advance(next, .goOn, at: now)
        }
        guard running.isEmpty, resting.isEmpty, queue.isEmpty || halt != nil else {
            return effects
        }
        isSending = false
        if readsRoots, halt == nil {
            readsRoots = false
            return effects + [.listCollections]
        }
        return effects + [.finish]
    }

    /// Tells every running pass to stop where it can; each is still waited for.
    private mutating func haltAll(_ error: RemoteError) {
        guard halt == nil else { return }
        halt = error
        for collection in running + resting {
            // A pass that runs only notes the wish; it acts on it when its effect comes back.
            _ = passes[collection]?.step(
                .halt(error), at: Timestamp(milliseconds: 0), fraction: 0)
        }
    }

    private mutating func noteThrottling(_ event: PassEvent, at now: Timestamp) {
        switch event {
        case .pulled(.failure(let error)) where error.code == .throttled,
            .storedAndPulled(_, .failure(let error)) where error.code == .throttled,
            .lookedUp(.failure(let error)) where error.code == .throttled:
            reads.slowDown(at: now)
        case .pushed(let answers)
        where answers.contains(where: {
            if case .failure(let error) = $0 { error.code == .throttled } else { false }
        }):
            writes.slowDown(at: now)
        default:
            break
        }
    }

    /// Puts a wait before a remote effect that the budget does not allow yet.
    private mutating func paced(
        _ effect: PassEffect, of collection: CollectionID, at now: Timestamp
    ) -> Effect {
        let wait: Duration =
            switch effect {
            case .pull, .storeAndPull, .lookUp: reads.take(1, at: now)
            case .push(let requests): writes.take(requests.count, at: now)
            case .store, .wait, .rest, .done: .zero
            }
        guard wait > .zero else { return .pass(collection, effect) }
        delayed[collection] = effect
        return .pass(collection, .wait(wait))
    }
}

extension PassEvent {
    /// Whether the provider said something.
    fileprivate var isAnswer: Bool {
        func isAnswer<Value>(_ result: Result<Value, RemoteError>) -> Bool {
            guard case .failure(let error) = result else { return true }
            return error.code != .offline
        }
        return switch self {
        case .pulled(let answer), .storedAndPulled(_, let answer): isAnswer(answer)
        case .lookedUp(let answer): isAnswer(answer)
        case .pushed(let answers): answers.contains { isAnswer($0) }
        case .begin, .stored, .waited, .goOn, .halt: false
        }
    }
}

extension PassEffect {
    /// What it means to a pass that a remote effect was never begun.
    fileprivate var unsent: PassEvent? {
        let error = RemoteError(.offline, "Stopped before it was sent.")
        switch self {
        case .pull: return .pulled(.failure(error))
        case .push(let requests): return .pushed(requests.map { _ in .failure(error) })
        case .lookUp: return .lookedUp(.failure(error))
        case .store, .storeAndPull, .wait, .rest, .done: return nil
        }
    }
}
