import TandemCore

/// One run for one collection, as a state machine: pull, reconcile, push, adopt the answers.
///
/// It waits for exactly one effect at a time and holds no I/O: every event answers with the next
/// effect. Whatever it must not forget was committed by the effect before.
///
/// ```
/// new → opening → lookingUp* → [beginningFull] → pulling ⇄ applying → resting → [deleting]
///     → planning ⇄ pushing → settling → lookingUp* → planning … → sent → closing → closed
/// ```
/// While a page is applied, the next one may be read, so that provider and store work at the same
/// time. `waiting` may stand before each remote effect and leads back to it. `resting` ends when every
/// other collection was read, too: only then is it known what was deleted and what was moved. So does
/// `sent` when every other one has sent what it had: what came of that may lead back to `pulling`, or
/// to `planning`.
struct CollectionPass: Sendable {
    let collection: CollectionID
    private let options: Options
    private var state = State.new
    private var opening: PassOpening?
    private var failures = 0
    private var restarts = 0
    private var pages: Set<String> = []
    private var halted: RemoteError?
    private var asksForDeletes = false
    private var doubt = Doubt.none
    /// What the provider called gone since this pass began to read, in the order in which it did.
    private(set) var signs: [ResourceID] = []
    /// What may settle more of what waits, once everybody has sent what there was.
    private(set) var wish: Wish?
    private(set) var tally = PassTally()
    private(set) var end: PassEnd?

    /// More pages than any collection has: 25 million events.
    private static let mostPages = 10_000

    /// Set once the account's lane is down: a failing request is then not tried again.
    var givesUpEarly = false

    /// Whether the next page may be read while one is stored, which keeps two of them in memory.
    var readsAhead = false

    /// Set once anything of the account was answered in this run.
    var isReached = false

    init(_ collection: CollectionID, options: Options) {
        self.collection = collection
        self.options = options
    }

    /// Takes what happened, says what to do next.
    ///
    /// - Parameters:
    ///   - event: What happened to the effect before.
    ///   - now: The moment it is.
    ///   - fraction: Chance from 0 up to 1, for waits.
    /// - Returns: The one thing to do next.
    mutating func step(_ event: PassEvent, at now: Timestamp, fraction: Double) -> PassEffect {
        switch (state, event) {
        case (_, .halt(let error)):
            halted = halted ?? error
            if case .new = state { return close(.failed(error, retryAt: nil)) }
            return .done
        case (.new, .begin):
            state = .opening
            return .store(.open(collection, full: options.full))
        case (.opening, .stored(.opened(let opening))):
            self.opening = opening
            return takeOpening(opening, at: now)
        case (.lookingUp(let request, let rest, let then), .lookedUp(let answer)):
            return takeLookUp(answer, of: request, rest, then, at: now, fraction)
        case (.resolving(let rest, let then), .stored(.settled(let summary))):
            note(summary)
            return lookUp(rest + summary.lookUps, then: then, at: now)
        case (.beginningFull, .stored(.begun(let known))):
            tally.read = 0
            tally.expected = known > 0 ? known : nil
            return pull(.full, page: nil)
        case (.pulling(let listing, let page), .pulled(let answer)):
            return takePage(answer, listing, page, at: now, fraction)
        case (.applying(let listing, let next), .stored(.applied(let summary))):
            note(summary)
            if let mayWrite = summary.mayWrite { opening?.mayWrite = mayWrite }
            guard let next else {
                asksForDeletes = summary.asksForDeletes
                state = .resting
                return .rest
            }
            return pull(listing, page: next)
        case (
            .applying(let listing, let next?), .storedAndPulled(.applied(let summary), let answer)
        ):
            note(summary)
            return takePage(answer, listing, next, at: now, fraction)
        case (.resting, .goOn(.send(let doubt))):
            (self.doubt, wish) = (doubt, nil)
            // Where not all was read, it is not known what moved; the next run decides then.
            guard asksForDeletes, halted == nil else { return startPushing(at: now) }
            state = .deleting
            return .store(.passDeletes(collection))
        case (.deleting, .stored(.deletesPassed(let summary))):
            tally.add(summary)
            return startPushing(at: now)
        case (.planning, .stored(.planned(let plan))):
            return takePlan(plan)
        case (.pushing(let requests), .pushed(let answers)):
            state = .settling
            let settled = zip(requests, answers).map { SettledWrite(request: $0, answer: $1) }
            return .store(.settle(collection, settled))
        case (.settling, .stored(.settled(let summary))):
            return takeSettlement(summary, at: now, fraction)
        case (.sent, .goOn(let errand)):
            return take(errand, at: now)
        case (.waiting(let resumption), .waited):
            return resume(resumption, at: now)
        case (.closing, .stored(.closed)):
            state = .closed
            return .done
        default:
            preconditionFailure("A pass met \(event) in \(state), which no effect of its led to.")
        }
    }

    // MARK: Reading

