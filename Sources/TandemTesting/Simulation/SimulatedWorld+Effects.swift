import LosslessJSON
import TandemCore
import TandemStore
import TandemSync

/// What a run wants, and what it gets.
extension SimulatedWorld {
    func deliver(
        to replica: SimulatedReplica, _ number: Int, _ fault: SimulatedFault?
    ) throws {
        guard let run = replica.run else { return }
        guard !run.pending.isEmpty else { return }
        let pending = run.pending[number % run.pending.count]
        let needs = run.needs(pending.number)
        if needs.store, fault != .storeFailed || !needs.page {
            guard fault != .storeFailed else {
                reach.note("store: failed")
                return try crash(replica)
            }
            effects += 1
            try replica.run?.store(pending.number)
            try oracle.stored(at: replica)
            end(of: replica)
            if !needs.page { return }
        }
        effects += 1
        switch pending.effect {
        case .store: break
        case .pull(let request), .storeAndPull(let request):
            guard needs.page else { return }
            let page = try read(request, at: replica, fault)
            teller?.tell(request, page, of: replica.number)
            try replica.run?.answer(pending.number, page: page)
        case .push(let requests):
            let answers = try requests.map { try write($0, from: replica, fault) }
            teller?.tell(requests, answers, of: replica.number)
            try replica.run?.answer(pending.number, writes: answers)
        case .lookUp(let request):
            let found = try find(request, at: replica, fault)
            teller?.tell(request, found, of: replica.number)
            try replica.run?.answer(pending.number, found: found)
        case .wait(let duration):
            oracle.requestWatch.waits(duration)
            clock.advance(by: duration)
            try replica.run?.waited(pending.number)
        }
        end(of: replica)
    }

    /// Counts how a run ended, once it did.
    private func end(of replica: SimulatedReplica) {
        guard let report = replica.end() else { return }
        for failure in report.failures { reach.note("run ended: \(failure.error.code)") }
        for collection in report.collections {
            if !collection.broughtBack.isEmpty { reach.note("delete: overruled") }
            if collection.parked > 0 { reach.note("edit: rests") }
            if collection.unconfirmed > 0 { reach.note("edit: unconfirmed") }
            if collection.held > 0 { reach.note("deletes: held") }
        }
    }

    private func read(
        _ request: PullRequest, at replica: SimulatedReplica, _ fault: SimulatedFault?
    ) throws -> Result<PulledPage, RemoteError> {
        try note(request: request.collection.remoteID, isWrite: false, at: replica, fault)
        if request.cursor == nil, try replica.mayLackSomething() {
            oracle.requestWatch.owes(replica.number, request.collection.remoteID)
        }
        try oracle.requestWatch.lists(request, replica.number, at: clock.now())
        guard let fault else { return page(request, at: replica) }
        if let error = fault.errorOfRead {
            reach.note("\(fault.rawValue) of a page")
            if fault == .cursorExpired, request.page != nil { reach.note("cursor: lost midway") }
            return .failure(error)
        }
        let last = replica.lastPages[request.collection.remoteID]
        let page = page(request, at: replica)
        guard case .success(let sound) = page,
            let odd = try odd(sound, behind: last, of: request, at: replica, by: fault)
        else { return page }
        reach.note("\(fault.rawValue) of a page")
        return .success(odd)
    }

    private func page(
        _ request: PullRequest, at replica: SimulatedReplica
    ) -> Result<PulledPage, RemoteError> {
        do throws(RemoteError) {
            let page = try provider.pull(request)
            replica.lastPages[request.collection.remoteID] = page
            oracle.itemsRead += page.items.count
            oracle.requestWatch.answered(request, replica.number)
            return .success(page)
        } catch { return .failure(error) }
    }

