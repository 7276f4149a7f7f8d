import GoogleConnector
import LosslessJSON
import TandemCore
import TandemStore
import TandemSync
import TandemTesting

/// What a run wants, and what it gets: from the real connector, which asks the local Google's core.
extension GoogleWorld {
    func deliver(
        to replica: GoogleReplica, _ number: Int, _ fault: GoogleFault?
    ) async throws {
        guard let run = replica.run, !run.pending.isEmpty else { return }
        let pending = run.pending[number % run.pending.count]
        let needs = run.needs(pending.number)
        if needs.store {
            guard fault != .storeFailed else {
                met("storeFailed")
                return try replica.crash()
            }
            try replica.run?.store(pending.number)
            replica.end()
            if !needs.page { return }
        }
        try await ask(for: pending, at: replica, fault)
        replica.end()
    }

    private func ask(
        for pending: SteppedRun.Pending, at replica: GoogleReplica, _ fault: GoogleFault?
    ) async throws {
        switch pending.effect {
        case .store: break
        case .pull(let request), .storeAndPull(let request):
            guard replica.run?.needs(pending.number).page == true else { return }
            try spoil(replica, fault?.meetsReads == true ? fault : nil, "a page")
            let page = await read(request, by: replica.connector)
            replica.wire.mend()
            if fault == .pageWithoutItems { try mislead(replica) }
            try replica.run?.answer(pending.number, page: page)
        case .push(let requests):
            let answers = try await write(requests, from: replica, fault)
            teller?.tell(requests, answers, of: replica.number)
            try replica.run?.answer(pending.number, writes: answers)
        case .lookUp(let request):
            try spoil(replica, fault?.meetsReads == true ? fault : nil, "a look-up")
            let found = await find(request, by: replica.connector)
            teller?.tell(request, found, of: replica.number)
            replica.wire.mend()
            try replica.run?.answer(pending.number, found: found)
        case .wait(let duration):
            clock.advance(by: duration)
            try replica.run?.waited(pending.number)
        }
    }

    private func spoil(
        _ replica: GoogleReplica, _ fault: GoogleFault?, _ what: String
    ) throws {
        guard let fault else { return }
        met("\(fault.rawValue) of \(what)")
        try replica.wire.spoil(fault)
    }

    /// What was edited of what seems to be gone comes to life again, beside what is there.
    private func mislead(_ replica: GoogleReplica) throws {
        replica.wasMisled = true
        for row in try replica.rows() { oracle.mayBeTwo(row.live ?? row.base) }
    }

    private func read(
        _ request: PullRequest, by connector: GoogleAccountConnector
    ) async -> Result<PulledPage, RemoteError> {
        do throws(RemoteError) {
            return .success(try await connector.pull(request))
        } catch {
            met("read: \(error.code)")
            return .failure(error)
        }
    }

    private func find(
        _ request: PushRequest, by connector: GoogleAccountConnector
    ) async -> Result<LookUp, RemoteError> {
        do throws(RemoteError) {
            let found = try await connector.lookUp(request)
            switch found {
            case .present: met("look-up: present")
            case .tombstone: met("look-up: a tombstone")
            case .absent: met("look-up: absent")
            }
            return .success(found)
        } catch {
            met("look-up: \(error.code)")
            return .failure(error)
        }
    }

    private func write(
        _ requests: [PushRequest], from replica: GoogleReplica, _ fault: GoogleFault?
    ) async throws -> [Result<RemoteResource, RemoteError>] {
        // Few writes delete, so those are overtaken first.
        let overtaken =
            requests.first { $0.verb == .delete } ?? requests.first(where: GoogleReplica.changes)
        if fault == .overtaken, let first = overtaken, let target = first.target {
            met("overtaken of a \(first.verb.rawValue)")
            try overtake(target, in: first.collection.remoteID)
        }
        let before = try requests.map { try there($0) }
        let known = try requests.map { request in
            try request.target.flatMap { try replica.row($0, in: request.collection.remoteID) }
        }
        let isMet = fault?.meetsWrites == true && fault != .overtaken
        try spoil(replica, isMet ? fault : nil, "a write")
        let answers = await replica.connector.push(requests)
        replica.wire.mend()
        for answer in answers {
            if case .failure(let error) = answer { met("write: \(error.code)") }
        }
        for (place, request) in requests.enumerated() {
            try oracle.wrote(
                request, before: before[place],
                after: try there(request), series: try series(of: request), known: known[place],
                from: replica.number)
        }
        return answers
    }

    /// The series of the instance that a write is about: what the instance shows of it stays there.
    private func series(of request: PushRequest) throws -> JSON? {
        guard let parts = request.target?.rawValue.split(separator: "_"), parts.count == 2 else {
            return nil
        }
        return try side.event(String(parts[0]), in: request.collection.remoteID.rawValue)
    }

    /// What Google holds under a write's target.
    private func there(_ request: PushRequest) throws -> JSON? {
        guard request.collection.kind == .event, let target = request.target else { return nil }
        return try side.event(target.rawValue, in: request.collection.remoteID.rawValue)
    }
}
