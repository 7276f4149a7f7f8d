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
    private var late: [PushRequest] = []
    var reach = ReachCounters()
    var trace = SimulationTrace()
    static let collections = ["home", "work"]

    /// - Parameters:
    ///   - count: How many replicas there are.
    ///   - seed: Where their chance begins.
    ///   - folder: Where their stores lie; `nil` keeps them in memory.
    /// - Throws: `StoreError`.
    init(replicas count: Int, seed: UInt64, folder: String? = nil) throws {
        provider = MemoryProvider(pageSize: 3, marksHome: true)
        oracle = SimulationOracle()
        for number in 0..<count {
            replicas.append(
                try SimulatedReplica(
                    number, of: provider, collections: Self.collections, clock: clock,
                    seed: seed &+ UInt64(number) &* 0x9E37_79B9,
                    in: folder.map { .folder("\($0)/\(number)") } ?? .memory))
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
        trace.note(provider.version)
        for replica in replicas { trace.note(replica.run?.pending.count ?? -1) }
    }

    private func doIt(_ action: SimulatedAction) throws {
        switch action {
        case .create(let replica, let collection, let token):
            try create(at: this(replica), collection, token)
        case .edit(let replica, let note, let part, let token):
            try edit(at: this(replica), note, part, token)
        case .delete(let replica, let note): try delete(at: this(replica), note)
        case .move(let replica, let note, let collection):
            try move(at: this(replica), note, collection)
        case .resolve(let replica, let conflict, let choice):
            try resolve(at: this(replica), conflict, choice)
        case .decide(let replica, let hold, let releases):
            try decide(at: this(replica), hold, releases)
        case .foreignCreate(let collection, let token):
            let place = Self.place(collection)
            let id = RemoteID(rawValue: "w\(token)")
            provider.put(id, NoteWriter.made(token), in: place)
        case .foreignEdit(let note, let part, let token):
            guard let (place, id, json) = foreign(note) else { return }
            try noteClash(of: "edit", part, with: id, in: place)
            provider.patch(id, NoteWriter.patch(part, token, of: json), in: place)
        case .foreignDelete(let note):
            guard let (place, id, json) = foreign(note) else { return }
            oracle.deletedThere(json)
            try noteClash(of: "delete", nil, with: id, in: place)
            provider.delete(id, in: place)
        case .foreignAgreement(let replica, let note): try agree(with: this(replica), note)
        case .churn: provider.churn()
        case .expireCursors: provider.expireCursors()
        case .spoil(let note):
            guard let (place, id, _) = foreign(note) else { return }
            provider.spoil(id, in: place)
        case .sync(let replica, let full):
            let one = this(replica)
            guard one.run == nil else { return }
            try one.begin(full: full)
        case .deliver(let replica, let effect, let fault):
            try deliver(to: this(replica), effect, fault)
        case .arrive(let number):
            guard !late.isEmpty else { return }
            let request = late.remove(at: number % late.count)
            try apply(request, from: nil)
        case .deliverAndCrash(let replica, let effect):
            let one = this(replica)
            guard one.run != nil else { return }
            reach.note("crash: after an effect")
            try deliver(to: one, effect, .answerLost)
            try one.crash()
        case .crash(let replica):
            let one = this(replica)
            if one.run != nil { reach.note("crash: before an effect") }
            try one.crash()
        case .backUp(let replica):
            guard try this(replica).backUp() else { return }
            oracle.backedUp(replica % replicas.count)
        case .restore(let replica):
            guard try this(replica).restore() else { return }
            reach.note("store: restored")
            oracle.restored(replica % replicas.count)
        case .pass(let seconds):
            clock.advance(by: .seconds(seconds))
        case .setClock(let replica, let ahead):
            this(replica).clock.set(ahead: .seconds(ahead))
        }
    }

    /// Somebody else changes something just as a replica did, before that is sent.
    private func agree(with replica: SimulatedReplica, _ number: Int) throws {
        let dirty = try replica.notes().filter { $0.isDirty && $0.base != nil }
        guard !dirty.isEmpty else { return }
        let row = dirty[number % dirty.count]
        guard let id = row.remoteID, let live = row.live,
            let place = try replica.collections().first(where: { $0.id == row.collection }),
            provider.live(in: place.remoteID).contains(where: { $0.id == id })
        else { return }
        reach.note("clash: the same on both sides")
        provider.patch(id, live, in: place.remoteID)
        oracle.look(at: provider)
    }

    /// Counts what somebody else's deed clashes with at some replica.
    private func noteClash(
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
                reach.note("clash: edit here, \(deed) there")
                continue
            }
            let isSame = live[part.member] != base[part.member]
            reach.note("clash: \(isSame ? "the same part" : "another part") edited there")
        }
    }

    /// Whether something is on its way still.
    var hasLateWrites: Bool { !late.isEmpty }

    private func this(_ number: Int) -> SimulatedReplica { replicas[number % replicas.count] }

    private static func place(_ number: Int) -> RemoteID {
        RemoteID(rawValue: collections[number % collections.count])
    }

    /// A live note at the provider.
    private func foreign(_ number: Int) -> (RemoteID, RemoteID, JSON)? {
        let all = Self.collections.flatMap { name in
            let place = RemoteID(rawValue: name)
            return provider.live(in: place).map { (place, $0.id, $0.json) }
        }
        return all.isEmpty ? nil : all[number % all.count]
    }
}

