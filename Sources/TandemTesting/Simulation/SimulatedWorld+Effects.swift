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
    func apply(
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