    /// What a fault makes of a page; `nil` where it makes no difference.
    private func odd(
        _ page: PulledPage, behind last: PulledPage?, of request: PullRequest,
        at replica: SimulatedReplica, by fault: SimulatedFault
    ) throws -> PulledPage? {
        let place = request.collection.remoteID
        var odd = page
        switch fault {
        case .pageRepeated: return request.page == nil ? nil : last
        case .pageEmpty: return PulledPage(items: [], next: request.page ?? "@")
        case .cursorMissing:
            guard page.cursor != nil else { return nil }
            odd.cursor = nil
        case .itemTwice:
            guard let item = page.items.first else { return nil }
            odd.items.append(item)
        case .itemUnreadable:
            odd.items.append(.unreadable(remoteID: nil, raw: "?", reason: "Nobody can read this."))
        case .listingEmpty:
            guard request.cursor == nil, request.page == nil,
                try replica.wouldNotice(thatIsEmpty: place)
            else { return nil }
            replica.wasMisled = true
            return PulledPage(items: [], cursor: Cursor(rawValue: "\(provider.version)"))
        default: return nil
        }
        return odd
    }

    private func write(
        _ request: PushRequest, from replica: SimulatedReplica, _ fault: SimulatedFault?
    ) throws -> Result<RemoteResource, RemoteError> {
        try note(request: request.collection.remoteID, isWrite: true, at: replica, fault)
        try oracle.sent(request, by: replica)
        guard let fault else { return try apply(request, from: replica) }
        if fault.concernsWrites { reach.note("\(fault.rawValue) of \(request.verb.rawValue)") }
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
        case .partNotTaken: return try apply(request.lackingPart, from: replica)
        case .answerEmpty, .answerMisled:
            return try apply(request, from: replica).map { $0.odd(fault) }
        default:
            guard let error = fault.errorOfWrite else {
                return try apply(request, from: replica)
            }
            return .failure(error)
        }
    }

    /// Somebody else writes to the very thing just before, unless it is gone: nobody can write to
    /// that, and what was moved away would be there twice.
    private func overtake(_ request: PushRequest) {
        let place = request.collection.remoteID
        guard let id = request.target,
            !provider.entries(in: place).contains(where: { $0.id == id && $0.entry.isDeleted })
        else { return }
        let token = oracle.freshToken()
        provider.patch(id, ["body": .string(NoteWriter.text(token))], in: place)
        oracle.deaths.touched(provider.live(in: place).first { $0.id == id }?.json)
    }

    /// The write arrives.
    ///
    /// A replica that still waits for it must have known what it overwrites.
    @discardableResult
    func apply(
        _ request: PushRequest, from replica: SimulatedReplica?
    ) throws -> Result<RemoteResource, RemoteError> {
        let place = request.collection.remoteID
        let before = request.target.flatMap { id in
            provider.live(in: place).first { $0.id == id }?.json
        }
        let answer = provider.push(request)
        guard case .success(let written) = answer else { return answer }
        if request.verb == .delete {
            oracle.deletedThere(before)
            try noteDeath(of: before)
        }
        if request.verb == .move {
            oracle.deaths.touched(written.json)
            oracle.log.moved(written.json)
        }
        try oracle.written(request, before: before, answer: written, by: replica)
        return answer
    }

    /// Something reaches the network.
    private func note(
        request place: RemoteID, isWrite: Bool, at replica: SimulatedReplica,
        _ fault: SimulatedFault?
    ) throws {
        oracle.requests += 1
        let now = clock.now()
        try oracle.requestWatch.check(replica.number, asks: place, isWrite: isWrite, at: now)
        guard let fault else { return }
        oracle.requestWatch.told(fault, replica, asking: place, isWrite: isWrite, at: now)
    }

    private func find(
        _ request: PushRequest, at replica: SimulatedReplica, _ fault: SimulatedFault?
    ) throws -> Result<LookUp, RemoteError> {
        let place = request.collection.remoteID
        try note(request: place, isWrite: false, at: replica, fault)
        if let fault, let error = fault.errorOfRead {
            reach.note("\(fault.rawValue) of a look-up")
            return .failure(error)
        }
        do throws(RemoteError) {
            let found = try provider.lookUp(request)
            switch found {
            case .present: reach.note("look-up: present")
            case .tombstone:
                reach.note("look-up: a tombstone")
                // That it is not where a move led says nothing of where it lay.
                if request.verb == .move { oracle.requestWatch.owes(replica.number, place) }
            case .absent:
                reach.note("look-up: absent")
                oracle.requestWatch.owes(replica.number, place)
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
        case .forbidden: RemoteError(.forbidden, "Not yours.")
        default: errorOfAll
        }
    }

    /// Whether it means anything to a read.
    var concernsReads: Bool { errorOfRead != nil || isOfPages }

    /// Whether it makes a page odd that came all the same.
    private var isOfPages: Bool {
        switch self {
        case .pageRepeated, .pageEmpty, .cursorMissing, .itemTwice, .itemUnreadable, .listingEmpty:
            true
        default: false
        }
    }

    /// Whether it means anything to a write.
    var concernsWrites: Bool {
        switch self {
        case .answerLost, .unreadable, .requestLost, .answerLate, .duplicate, .overtaken,
            .answerEmpty, .answerMisled, .partNotTaken:
            true
        default: errorOfWrite != nil
        }
    }

    /// What a write gets that is not done; `nil` where it means nothing to one.
    var errorOfWrite: RemoteError? {
        switch self {
        case .serverError: RemoteError(.unknownOutcome, "It failed there.")
        case .quotaExceeded: RemoteError(.quotaExceeded, "Enough for now.")
        case .forbidden: RemoteError(.forbidden, "Not yours.")
        case .rejected: RemoteError(.rejected, "Nobody takes this.")
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
        case .unreached: RemoteError(.offline, "Nobody is there.")
        case .untrusted: RemoteError(.untrusted, "Who is this?")
        case .clientRefused: RemoteError(.clientRefused, "The program is refused.")
        case .permissionMissing: RemoteError(.permissionMissing, "The grant is too narrow.")
        default: nil
        }
    }
}