/// What people do at a replica; what the store refuses changes nothing.
extension SimulatedWorld {
    private func create(
        at replica: SimulatedReplica, _ collection: Int, _ token: Int
    ) throws {
        let places = try replica.collections().filter { !$0.isGone }
        guard !places.isEmpty else { return }
        let place = places[collection % places.count]
        let json = NoteWriter.made(token)
        try editing(replica) { transaction, run in
            let made = try transaction.createLocally(
                json, kind: NoteRules.kind, in: place, run: run)
            return made
        } then: { made in
            oracle.made(token, at: replica.number, made)
        }
    }

    private func edit(
        at replica: SimulatedReplica, _ note: Int, _ part: NotePart, _ token: Int
    ) throws {
        guard let row = try pick(note, at: replica), let live = row.live else { return }
        let patch = NoteWriter.patch(part, token, of: live)
        try editing(replica) { transaction, run in
            try transaction.editLocally(row, to: live.merging(patch), run: run)
        } then: { edited in
            oracle.edited(token, part, at: replica.number, edited, from: live)
        }
    }

    private func delete(at replica: SimulatedReplica, _ note: Int) throws {
        guard let row = try pick(note, at: replica), let live = row.live else { return }
        try editing(replica) { transaction, run in
            try transaction.deleteLocally(row, run: run)
        } then: { _ in
            oracle.deleted(row, live, at: replica.number)
        }
    }

    private func move(at replica: SimulatedReplica, _ note: Int, _ collection: Int) throws {
        guard let row = try pick(note, at: replica) else { return }
        let places = try replica.collections().filter { !$0.isGone && $0.id != row.collection }
        guard !places.isEmpty else { return }
        let place = places[collection % places.count]
        try editing(replica) { transaction, run in
            try transaction.moveLocally(row, to: place, run: run)
        } then: { _ in
        }
    }

    private func resolve(
        at replica: SimulatedReplica, _ number: Int, _ choice: SimulatedAction.Choice
    ) throws {
        let open = try replica.store.readBlocking { try $0.conflicts.list() }
            .filter { $0.resolvedAt == nil }.sorted { $0.id < $1.id }
        guard !open.isEmpty else { return }
        let conflict = open[number % open.count]
        let row = try replica.store.readBlocking { try $0.resources.find(conflict.resource) }
        try editing(replica) { transaction, run in
            try Resolutions(transaction, run: run)
                .resolve(conflict.id, use: choice == .mine ? .mine : .theirs)
        } then: { _ in
            oracle.resolved(conflict, row, choice, at: replica.number)
        }
    }

