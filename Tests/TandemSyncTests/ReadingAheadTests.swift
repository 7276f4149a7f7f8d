import LosslessJSON
import TandemCore
import TandemTesting
import Testing

@testable import TandemSync

/// The next page may be read while one is stored.
@Suite struct ReadingAheadTests {
    private static let now = Timestamp(milliseconds: 0)
    private static let opening = PassOpening(
        address: CollectionAddress(remoteID: RemoteID(rawValue: "work"), kind: NoteRules.kind),
        cursor: nil, fullListing: .allowed, mayWrite: true, parkedUntil: nil,
        writesParkedUntil: nil, unconfirmed: [])

    private func page(next: String? = nil) -> Result<PulledPage, RemoteError> {
        .success(
            PulledPage(items: [], next: next, cursor: next == nil ? Cursor(rawValue: "c") : nil))
    }

    private func words(_ effect: PassEffect) -> String {
        switch effect {
        case .store(.apply): "apply"
        case .store(.beginFullListing): "begin"
        case .store(.close): "close"
        case .pull(let request): "pull \(request.page ?? "first")"
        case .storeAndPull(.apply, let request): "apply and pull \(request.page ?? "first")"
        case .wait: "wait"
        case .rest: "rest"
        default: "else"
        }
    }

    /// What a pass does after each event.
    private func run(_ pass: inout CollectionPass, _ events: PassEvent...) -> [String] {
        var effects: [String] = []
        for event in events { effects.append(words(pass.step(event, at: Self.now, fraction: 0))) }
        return effects
    }

    /// A pass that waits for the first page of a full listing.
    private func listing(readsAhead: Bool = true) -> CollectionPass {
        let options = CollectionPass.Options(backoff: Backoff(tries: 5))
        var pass = CollectionPass(CollectionID(rawValue: "a"), options: options)
        pass.readsAhead = readsAhead
        _ = run(&pass, .begin, .stored(.opened(Self.opening)), .stored(.begun(known: 0)))
        return pass
    }

    private func stored(_ page: Result<PulledPage, RemoteError>) -> PassEvent {
        .storedAndPulled(.applied(PageSummary()), page)
    }

    @Test func `every page but the last is stored with the request for the next one`() {
        var pass = listing()
        let effects = run(
            &pass, .pulled(page(next: "2")), stored(page(next: "3")), stored(page()),
            .stored(.applied(PageSummary(mayWrite: true))))
        #expect(effects == ["apply and pull 2", "apply and pull 3", "apply", "rest"])
        #expect(pass.tally.requests == 3)
    }

    @Test func `a pass that may not read ahead holds one page at a time`() {
        var pass = listing(readsAhead: false)
        let effects = run(
            &pass, .pulled(page(next: "2")), .stored(.applied(PageSummary())), .pulled(page()))
        #expect(effects == ["apply", "pull 2", "apply"])
    }

    @Test func `a page that fails meanwhile is asked for again`() {
        var pass = listing()
        let failure = RemoteError(.transient, "Not now.")
        let effects = run(&pass, .pulled(page(next: "2")), stored(.failure(failure)), .waited)
        #expect(effects == ["apply and pull 2", "wait", "pull 2"])
    }

    @Test func `a listing that expires meanwhile is begun anew`() {
        var pass = listing()
        let gone = RemoteError(.cursorExpired, "Gone.")
        let effects = run(&pass, .pulled(page(next: "2")), stored(.failure(gone)))
        #expect(effects == ["apply and pull 2", "begin"])
    }

    @Test func `a stop throws nothing away that was read`() {
        let halt = PassEvent.halt(RemoteError(.cancelled, "Stop."))
        var pass = listing()
        let read = run(
            &pass, .pulled(page(next: "2")), halt, stored(page(next: "3")),
            .stored(.applied(PageSummary())))
        #expect(read.suffix(2) == ["apply", "close"])
        var failing = listing()
        let failure = RemoteError(.transient, "Not now.")
        let failed = run(&failing, .pulled(page(next: "2")), halt, stored(.failure(failure)))
        #expect(failed.last == "close")
    }

    @Test func `an order to wait is kept where the run was stopped by something else`() {
        let order = RemoteError(.throttled, "Later.", retryAfter: .seconds(600))
        var pass = listing()
        _ = run(
            &pass, .pulled(page(next: "2")), .halt(RemoteError(.transient, "Enough.")),
            stored(.failure(order)))
        #expect(pass.end == .failed(order, retryAt: Self.now.advanced(by: .seconds(600))))
    }

    @Test(arguments: [(1, "apply and pull 2"), (2, "apply and pull 2"), (3, "apply"), (4, "apply")])
    func `as many pages are held as if all passes ran`(passes: Int, expected: String) throws {
        var engine = SyncEngine(options: CollectionPass.Options(), seed: 1, at: Self.now)
        let roots = (0..<passes).map { CollectionID(rawValue: "c\($0)") }
        _ = engine.step(.begin(roots: roots), at: Self.now)
        var effects: [SyncEngine.Effect] = []
        for event: PassEvent in [
            .stored(.opened(Self.opening)), .stored(.begun(known: 0)), .pulled(page(next: "2")),
        ] {
            effects = engine.step(.pass(roots[0], event), at: Self.now)
        }
        guard case .pass(_, let effect)? = effects.first else {
            throw RemoteError(.rejected, "No effect.")
        }
        #expect(words(effect) == expected)
    }

    @Test func `a page is not read ahead where it would have to wait`() {
        var budget = RateBudget.reads(at: Self.now)
        let full = budget.hasRoom(at: Self.now)
        for _ in 0..<300 { _ = budget.take(1, at: Self.now) }
        let used = budget.hasRoom(at: Self.now)
        let refilled = budget.hasRoom(at: Self.now.advanced(by: .seconds(1)))
        #expect(full && !used && refilled)
    }
}
