import TandemCore

/// One account's run, as a state machine over the passes of its collections.
///
/// Roots come first, since they tell which other collections there are; the rest run side by side
/// under one budget for reads and one for writes. Of each of these two groups everything is read
/// before anything is sent; where what was sent or met on the way asks for it, both are repeated, a
/// few times at most. A failure that concerns the whole account stops every pass at its next
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
    /// What was read, or has sent all it had, and waits until everything else did, too.
    private var resting: [CollectionID] = []
    /// What rested and is about to go on.
    private var leaving: [CollectionID] = []
    /// The collections that are read before anything of one of them is sent.
    private var group: [CollectionID] = []
    private var stage = Stage.reading
    private var rounds = 1
    private var readsRoots = true
    /// What stopped every pass, if something did.
    private(set) var halt: RemoteError?
    private var laneIsDown = false
    /// Whether anything was answered yet, be it by a refusal.
    private var isReached = false
    private let deadline: Timestamp

    /// What all passes of a group do at the same time.
    private enum Stage: Sendable {
        case reading
        /// Sending; `wasAllRead` where no collection is left that something could lie in unseen.
        case sending(wasAllRead: Bool)
        case ending
    }

    /// So often at most a group reads, or sends.
    private static let mostRounds = 4

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
            (queue, group) = (roots, roots)
            return startPasses(at: now)
        case .listed(let collections):
            queue = collections.filter { passes[$0] == nil }
            (group, stage, rounds) = (queue, .reading, 1)
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
        guard let effect = move(collection, event, at: now) else { return startPasses(at: now) }
        return [effect]
    }

    /// - Returns: What the pass wants; `nil` where it rests, or came to its end.
    private mutating func move(
        _ collection: CollectionID, _ event: PassEvent, at now: Timestamp
    ) -> Effect? {
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
            finish(pass)
            return nil
        case .rest:
            running.removeAll { $0 == collection }
            resting.append(collection)
            return nil
        default:
            return paced(effect, of: collection, at: now)
        }
    }

    private mutating func finish(_ pass: CollectionPass) {
        running.removeAll { $0 == pass.collection }
        if case .failed(let error, _)? = pass.end {
            if error.stopsAccount || (readsRoots && error.isWorthAnotherTry) {
                haltAll(error)
            } else if error.isWorthAnotherTry {
                laneIsDown = true
            }
        }
    }

    private mutating func startPasses(at now: Timestamp) -> [Effect] {
        var effects: [Effect] = []
        repeat {
            while running.count < maximumPasses, let (next, event) = nextToRun() {
                running.append(next)
                if let effect = move(next, event, at: now) { effects.append(effect) }
            }
        } while startStage()
        guard running.isEmpty else { return effects }
        if readsRoots, halt == nil {
            readsRoots = false
            return effects + [.listCollections]
        }
        return effects + [.finish]
    }

    /// The pass that is begun next, or goes on next, and how.
    private mutating func nextToRun() -> (CollectionID, PassEvent)? {
        if halt == nil, !queue.isEmpty {
            let next = queue.removeFirst()
            passes[next] = CollectionPass(next, options: options)
            order.append(next)
            return (next, .begin)
        }
        guard !leaving.isEmpty else { return nil }
        return (leaving.removeFirst(), .goOn(errand))
    }

    /// What the passes that rested do in this stage.
    private var errand: Errand {
        switch stage {
        case .reading: return .readAgain
        case .sending(wasAllRead: false): return .send(.all)
        case .sending(wasAllRead: true):
            // One collection alone has none that something could have moved to.
            guard group.count > 1 else { return .send(.none) }
            return .send(.about(group.flatMap { passes[$0]?.signs ?? [] }))
        case .ending: return .end
        }
    }

    /// Lets the passes that rest go on together, once none of them does anything else.
    /// - Returns: Whether there are any.
    private mutating func startStage() -> Bool {
        guard running.isEmpty, leaving.isEmpty, !resting.isEmpty else { return false }
        stage = stageAfter(stage)
        (leaving, resting) = (resting, [])
        return true
    }

    private mutating func stageAfter(_ stage: Stage) -> Stage {
        guard case .sending(let wasAllRead) = stage else {
            return .sending(wasAllRead: group.allSatisfy { isRead($0) })
        }
        let wishes = resting.compactMap { passes[$0]?.wish }
        guard halt == nil, rounds < Self.mostRounds, !wishes.isEmpty else { return .ending }
        rounds += 1
        let canReadAgain = resting.allSatisfy { passes[$0]?.canReadAgain == true }
        if wishes.contains(.reading), wasAllRead, canReadAgain { return .reading }
        return wishes.contains(.sending) ? stage : .ending
    }

    /// Whether all was read of a collection that can be read at all.
    private func isRead(_ collection: CollectionID) -> Bool {
        if case .unreachable? = passes[collection]?.end { return true }
        return resting.contains(collection)
    }

    /// Tells every running pass to stop where it can; each is still waited for.
    private mutating func haltAll(_ error: RemoteError) {
        guard halt == nil else { return }
        halt = error
        for collection in running + resting + leaving {
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