    private func decide(at replica: SimulatedReplica, _ number: Int, _ releases: Bool) throws {
        let holds = try replica.store.readBlocking { transaction in
            try transaction.collections.list(of: replica.account.id)
                .flatMap { try transaction.holds.list(in: $0.id) }
        }
        guard !holds.isEmpty else { return }
        let hold = holds[number % holds.count]
        try editing(replica) { transaction, run in
            let resolutions = Resolutions(transaction, run: run)
            if releases {
                try resolutions.release(hold.id)
            } else {
                try resolutions.refuse(hold.id)
            }
        } then: { _ in
        }
    }

    private func pick(_ number: Int, at replica: SimulatedReplica) throws -> StoredResource? {
        let notes = try replica.notes()
        return notes.isEmpty ? nil : notes[number % notes.count]
    }

    /// An edit that is refused was not acknowledged, and must have changed nothing.
    private func editing<Value>(
        _ replica: SimulatedReplica,
        _ body: (StoreTransaction, RunID) throws -> Value, then note: (Value) -> Void
    ) throws {
        do {
            let value = try replica.store.writeBlocking { transaction in
                try body(transaction, try transaction.runs.start("edit").id)
            }
            note(value)
        } catch is TandemError {
            reach.note("edit: refused")
        } catch let error as StoreError where error.code == .stale {
            reach.note("edit: stale")
        }
    }
}

/// What a run wants, and what it gets.
extension SimulatedWorld {
    private func deliver(
        to replica: SimulatedReplica, _ number: Int, _ fault: SimulatedFault?
    ) throws {
        guard let run = replica.run else { return }
        guard !run.pending.isEmpty else { return }
        let pending = run.pending[number % run.pending.count]
        let needs = run.needs(pending.number)
        if needs.store, fault != .storeFailed || !needs.page {
            guard fault != .storeFailed else {
                reach.note("store: failed")
                return try replica.crash()
            }
            try replica.run?.store(pending.number)
            replica.end()
            if !needs.page { return }
        }
        switch pending.effect {
        case .store: break
        case .pull(let request), .storeAndPull(let request):
            guard needs.page else { return }
            let page = read(request, at: replica, fault)
            try replica.run?.answer(pending.number, page: page)
        case .push(let requests):
            let answers = try requests.map { try write($0, from: replica, fault) }
            try replica.run?.answer(pending.number, writes: answers)
        case .lookUp(let request):
            try replica.run?.answer(pending.number, found: find(request, fault))
        case .wait(let duration):
            clock.advance(by: duration)
            try replica.run?.waited(pending.number)
        }
        replica.end()
    }

    private func read(
        _ request: PullRequest, at replica: SimulatedReplica, _ fault: SimulatedFault?
    ) -> Result<PulledPage, RemoteError> {
        oracle.requests += 1
        let place = request.collection.remoteID
        if let fault { reach.note("\(fault.rawValue) of a page") }
        switch fault {
        case .pageRepeated:
            guard let last = replica.lastPages[place], request.page != nil else { break }
            return .success(last)
        case .pageEmpty:
            return .success(PulledPage(items: [], next: request.page ?? "@"))
        case .cursorMissing: provider.forgetNextCursor()
        case let fault?:
            if let error = fault.errorOfRead { return .failure(error) }
        case nil: break
        }
        do throws(RemoteError) {
            let page = try provider.pull(request)
            replica.lastPages[place] = page
            return .success(page)
        } catch { return .failure(error) }
    }

