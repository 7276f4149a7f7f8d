/// The events of one calendar with the orders in which they are asked for.
final class EventTable {
    private var byID: [String: EventRecord] = [:]
    private var byUID: [String: [EventRecord]] = [:]
    /// A record never changes its series.
    private var bySeries: [String: [EventRecord]] = [:]
    /// Every record in the order of its making.
    private(set) var order: [EventRecord] = []
    /// Every change in order; an entry whose record has changed again since then is stale.
    private var log: [(change: Int64, record: EventRecord)] = []
    /// The last change.
    private(set) var sequence: Int64 = 0
    /// The last making.
    private(set) var creation: Int64 = 0
    /// When content last changed, in milliseconds since 1970.
    private(set) var updated: Int64

    /// Cursors of expanded listings from before this change may have seen instances of which
    /// nothing is known any more.
    private(set) var forgottenUntil: Int64 = 0

    init(updated: Int64) {
        self.updated = updated
    }

    subscript(id: String) -> EventRecord? { byID[id] }

    /// How many events are live; exceptions count, cancelled ones do not.
    var liveCount: Int { order.count { $0.life == .live } }

    /// A new record under that id, which must be free.
    func make(_ id: String) -> EventRecord {
        precondition(byID[id] == nil, "An event's id is taken.")
        creation += 1
        let record = EventRecord(id: id, creation: creation)
        byID[id] = record
        order.append(record)
        return record
    }

    /// Puts a record back, as a snapshot asks; records come in the order of their making.
    func restore(_ record: EventRecord) {
        byID[record.id] = record
        order.append(record)
        index(record, formerUID: "")
        creation = max(creation, record.creation)
    }

    /// Notes that what a series was until a change is not kept any longer.
    func forgetInstances(until change: Int64) { forgottenUntil = max(forgottenUntil, change) }

    /// Restores the change log once every record is back.
    func restoreLog(sequence: Int64, updated: Int64, forgottenUntil: Int64) {
        self.sequence = sequence
        self.forgottenUntil = forgottenUntil
        self.updated = updated
        log = order.map { ($0.change, $0) }.sorted { $0.0 < $1.0 }
    }

    /// Notes that a record changed; `formerUID` is the iCalUID it had before.
    func touch(_ record: EventRecord, formerUID: String, contentChangedAt: Int64?) {
        sequence += 1
        record.change = sequence
        if record.firstChange == 0 { record.firstChange = sequence }
        log.append((sequence, record))
        if let contentChangedAt { updated = max(updated, contentChangedAt) }
        index(record, formerUID: formerUID)
        compactLog()
    }

    private func index(_ record: EventRecord, formerUID: String) {
        if formerUID != record.iCalUID {
            byUID[formerUID]?.removeAll { $0 === record }
            byUID[record.iCalUID, default: []].append(record)
        }
        if let seriesID = record.seriesID, !record.isIndexedInSeries {
            record.isIndexedInSeries = true
            bySeries[seriesID, default: []].append(record)
        }
    }

    private func compactLog() {
        guard log.count > 64, log.count > 2 * order.count else { return }
        log.removeAll { $0.change != $0.record.change }
    }

    /// Exceptions of a series in the order of their making, dropped ones included.
    func exceptions(of seriesID: String) -> [EventRecord] { bySeries[seriesID] ?? [] }

    /// The records that carry that iCalUID.
    func records(uid: String) -> [EventRecord] { byUID[uid] ?? [] }

    /// The records made after `creation`, in the order of their making.
    func made(after creation: Int64) -> ArraySlice<EventRecord> {
        let first = Self.partition(count: order.count) { order[$0].creation > creation }
        return order[first...]
    }

    /// The records that changed after `sequence`, each once, in the order of their last change.
    func changes(after sequence: Int64) -> some Sequence<EventRecord> {
        let first = Self.partition(count: log.count) { log[$0].change > sequence }
        return log[first...].lazy.filter { $0.change == $0.record.change }.map(\.record)
    }

    /// The first index for which the predicate holds; it must hold from there on.
    private static func partition(count: Int, _ holds: (Int) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = low + (high - low) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