    /// What a provider asked for is kept, even when a person asks to sync; `ignoresParking` is for
    /// those who know better.
    private mutating func takeOpening(_ opening: PassOpening, at now: Timestamp) -> PassEffect {
        if let moment = opening.parkedUntil, moment > now, !options.ignoresParking {
            let error = RemoteError(
                .throttled, "The provider asked to wait until \(moment.rfc3339).",
                retryAfter: moment.duration(since: now))
            return close(.failed(error, retryAt: moment))
        }
        return lookUp(opening.unconfirmed, then: .pull, at: now)
    }

    private mutating func startPulling(at now: Timestamp) -> PassEffect {
        guard !options.full, let cursor = opening?.cursor else {
            return beginFullListing(at: now)
        }
        return pull(.delta(cursor), page: nil)
    }

    /// A cursor that keeps expiring must not turn every pass into a full listing.
    private mutating func beginFullListing(at now: Timestamp) -> PassEffect {
        if !options.full, case .notBefore(let moment)? = opening?.fullListing, moment > now {
            let error = RemoteError(
                .cursorExpired,
                "The provider no longer knows where the last sync ended, and everything was listed "
                    + "a short while ago; it is listed again later, or now with --full.")
            return close(.failed(error, retryAt: moment))
        }
        tally.listing = .full
        state = .beginningFull
        return .store(.beginFullListing(collection))
    }

    private mutating func pull(_ listing: Listing, page: String?) -> PassEffect {
        if let stop = stopIfHalted() { return stop }
        if tally.listing != .full { tally.listing = listing == .full ? .full : .delta }
        if page == nil { pages = [] }
        state = .pulling(listing, page: page)
        return .pull(request(listing, page: page))
    }

    private mutating func request(_ listing: Listing, page: String?) -> PullRequest {
        guard let address = opening?.address else {
            preconditionFailure("A pass pulls only after it was opened.")
        }
        tally.requests += 1
        return PullRequest(collection: address, cursor: listing.cursor, page: page)
    }

    private mutating func takePage(
        _ answer: Result<PulledPage, RemoteError>, _ listing: Listing, _ page: String?,
        at now: Timestamp, _ fraction: Double
    ) -> PassEffect {
        switch answer {
        case .success(let pulled):
            if let next = pulled.next {
                guard pages.insert(next).inserted, pages.count < Self.mostPages else {
                    let error = RemoteError(
                        .transient, "The provider's pages lead round in a circle, or never end.")
                    return close(.failed(error, retryAt: nil))
                }
            }
            failures = 0
            if pulled.next == nil { opening?.cursor = pulled.cursor ?? listing.cursor }
            state = .applying(listing, next: pulled.next)
            let step = StoreStep.apply(pulled, to: collection, listing: listing)
            guard readsAhead, let next = pulled.next, halted == nil else { return .store(step) }
            return .storeAndPull(step, request(listing, page: next))
        case .failure(let error) where error.code == .cursorExpired && restarts < 2:
            restarts += 1
            return beginFullListing(at: now)
        case .failure(let error) where error.isRefusalOfCollection:
            return close(.unreachable(error))
        case .failure(let error) where error.isWorthAnotherTry:
            return waitOrFail(.pull(listing, page: page), error, at: now, fraction)
        case .failure(let error):
            return close(.failed(error, retryAt: nil))
        }
    }

    // MARK: Writing

    private mutating func startPushing(at now: Timestamp) -> PassEffect {
        guard let opening else { preconditionFailure("A pass pushes only after it was opened.") }
        guard opening.mayWrite else { return restWhenSent() }
        if let moment = opening.writesParkedUntil, moment > now, !options.ignoresParking {
            let error = RemoteError(
                .quotaExceeded, "Writes rest until \(moment.rfc3339) after a usage limit.",
                reason: "quotaExceeded")
            return close(.writesParked(error, until: moment))
        }
        return plan()
    }

    private mutating func plan() -> PassEffect {
        if let stop = stopIfHalted() { return stop }
        state = .planning
        return .store(
            .plan(collection, limit: options.maximumBatch, doubt: doubt.joined(by: signs)))
    }

    private mutating func takePlan(_ plan: PushPlan) -> PassEffect {
        tally.held += plan.held
        tally.conflicts += plan.conflicts
        tally.quarantined += plan.quarantined
        tally.remaining = plan.remaining
        tally.parked = plan.parked + plan.undecided
        signs += plan.signs
        if plan.hasRevived { wish = wish ?? .sending }
        guard !plan.requests.isEmpty else {
            if plan.undecided > 0 { wish = .reading }
            return restWhenSent()
        }
        tally.requests += 1
        state = .pushing(plan.requests)
        return .push(plan.requests)
    }

