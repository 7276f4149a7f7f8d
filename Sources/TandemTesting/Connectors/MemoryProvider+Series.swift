import LosslessJSON
import TandemCore

/// Series and their instances at the provider.
extension MemoryProvider {
    /// An instance of a series that is no note of its own yet: `series_slot`.
    static func instance(
        _ id: RemoteID, in collection: RemoteID, _ state: State
    ) -> Entry? {
        let parts = id.rawValue.split(separator: "_").map(String.init)
        guard parts.count == 2,
            let series = state.collections[collection]?[RemoteID(rawValue: parts[0])],
            !series.isDeleted, series.json["slots"]?.array?.contains(.string(parts[1])) == true
        else { return nil }
        var json = series.json
        for member in ["slots", "until"] { json[member] = nil }
        json["id"] = .string(id.rawValue)
        json["seriesId"] = .string(parts[0])
        json["slot"] = .string(parts[1])
        return Entry(json: json, version: series.version, isDeleted: false)
    }

    /// The instances of a series go with it.
    static func deleteInstances(
        of series: RemoteID, in collection: RemoteID, _ state: inout State
    ) {
        for (id, entry) in state.collections[collection] ?? [:]
        where entry.json["seriesId"]?.string == series.rawValue {
            state.collections[collection]?[id]?.isDeleted = true
            state.collections[collection]?[id]?.version = state.version
        }
    }

    static func moveInstances(
        of series: RemoteID, from left: RemoteID, to destination: RemoteID, _ state: inout State
    ) {
        let notes = state.collections[left] ?? [:]
        for id in notes.keys.sorted() {
            guard let entry = notes[id], !entry.isDeleted,
                entry.json["seriesId"]?.string == series.rawValue
            else { continue }
            state.collections[left]?[id]?.isDeleted = true
            state.collections[left]?[id]?.version = state.version
            _ = put(id, entry.json, in: destination, &state)
        }
    }

    /// Lets an instance that is deleted stay as a cancelled one, so that its slot shows nothing.
    ///
    /// - Returns: Whether it is an instance of a series that is there.
    /// - SeeAlso: Google Calendar API reference, "Events", `status`: "cancelled exceptions of an
    ///   uncancelled recurring event indicate that this instance should no longer be presented".
    static func cancelsInstance(
        _ id: RemoteID, in collection: RemoteID, _ state: inout State
    ) -> Bool {
        guard state.tendsSeries,
            let entry = state.collections[collection]?[id] ?? instance(id, in: collection, state),
            let series = entry.json["seriesId"]?.string,
            let whole = state.collections[collection]?[RemoteID(rawValue: series)],
            !whole.isDeleted, whole.json["slots"] != nil
        else { return false }
        cancel(id, entry, in: collection, &state)
        return true
    }

    /// Cancels the instances whose slots a series lost.
    static func cancelLostInstances(
        of series: RemoteID, _ json: JSON, in collection: RemoteID, _ state: inout State
    ) {
        guard let slots = json["slots"]?.array else { return }
        let notes = state.collections[collection] ?? [:]
        for id in notes.keys.sorted() {
            guard let entry = notes[id], !entry.isDeleted,
                entry.json["seriesId"]?.string == series.rawValue,
                entry.json["cancelled"]?.bool != true, let slot = entry.json["slot"],
                !slots.contains(slot)
            else { continue }
            cancel(id, entry, in: collection, &state)
        }
    }

    private static func cancel(
        _ id: RemoteID, _ entry: Entry, in collection: RemoteID, _ state: inout State
    ) {
        state.version += 1
        var json = entry.json
        json["cancelled"] = true
        if state.marksHome { json["home"] = .string(collection.rawValue) }
        state.collections[collection]?[id] = Entry(
            json: json, version: state.version, isDeleted: false)
    }
}
