package import LosslessJSON
package import TandemCore
package import TandemStore
package import TandemSync

/// Tells the life of one thing, as it goes on in a simulated world.
///
/// After each action it says what became of the thing at the provider and at each replica, where
/// that is another than before.
package final class WorldTeller {
    /// What a provider holds under one name.
    package struct Entry {
        let place: String
        let id: RemoteID
        let json: JSON
        let mark: String

        /// - Parameters:
        ///   - place: The collection it lies in.
        ///   - id: Its name there.
        ///   - json: What it says.
        ///   - mark: What else is to be known of it, such as its version.
        package init(in place: String, _ id: RemoteID, _ json: JSON, mark: String) {
            (self.place, self.id, self.json, self.mark) = (place, id, json, mark)
        }
    }

    /// What tells the thing: any text that it says or was made with, or its name.
    private let subject: String
    private let boring: Set<String>
    private var known: [String: String] = [:]
    package private(set) var lines: [String] = []

    /// - Parameters:
    ///   - subject: Any text that the thing says or was made with, or its name.
    ///   - boring: Members that are not told.
    package init(about subject: String, but boring: Set<String> = []) {
        (self.subject, self.boring) = (subject, boring)
    }

    /// Notes what changed with an action.
    ///
    /// - Parameters:
    ///   - action: What was done.
    ///   - entries: What the provider holds now.
    ///   - replicas: The stores of all replicas, in their order.
    /// - Throws: `StoreError`.
    package func tell(
        after action: String, _ entries: [Entry], _ replicas: [Store]
    ) throws {
        var states = entries.filter { isMeant($0.id, $0.json) }.map { entry in
            ("provider \(entry.place)/\(entry.id)", "\(entry.mark) \(text(entry.json))")
        }
        for (number, store) in replicas.enumerated() {
            states += try self.states(of: store, number)
        }
        tell(states, after: action)
    }

    private func tell(_ states: [(name: String, state: String)], after action: String) {
        let changed = states.filter { known[$0.name] != $0.state }
        let gone = known.keys.filter { name in !states.contains { $0.name == name } }.sorted()
        known = Dictionary(states.map { ($0.name, $0.state) }) { $1 }
        guard !changed.isEmpty || !gone.isEmpty else { return }
        lines.append(action)
        lines += changed.map { "    \($0.name): \($0.state)" }
        lines += gone.map { "    \($0): nothing any more" }
    }

    /// Notes what became of writes.
    package func tell(
        _ requests: [PushRequest], _ answers: [Result<RemoteResource, RemoteError>],
        of replica: Int
    ) {
        for (request, answer) in zip(requests, answers) where isMeant(request) {
            let became =
                switch answer {
                case .success(let resource): "\(resource.remoteID) \(text(resource.json))"
                case .failure(let error): "\(error.code)"
                }
            tell("write", request, became, of: replica)
        }
    }

    /// Notes what a look-up found.
    package func tell(
        _ request: PushRequest, _ found: Result<LookUp, RemoteError>, of replica: Int
    ) {
        guard isMeant(request) else { return }
        let became =
            switch found {
            case .success(.present(let resource)):
                "\(resource.remoteID) \(resource.isTombstone ? "gone" : text(resource.json))"
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
                + "\(request.destination.map { "to \($0) " } ?? "")\(request.body.map(text) ?? "")"
                + ": \(became)")
    }

    private func isMeant(_ request: PushRequest) -> Bool {
        isMeant(request.target, request.body ?? [:])
            || known.values.contains { $0.contains(request.target?.rawValue ?? "-") }
    }

    private func isMeant(_ id: RemoteID?, _ json: JSON) -> Bool {
        id?.rawValue == subject || says(json)
    }

    private func says(_ json: JSON) -> Bool {
        if let text = json.string { return text == subject }
        if let members = json.object?.members { return members.contains { says($0.value) } }
        return (json.array ?? []).contains(where: says)
    }

    private func text(_ json: JSON) -> String {
        guard !boring.isEmpty, let members = json.object?.members else { return json.text }
        let told = members.filter { !boring.contains($0.key) }.map { ($0.key, $0.value) }
        return JSON.object(JSONObject(told)).text
    }

    // MARK: States

    private func states(
        of store: Store, _ number: Int
    ) throws -> [(name: String, state: String)] {
        try store.readBlocking { transaction in
            let places = try transaction.accounts.list()
                .flatMap { try transaction.collections.list(of: $0.id) }
            let names = Dictionary(uniqueKeysWithValues: places.map { ($0.id, $0.name) })
            return try transaction.resources.list(ResourceFilter(includesDeleted: true))
                .filter { isMeant($0.remoteID, $0.base ?? [:]) || isMeant(nil, $0.live ?? [:]) }
                .map { row in
                    let state = try state(of: row, names, in: transaction)
                    return ("replica \(number) \(row.id.rawValue.suffix(4))", state)
                }
        }
    }

    private func state(
        of row: StoredResource, _ names: [CollectionID: String], in transaction: StoreTransaction
    ) throws -> String {
        var marks = [
            "\(row.remoteID?.rawValue ?? "-") in \(names[row.collection] ?? "-")",
            "edit \(row.editNumber)", "base \(row.base.map(text) ?? "-")",
        ]
        switch row.local {
        case .unchanged: break
        case .deleted: marks.append("local deleted")
        case .edited(let json): marks.append("local \(text(json))")
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

extension SimulatedWorld {
    /// Lets the teller, if there is one, note what changed with an action.
    func tell(after action: SimulatedAction) throws {
        guard let teller else { return }
        let entries = Self.collections.flatMap { place in
            provider.entries(in: RemoteID(rawValue: place)).map { id, entry in
                let mark = entry.isDeleted ? "deleted" : entry.isSpoilt ? "spoilt" : ""
                return WorldTeller.Entry(
                    in: place, id, entry.json, mark: "\(entry.version) \(mark)")
            }
        }
        try teller.tell(after: "\(action)", entries, replicas.map(\.store))
    }
}