    private mutating func takeSettlement(
        _ summary: SettleSummary, at now: Timestamp, _ fraction: Double
    ) -> PassEffect {
        note(summary)
        guard let halt = summary.halt else {
            failures = 0
            return lookUp(summary.lookUps, then: .plan, at: now)
        }
        if halt.code == .quotaExceeded {
            tally.unconfirmed += summary.lookUps.count
            return close(.writesParked(halt, until: nil))
        }
        guard halt.isWorthAnotherTry else {
            tally.unconfirmed += summary.lookUps.count
            return close(.failed(halt, retryAt: nil))
        }
        return waitOrFail(.lookUps(summary.lookUps, then: .plan), halt, at: now, fraction)
    }

    // MARK: Rounds

    /// Whether what changed since it was read last can be asked for.
    var canReadAgain: Bool { opening?.cursor != nil }

    private mutating func restWhenSent() -> PassEffect {
        state = .sent
        return .rest
    }

    private mutating func take(_ errand: Errand, at now: Timestamp) -> PassEffect {
        wish = nil
        switch errand {
        case .end:
            return close(.complete)
        case .send(let doubt):
            self.doubt = doubt
            return startPushing(at: now)
        case .readAgain:
            signs = []
            guard let cursor = opening?.cursor else { return restWhenSent() }
            return pull(.delta(cursor), page: nil)
        }
    }

    private mutating func note(_ summary: PageSummary) {
        tally.add(summary)
        signs += summary.signs
    }

    private mutating func note(_ summary: SettleSummary) {
        tally.add(summary)
        signs += summary.signs
        if summary.hasMoved { wish = wish ?? .sending }
    }

    // MARK: Looking up

    private mutating func lookUp(
        _ requests: [PushRequest], then stage: Stage, at now: Timestamp
    ) -> PassEffect {
        guard let first = requests.first else {
            return stage == .pull ? startPulling(at: now) : plan()
        }
        if let halted {
            tally.unconfirmed += requests.count
            return close(.failed(halted, retryAt: nil))
        }
        tally.requests += 1
        state = .lookingUp(first, rest: Array(requests.dropFirst()), then: stage)
        return .lookUp(first)
    }

    private mutating func takeLookUp(
        _ answer: Result<LookUp, RemoteError>, of request: PushRequest, _ rest: [PushRequest],
        _ stage: Stage, at now: Timestamp, _ fraction: Double
    ) -> PassEffect {
        switch answer {
        case .success(let found):
            failures = 0
            state = .resolving(rest: rest, then: stage)
            return .store(.resolve(collection, request, found))
        case .failure(let error) where error.isWorthAnotherTry:
            return waitOrFail(.lookUps([request] + rest, then: stage), error, at: now, fraction)
        case .failure(let error) where error.stopsAccount:
            tally.unconfirmed += rest.count + 1
            return close(.failed(error, retryAt: nil))
        case .failure:
            // What became of this write stays unknown, and it is not sent again before that is
            // known; nothing else waits for it.
            tally.unconfirmed += 1
            return lookUp(rest, then: stage, at: now)
        }
    }

    // MARK: Waiting and ending

    private mutating func waitOrFail(
        _ resumption: Resumption, _ error: RemoteError, at now: Timestamp, _ fraction: Double
    ) -> PassEffect {
        failures += 1
        let wait = options.backoff.wait(
            afterFailures: failures, fraction: fraction, floor: error.retryAfter)
        guard !givesUpEarly, halted == nil, !isOutOfReach(error), let wait else {
            if case .lookUps(let requests, .pull) = resumption, error.code == .transient,
                halted == nil, !givesUpEarly
            {
                // One write whose outcome cannot be learned must not keep all from being read.
                tally.unconfirmed += requests.count
                failures = 0
                return lookUp([], then: .pull, at: now)
            }
            if case .lookUps(let requests, _) = resumption { tally.unconfirmed += requests.count }
            let retryAt = error.retryAfter.map { now.advanced(by: $0) }
            // What a provider asks for binds the next run, whatever stopped this one.
            let isOrder = error.code == .throttled && retryAt != nil
            guard let halted, !isOrder else { return close(.failed(error, retryAt: retryAt)) }
            return close(.failed(halted, retryAt: nil))
        }
        state = .waiting(resumption)
        return .wait(wait)
    }

    /// Whether waiting for a provider that nobody has met yet takes too long for whoever asked.
    private func isOutOfReach(_ error: RemoteError) -> Bool {
        guard !isReached, error.code == .offline, let tries = options.triesUntilReached else {
            return false
        }
        return failures >= tries
    }

    private mutating func resume(_ resumption: Resumption, at now: Timestamp) -> PassEffect {
        switch resumption {
        case .pull(let listing, let page): pull(listing, page: page)
        case .lookUps(let requests, let stage): lookUp(requests, then: stage, at: now)
        }
    }

    private mutating func stopIfHalted() -> PassEffect? {
        halted.map { close(.failed($0, retryAt: nil)) }
    }

    private mutating func close(_ end: PassEnd) -> PassEffect {
        self.end = end
        state = .closing
        return .store(.close(collection, end))
    }
}
