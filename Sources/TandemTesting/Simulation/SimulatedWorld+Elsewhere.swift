import LosslessJSON
import TandemCore

/// What somebody else does at the provider.
extension SimulatedWorld {
    /// A note, and where it lies.
    typealias Place = (collection: RemoteID, id: RemoteID, json: JSON)

    /// What is done at the provider; the rest is done at a replica.
    func doElsewhere(_ action: SimulatedAction) throws {
        switch action {
        case .foreignCreate(let collection, let token):
            provider.put(Self.madeThere(token), NoteWriter.made(token), in: Self.place(collection))
            oracle.merging.wrote(NoteWriter.made(token))
        case .foreignEdit(let note, let part, let token):
            guard let note = foreign(note) else { return }
            try noteClash(of: "edit", part, with: note.id, in: note.collection)
            let patch = NoteWriter.patch(part, token, of: note.json)
            provider.patch(note.id, patch, in: note.collection)
            oracle.deaths.touched(note.json)
            oracle.merging.wrote(note.json.merging(patch))
            oracle.log.wroteOver(note.json, with: note.json.merging(patch))
        case .foreignDelete(let note):
            guard let note = foreign(note) else { return }
            try delete(note)
        case .foreignDeleteAll(let collection):
            for note in foreign(in: Self.place(collection)) where note.json["seriesId"] == nil {
                try delete(note)
            }
        case .foreignMove(let note, let collection):
            guard let note = foreign(note), note.json["seriesId"] == nil else { return }
            let destination = Self.place(collection)
            guard destination != note.collection else { return }
            try noteClash(of: "move", nil, with: note.id, in: note.collection)
            provider.move(note.id, from: note.collection, to: destination)
            oracle.deaths.touched(note.json)
            oracle.log.moved(note.json)
        case .foreignAgreement(let replica, let note): try agree(with: this(replica), note)
        case .foreignImport(let collection, let name, let token):
            let note = NoteWriter.imported(name, token)
            let taken = foreign(in: Self.place(collection)).contains {
                $0.json["uid"] == note["uid"]
            }
            guard !taken else { return }
            provider.put(Self.madeThere(token), note, in: Self.place(collection))
        case .foreignGarbage(let note, let shape, let token):
            guard let note = foreign(note) else { return }
            reach.note("garbage: \(shape % 16)")
            provider.patch(note.id, NoteWriter.garbage(shape, token), in: note.collection)
        case .spoil(let note):
            guard let note = foreign(note) else { return }
            provider.spoil(note.id, in: note.collection)
        case .foreignCreateSeries, .foreignEditInstance, .foreignCancelInstance,
            .foreignChangeSlots:
            try changeSeries(action)
        default: try doHere(action)
        }
    }

    private static func madeThere(_ token: Int) -> RemoteID { RemoteID(rawValue: "w\(token)") }

    private func delete(_ note: Place) throws {
        oracle.deletedThere(note.json)
        try noteClash(of: "delete", nil, with: note.id, in: note.collection)
        provider.delete(note.id, in: note.collection)
        try noteDeath(of: note.json)
    }

    /// What somebody else does with a series and its instances.
    private func changeSeries(_ action: SimulatedAction) throws {
        switch action {
        case .foreignCreateSeries(let collection, let token):
            provider.put(
                Self.madeThere(token), NoteWriter.series(token), in: Self.place(collection))
        case .foreignEditInstance(let series, let slot, let part, let token):
            guard let instance = foreignInstance(series, slot) else { return }
            try noteClash(of: "edit", part, with: instance.id, in: instance.collection)
            provider.patch(
                instance.id, NoteWriter.patch(part, token, of: instance.json),
                in: instance.collection)
        case .foreignCancelInstance(let series, let slot):
            guard let instance = foreignInstance(series, slot) else { return }
            try noteClash(of: "delete", nil, with: instance.id, in: instance.collection)
            provider.delete(instance.id, in: instance.collection)
        case .foreignChangeSlots(let number, let slot, let token):
            guard let series = foreignSeries(number) else { return }
            let slots = NoteWriter.changedSlots(NoteWriter.slots(of: series.json), at: slot, token)
            try noteClash(of: "slots", nil, with: series.id, in: series.collection)
            provider.patch(
                series.id, ["slots": .array(slots.map { .string($0) })], in: series.collection)
        default: break
        }
    }

    // MARK: What there is

    /// The live notes of a collection, without instances that stand for nothing.
    private func foreign(in place: RemoteID) -> [Place] {
        provider.live(in: place)
            .filter { $0.json["cancelled"]?.bool != true }
            .map { (place, $0.id, $0.json) }
    }

    /// A live note at the provider.
    private func foreign(_ number: Int) -> Place? {
        let all = Self.collections.flatMap { foreign(in: RemoteID(rawValue: $0)) }
        return all.isEmpty ? nil : all[number % all.count]
    }

    private func foreignSeries(_ number: Int) -> Place? {
        let all = Self.collections.flatMap { foreign(in: RemoteID(rawValue: $0)) }
            .filter { !NoteWriter.slots(of: $0.json).isEmpty }
        return all.isEmpty ? nil : all[number % all.count]
    }

    /// An instance of a series, be it one of its own or not.
    private func foreignInstance(_ number: Int, _ slot: Int) -> Place? {
        guard let series = foreignSeries(number) else { return nil }
        let slots = NoteWriter.slots(of: series.json)
        let name = slots[slot % slots.count]
        let plain = NoteWriter.instance(of: series.json, named: series.id, slot: name)
        let id = RemoteID(rawValue: "\(series.id)_\(name)")
        let own = provider.live(in: series.collection).first { $0.id == id }
        return (series.collection, id, own?.json ?? plain)
    }
}
