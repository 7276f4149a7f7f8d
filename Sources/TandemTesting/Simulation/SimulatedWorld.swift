import LosslessJSON
import TandemCore
import TandemStore
import TandemSync

/// A provider, several replicas of one account on it, and everybody who changes something.
///
/// Nothing in it happens by itself: ``perform(_:)`` does one thing, and the same list of things
/// leads to the same end wherever it is repeated.
final class SimulatedWorld {
    let clock = VirtualClock(longestStep: .zero)
    let provider: MemoryProvider
    let oracle: SimulationOracle
    private(set) var replicas: [SimulatedReplica] = []
    /// Writes whose answers were given up, and which arrive later.
    var late: [PushRequest] = [] {
        didSet { hasBeenLate = hasBeenLate || !late.isEmpty }
    }
    /// Whether there was ever one: then an older value of a person may meet a newer one.
    private(set) var hasBeenLate = false
    var reach = ReachCounters()
    var trace = SimulationTrace()
    /// What runs did so far: transactions, requests with their answers, and waits.
    var effects = 0
    /// How many holds were decided on at rest.
    var holdsDecided: Int
    /// Who tells what happens to one thing, if anybody does.
    var teller: WorldTeller?
    static let collections = ["home", "work"]

    /// - Parameters:
    ///   - count: How many replicas there are.
    ///   - seed: Where their chance begins.
    ///   - folder: Where their stores lie; `nil` keeps them in memory.
    ///   - stores: Those in memory.
    /// - Throws: `StoreError`.
    init(
        replicas count: Int, seed: UInt64, folder: String?, stores: SimulatedStores
    ) throws {
        // Every second world releases first.
        holdsDecided = Int(seed % 2)
        provider = MemoryProvider(pageSize: 3, marksHome: true, tendsSeries: true)
        oracle = SimulationOracle()
        for number in 0..<count {
            replicas.append(
                try SimulatedReplica(
                    number, of: provider, collections: Self.collections, clock: clock,
                    seed: seed &+ UInt64(number) &* 0x9E37_79B9,
                    in: folder.map { .folder("\($0)/\(number)") } ?? .memory(stores)))
        }
    }

    /// Gives the stores back.
    func close() throws {
        for replica in replicas { try replica.close() }
    }

    /// Does one thing.
    ///
    /// - Throws: ``SimulationFailure`` where a promise was broken.
    func perform(_ action: SimulatedAction) throws {
        try doIt(action)
        try tell(after: action)
        trace.note(provider.version)
        for replica in replicas { trace.note(replica.run?.pending.count ?? -1) }
    }

    /// What machines and their programs do; the rest is done by people.
    private func doIt(_ action: SimulatedAction) throws {
        if let oddity = SimulatedOddity(action) { oracle.met.insert(oddity) }
        switch action {
        case .sync(let replica, let full):
            let one = this(replica)
            guard one.run == nil else { return }
            oracle.requestWatch.began(one.number, full: full, at: clock.now())
            if try one.mayLackSomething() { oracle.listsAgain(one.number) }
            try one.begin(full: full)
        case .deliver(let replica, let effect, let fault):
            try deliver(to: this(replica), effect, fault)
        case .arrive(let number):
            guard !late.isEmpty else { return }
            let request = late.remove(at: number % late.count)
            oracle.log.arrived(request.body ?? [:])
            try apply(request, from: nil)
        case .deliverAndCrash(let replica, let effect):
            let one = this(replica)
            guard one.run != nil else { return }
            reach.note("crash: after an effect")
            try deliver(to: one, effect, .answerLost)
            try crash(one)
        case .crash(let replica):
            let one = this(replica)
            if one.run != nil { reach.note("crash: before an effect") }
            try crash(one)
        case .backUp(let replica):
            guard try this(replica).backUp() else { return }
            oracle.backedUp(replica % replicas.count)
        case .restore(let replica):
            guard try this(replica).restore() else { return }
            reach.note("store: restored")
            oracle.restored(replica % replicas.count)
            try noteRestored(this(replica))
        case .pass(let seconds):
            clock.advance(by: .seconds(seconds))
        case .setClock(let replica, let ahead):
            reach.note("clock: set")
            this(replica).clock.set(ahead: .seconds(ahead))
            oracle.requestWatch.forget(replica % replicas.count)
        case .churn: provider.churn()
        case .expireCursors:
            provider.expireCursors()
            for replica in replicas { oracle.listsAgain(replica.number) }
        default: try doElsewhere(action)
        }
    }

    /// A program ends, and what it was told with it.
    func crash(_ replica: SimulatedReplica) throws {
        try replica.crash()
        oracle.requestWatch.forget(replica.number)
    }

    /// What an older copy of a store had in hand may go on from there.
    private func noteRestored(_ replica: SimulatedReplica) throws {
        oracle.requestWatch.restored(replica.number)
        oracle.listsAgain(replica.number)
        try oracle.log.restored(replica)
        for row in try replica.notes() where row.isDirty { oracle.deaths.touched(row.live) }
    }

    /// Somebody else changes something just as a replica did, before that is sent.
    func agree(with replica: SimulatedReplica, _ number: Int) throws {
        let dirty = try replica.notes().filter { $0.isDirty && $0.base != nil }
        guard !dirty.isEmpty else { return }
        let row = dirty[number % dirty.count]
        guard let id = row.remoteID, let live = row.live,
            let place = try replica.collections().first(where: { $0.id == row.collection }),
            provider.live(in: place.remoteID).contains(where: { $0.id == id })
        else { return }
        reach.note("clash: the same on both sides")
        provider.patch(id, live, in: place.remoteID)
        oracle.deaths.touched(live)
        oracle.merging.wrote(live)
        oracle.log.agreed(live)
        oracle.look(at: provider)
    }

    /// Counts what somebody else's deed clashes with at some replica.
    func noteClash(
        of deed: String, _ part: NotePart?, with id: RemoteID, in place: RemoteID
    ) throws {
        for replica in replicas {
            guard let row = try replica.row(id, in: place), row.isDirty else { continue }
            guard let live = row.live else {
                reach.note("clash: delete here, \(deed) there")
                continue
            }
            if row.movedFrom != nil { reach.note("clash: move here, \(deed) there") }
            guard let base = row.base, let part else {
                let hasGuests = !NoteRules().mayRecreate(live)
                reach.note("clash: edit here\(hasGuests ? " of guests" : ""), \(deed) there")
                continue
            }
            let isSame = live[part.member] != base[part.member]
            reach.note("clash: \(isSame ? "the same part" : "another part") edited there")
        }
    }

    /// What an effect of a replica's run asks for; `nil` where it asks for nothing.
    func sort(ofEffect number: Int, at replica: Int) -> SimulatedEffect? {
        this(replica).sort(ofEffect: number)
    }

    /// Whether something is on its way still.
    var hasLateWrites: Bool { !late.isEmpty }

    func this(_ number: Int) -> SimulatedReplica { replicas[number % replicas.count] }

    static func place(_ number: Int) -> RemoteID {
        RemoteID(rawValue: collections[number % collections.count])
    }
}
