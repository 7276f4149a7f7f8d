import LosslessJSON
import TandemCore
import TandemStore
import TandemSync

/// Tells the life of one thing, as it goes on in a simulated world.
///
/// After each action it says what became of the thing at the provider and at each replica, where
/// that is another than before.
final class WorldTeller {
    /// What tells the thing: the text it was made with, or any other that it says, or its name.
    private let subject: String
    private var known: [String: String] = [:]
    private(set) var lines: [String] = []

    init(about subject: String) { self.subject = subject }

    /// Notes what changed with an action.
    func tell(_ world: SimulatedWorld, after action: String) throws {
        let states = try states(of: world)
        let changed = states.filter { known[$0.name] != $0.state }
        let gone = known.keys.filter { name in !states.contains { $0.name == name } }.sorted()
        known = Dictionary(states.map { ($0.name, $0.state) }) { $1 }
        guard !changed.isEmpty || !gone.isEmpty else { return }
        lines.append(action)
        lines += changed.map { "    \($0.name): \($0.state)" }
        lines += gone.map { "    \($0): nothing any more" }
    }

    /// Notes what became of writes.
    func tell(
        _ requests: [PushRequest], _ answers: [Result<RemoteResource, RemoteError>],
        of replica: Int
    ) {
        for (request, answer) in zip(requests, answers) where isMeant(request) {
            let became =
                switch answer {
                case .success(let resource): "\(resource.remoteID) \(resource.json.text)"
                case .failure(let error): "\(error.code)"
                }
            tell("write", request, became, of: replica)
        }
    }

    /// Notes what a look-up found.
    func tell(_ request: PushRequest, _ found: Result<LookUp, RemoteError>, of replica: Int) {
        guard isMeant(request) else { return }
        let became =
            switch found {
            case .success(.present(let resource)):
                "\(resource.remoteID) \(resource.isTombstone ? "gone" : resource.json.text)"
            case .success(.tombstone): "a tombstone"
            case .success(.absent): "absent"
            case .failure(let error): "\(error.code)"
            }
        tell("look-up", request, became, of: replica)
    }

    /// Notes what a page brought.
    func tell(
        _ request: PullRequest, _ answer: Result<PulledPage, RemoteError>, of replica: Int
    ) {
        let brought =
            switch answer {
            case .success(let page):
                page.items.map { item in
                    switch item {
                    case .resource(let one): "\(one.remoteID)\(one.isTombstone ? " gone" : "")"
                    case .unreadable(let id, _, _): "\(id?.rawValue ?? "-") unreadable"
                    }
                }.joined(separator: ", ")
            case .failure(let error): "\(error.code)"
            }
        let since = request.cursor.map { "since \($0.rawValue)" } ?? "in full"
        lines.append(
            "  page for \(replica): \(request.collection.remoteID) \(since)"
                + "\(request.page.map { " from \($0)" } ?? ""): \(brought)")
    }

    private func tell(_ what: String, _ request: PushRequest, _ became: String, of replica: Int) {
        lines.append(
            "  \(what) by \(replica): \(request.verb.rawValue) of "
                + "\(request.collection.remoteID)/\(request.target?.rawValue ?? "-") "
                + "\(request.destination.map { "to \($0) " } ?? "")\(request.body?.text ?? "")"
                + ": \(became)")
    }

    private func isMeant(_ request: PushRequest) -> Bool {
        isMeant(request.target, request.body ?? [:])
            || known.values.contains { $0.contains(request.target?.rawValue ?? "-") }
    }

    private func isMeant(_ id: RemoteID?, _ json: JSON) -> Bool {
        json["made"]?.string == subject || id?.rawValue == subject
            || SimulationOracle.texts(in: json).contains(subject)
    }

    // MARK: States

    private func states(of world: SimulatedWorld) throws -> [(name: String, state: String)] {
        var states: [(name: String, state: String)] = []
        for place in SimulatedWorld.collections {
            for (id, entry) in world.provider.entries(in: RemoteID(rawValue: place))
            where isMeant(id, entry.json) {
                let mark = entry.isDeleted ? "deleted" : entry.isSpoilt ? "spoilt" : ""
                states.append(
                    ("provider \(place)/\(id)", "\(entry.version) \(mark) \(entry.json.text)"))
            }
        }
        for replica in world.replicas { states += try self.states(of: replica) }
        return states
    }

    private func states(
        of replica: SimulatedReplica
    ) throws -> [(name: String, state: String)] {
        try replica.store.readBlocking { transaction in
            let places = try transaction.collections.list(of: replica.account.id)
            let names = Dictionary(uniqueKeysWithValues: places.map { ($0.id, $0.name) })
            return try transaction.resources.list(ResourceFilter(includesDeleted: true))
                .filter { isMeant($0.remoteID, $0.base ?? [:]) || isMeant(nil, $0.live ?? [:]) }
                .map { row in
                    let state = try state(of: row, names, in: transaction)
                    return ("replica \(replica.number) \(row.id.rawValue.suffix(4))", state)
                }
        }
    }

    private func state(
        of row: StoredResource, _ names: [CollectionID: String], in transaction: StoreTransaction
    ) throws -> String {
        var marks = [
            "\(row.remoteID?.rawValue ?? "-") in \(names[row.collection] ?? "-")",
            "edit \(row.editNumber)", "base \(row.base?.text ?? "-")",
        ]
        switch row.local {
        case .unchanged: break
        case .deleted: marks.append("local deleted")
        case .edited(let json): marks.append("local \(json.text)")
        }
        if let left = row.movedFrom { marks.append("from \(names[left] ?? "-")") }
        if let hold = row.hold { marks.append("hold \(hold.rawValue)") }
        if let cause = row.pendingDelete?.cause { marks.append("pending \(cause)") }
        if row.missingSince != nil { marks.append("missing") }
        if row.parkedUntil != nil { marks.append("parked") }
        if row.deletedAt != nil { marks.append("gone") }
        for intent in try transaction.intents.open(for: row.id) {
            marks.append("\(intent.verb.rawValue) \(intent.outcome.rawValue)")
        }
        for conflict in try transaction.conflicts.open(for: row.id) {
            marks.append("conflict about \(conflict.field)")
        }
        return marks.joined(separator: ", ")
    }
}