extension RemoteResource {
    /// An answer to a write that was done, and that does not say what it is now.
    fileprivate func odd(_ fault: SimulatedFault) -> RemoteResource {
        fault == .answerEmpty
            ? RemoteResource(remoteID: remoteID, etag: nil, json: [:])
            : RemoteResource(
                remoteID: RemoteID(rawValue: "\(remoteID)misled"), etag: etag,
                json: ["title": "misled"])
    }
}

extension PushRequest {
    /// A patch as a provider takes it that drops one member of it without a word.
    fileprivate var lackingPart: Self {
        guard verb == .patch, var body, let name = body.object?.members.map(\.key).min() else {
            return self
        }
        body[name] = nil
        var request = self
        request.body = body
        return request
    }
}

extension SimulatedReplica {
    /// What one effect of its run asks for.
    func sort(ofEffect number: Int) -> SimulatedEffect? {
        guard let pending = run?.pending, !pending.isEmpty else { return nil }
        switch pending[number % pending.count].effect {
        case .store: return .transaction
        case .pull(let request), .storeAndPull(let request):
            guard request.page == nil else { return .page }
            return request.cursor == nil ? .listing : .read
        case .push: return .write
        case .lookUp: return .read
        case .wait: return .wait
        }
    }

    /// Whether nobody can believe that a collection is empty: it had so much, and nothing waits
    /// there that was decided on alone.
    fileprivate func wouldNotice(thatIsEmpty place: RemoteID) throws -> Bool {
        guard let collection = try collections().first(where: { $0.remoteID == place }) else {
            return false
        }
        let rows = try everything().filter { row in
            [row.collection, row.movedFrom].contains(collection.id) && row.deletedAt == nil
        }
        return rows.count { $0.projection.exception == nil } >= 3
            && rows.allSatisfy { !$0.isDirty && $0.hold == nil }
    }
}