    private func write(
        _ request: PushRequest, from replica: SimulatedReplica, _ fault: SimulatedFault?
    ) throws -> Result<RemoteResource, RemoteError> {
        oracle.requests += 1
        if let fault { reach.note("\(fault.rawValue) of \(request.verb.rawValue)") }
        guard let fault else { return try apply(request, from: replica) }
        switch fault {
        case .answerLost, .unreadable:
            _ = try apply(request, from: replica)
            return .failure(RemoteError(.unknownOutcome, "The answer was lost."))
        case .requestLost:
            return .failure(RemoteError(.unknownOutcome, "The request was lost."))
        case .answerLate:
            late.append(request)
            return .failure(RemoteError(.unknownOutcome, "No answer came in time."))
        case .duplicate:
            let first = try apply(request, from: replica)
            _ = try apply(request, from: nil)
            return first
        case .gone where request.verb == .delete:
            // It is taken for proof that the thing is deleted, and rightly so.
            return try apply(request, from: replica)
        case .overtaken:
            overtake(request)
            return try apply(request, from: replica)
        default:
            guard let error = fault.errorOfWrite else {
                return try apply(request, from: replica)
            }
            return .failure(error)
        }
    }

    /// Somebody else writes to the very thing just before.
    private func overtake(_ request: PushRequest) {
        guard let id = request.target else { return }
        let token = oracle.freshToken()
        provider.patch(
            id, ["body": .string(NoteWriter.text(token))], in: request.collection.remoteID)
    }

    /// The write arrives.
    ///
    /// A replica that still waits for it must have known what it overwrites.
    @discardableResult
    private func apply(
        _ request: PushRequest, from replica: SimulatedReplica?
    ) throws -> Result<RemoteResource, RemoteError> {
        let place = request.collection.remoteID
        let before = request.target.flatMap { id in
            provider.live(in: place).first { $0.id == id }?.json
        }
        let answer = provider.push(request)
        guard case .success(let written) = answer else { return answer }
        if request.verb == .delete { oracle.deletedThere(before) }
        try oracle.written(request, before: before, answer: written, by: replica)
        return answer
    }

    private func find(
        _ request: PushRequest, _ fault: SimulatedFault?
    ) -> Result<LookUp, RemoteError> {
        oracle.requests += 1
        if let fault { reach.note("\(fault.rawValue) of a look-up") }
        if let error = fault?.errorOfRead { return .failure(error) }
        do throws(RemoteError) {
            let found = try provider.lookUp(request)
            switch found {
            case .present: reach.note("look-up: present")
            case .tombstone: reach.note("look-up: a tombstone")
            case .absent: reach.note("look-up: absent")
            }
            return .success(found)
        } catch { return .failure(error) }
    }
}

extension SimulatedFault {
    /// What a read gets; `nil` where it means nothing to one.
    var errorOfRead: RemoteError? {
        switch self {
        case .requestLost: RemoteError(.offline, "Nobody answers.")
        case .answerLost, .answerLate, .unreadable, .serverError:
            RemoteError(.transient, "No answer that could be read came.")
        case .cursorExpired: RemoteError(.cursorExpired, "Everything has to be listed again.")
        case .notFound: RemoteError(.notFound, "There is no such thing.")
        default: errorOfAll
        }
    }

    /// What a write gets that is not done; `nil` where it means nothing to one.
    var errorOfWrite: RemoteError? {
        switch self {
        case .serverError: RemoteError(.unknownOutcome, "It failed there.")
        case .quotaExceeded: RemoteError(.quotaExceeded, "Enough for now.")
        case .alreadyExists: RemoteError(.alreadyExists, "It is taken.")
        case .gone: RemoteError(.gone, "It was deleted.")
        case .notFound: RemoteError(.notFound, "There is no such thing.")
        case .preconditionFailed: RemoteError(.preconditionFailed, "It changed.")
        default: errorOfAll
        }
    }

    private var errorOfAll: RemoteError? {
        switch self {
        case .signInNeeded: RemoteError(.signInNeeded, "Consent is gone.")
        case .throttled: RemoteError(.throttled, "Too fast.")
        case .throttledLong: RemoteError(.throttled, "Too fast.", retryAfter: .seconds(600))
        case .dailyLimitExceeded: RemoteError(.dailyLimitExceeded, "Enough for today.")
        default: nil
        }
    }
}
