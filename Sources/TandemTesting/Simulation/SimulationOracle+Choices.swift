import LosslessJSON
import TandemCore
import TandemStore
import TandemSync

/// What people chose, and what follows from it.
extension SimulationOracle {
    /// Whoever settles a conflict has seen both sides of it.
    func resolved(
        _ conflict: ConflictRecord, _ row: StoredResource?, _ choice: ConflictResolution,
        into settled: StoredResource, at replica: Int
    ) {
        let mine = Self.texts(in: conflict.mine ?? [:])
        let theirs = Self.texts(in: conflict.theirs ?? [:])
        let isWhole = [ConflictRecord.delete, ConflictRecord.slot].contains(conflict.field)
        if choice == .both || conflict.field == ConflictRecord.slot {
            copied(row?.live?["made"] ?? conflict.mine?["made"])
        }
        guard choice != .both else { return }
        replace(choice == .mine ? theirs : mine, by: [], at: replica)
        // What was edited there since gives way to the choice, too.
        let (before, after) = (row?.live ?? [:], settled.live ?? [:])
        guard !isWhole else {
            return replace(Self.texts(in: before), by: Self.texts(in: after), at: replica)
        }
        let member = conflict.field.split(separator: "/").first.map(String.init) ?? ""
        replace(
            Self.texts(in: before[member] ?? [:]), by: Self.texts(in: after[member] ?? [:]),
            at: replica)
    }

    /// Of all that showed at a replica, what shows no more was given up by its owner.
    ///
    /// What an instance shows of its series is the series' word: given up there, it is given up,
    /// however long the instance goes on showing it.
    func replaced(_ before: [JSON], by after: [JSON], at replica: Int) {
        var ofSeries: [JSON: Set<String>] = [:]
        for note in before where note["slots"] != nil {
            if let name = note["id"] { ofSeries[name] = Self.texts(in: note) }
        }
        func texts(_ notes: [JSON]) -> Set<String> {
            notes.reduce(into: []) { found, note in
                let own = Self.texts(in: note)
                found.formUnion(own.subtracting(note["seriesId"].flatMap { ofSeries[$0] } ?? []))
            }
        }
        let (shown, still) = (texts(before), texts(after))
        replace(shown, by: still, at: replica)
        merging.gaveUp(shown.subtracting(still), at: replica)
        for note in before + after { deaths.touched(note) }
        requestWatch.forget(replica)
        listsAgain(replica)
    }

    /// A person wants a thing to be there twice, or lets it be made anew.
    func copied(_ made: JSON?) {
        if let text = made?.string { copies.insert(text) }
    }

    // MARK: Mail

    /// An edit says whether anybody is to be mailed about it.
    func asked(_ row: StoredResource, isForMail: Bool, at replica: Int) {
        let name = "\(replica) \(row.id)"
        if isForMail {
            mailings.insert(name)
        } else if !row.isDirty {
            // The one before was sent, so that nobody is to be mailed about this one.
            mailings.remove(name)
        }
    }

    /// A write is sent: nobody may be mailed unasked.
    func sent(_ request: PushRequest, by replica: SimulatedReplica) throws {
        guard request.sendUpdates != .none, !forgetful.contains(replica.number) else { return }
        let resource = try replica.store.readBlocking {
            try $0.intents.find(request.operation)?.resource
        }
        guard let resource, mailings.contains("\(replica.number) \(resource)") else {
            throw SimulationFailure("P18", "A write mails \(request.sendUpdates) unasked.")
        }
    }
}
