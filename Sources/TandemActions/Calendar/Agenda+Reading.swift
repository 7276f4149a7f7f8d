import LosslessJSON
import TandemCore
import TandemFormats
public import TandemStore

extension Agenda {
    /// Works out what happens in a window, from the store alone.
    ///
    /// Series are expanded, exceptions put in their places; what several accounts hold (the same
    /// `iCalUID` and start) is shown once. Cancelled and deleted events are left out.
    ///
    /// - Parameters:
    ///   - window: The window.
    ///   - collections: The calendars to look at.
    ///   - transaction: The transaction that is under way.
    /// - Returns: The window's entries in order.
    /// - Throws: `StoreError`.
    public static func read(
        _ window: AgendaWindow, of collections: [RemoteCollection],
        in transaction: StoreTransaction
    ) throws -> Agenda {
        let zones = Dictionary(
            collections.map { ($0.id, $0.timeZone ?? "UTC") }, uniquingKeysWith: { $1 })
        let rows = try transaction.resources.overlapping(
            window.widened, collections: collections.map(\.id))
        var reader = AgendaReader(window: window, transaction: transaction, rows: rows)
        for row in rows where row.kind == .event {
            try reader.take(row, fallbackZone: zones[row.collection] ?? "UTC")
        }
        let accounts = try transaction.accounts.list().sorted { $0.name < $1.name }.map(\.id)
        let ranks = Dictionary(
            accounts.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { $1 })
        let ranked = reader.entries.ordered { left, right in
            let (leftRank, rightRank) = (
                ranks[left.resource.account], ranks[right.resource.account]
            )
            return (leftRank ?? .max, left.id) < (rightRank ?? .max, right.id)
        }
        return Agenda(
            entries: merged(ranked).ordered(by: AgendaEntry.precedes),
            unreadable: reader.unreadable)
    }

    /// One entry for each event, however many accounts hold a copy; that of the first one stays.
    private static func merged(_ entries: [AgendaEntry]) -> [AgendaEntry] {
        struct Key: Hashable {
            let uid: String
            let start: Int64
        }
        var firsts: [Key: Int] = [:]
        var merged: [AgendaEntry] = []
        for entry in entries {
            guard let uid = entry.data["iCalUID"]?.string else {
                merged.append(entry)
                continue
            }
            let key = Key(uid: uid, start: entry.start)
            if let first = firsts[key], !merged[first].accounts.contains(entry.resource.account) {
                merged[first].accounts.append(entry.resource.account)
            } else {
                if firsts[key] == nil { firsts[key] = merged.count }
                merged.append(entry)
            }
        }
        return merged
    }
}

extension [AgendaEntry] {
    /// The same in order; each is moved once, since to move one is to count references to all it
    /// holds.
    fileprivate func ordered(by precedes: (AgendaEntry, AgendaEntry) -> Bool) -> [AgendaEntry] {
        indices.sorted { precedes(self[$0], self[$1]) }.map { self[$0] }
    }
}

/// Collects a window's entries row by row.
private struct AgendaReader {
    /// A series as its exceptions name it.
    struct SeriesKey: Hashable {
        let collection: CollectionID
        let remoteID: RemoteID
    }

    let window: AgendaWindow
    let transaction: StoreTransaction
    var entries: [AgendaEntry] = []
    var unreadable: [(resource: ResourceID, reason: String)] = []
    private var series: [SeriesKey: StoredResource] = [:]
    /// The slots of each series that exceptions stand for, cancelled ones too.
    private var takenSlots: [SeriesKey: Set<String>] = [:]

    init(window: AgendaWindow, transaction: StoreTransaction, rows: [StoredResource]) {
        self.window = window
        self.transaction = transaction
        for row in rows {
            if let link = row.projection.exception {
                guard row.standsForSlot else { continue }
                let key = SeriesKey(collection: row.collection, remoteID: link.series)
                takenSlots[key, default: []].insert(link.slot)
            } else if row.projection.isSeries, let remoteID = row.remoteID {
                series[SeriesKey(collection: row.collection, remoteID: remoteID)] = row
            }
        }
    }

    mutating func take(_ row: StoredResource, fallbackZone: String) throws {
        guard let live = row.live else { return }
        if row.projection.isSeries {
            try takeSeries(row, live: live, fallbackZone: fallbackZone)
        } else if let link = row.projection.exception {
            try takeException(row, live: live, link: link, fallbackZone: fallbackZone)
        } else if !row.projection.isCancelled {
            add(row, id: row.id.rawValue, data: live, fallbackZone: fallbackZone)
        }
    }

    private mutating func add(
        _ row: StoredResource, id: String, data: JSON, fallbackZone: String
    ) {
        guard let span = EventSpan(of: data, fallbackZone: fallbackZone), window.touches(span)
        else { return }
        entries.append(
            AgendaEntry(id: id, resource: row, data: data, span: span, zone: window.zone))
    }

    private static let truncated =
        "Its rule asks for more than an agenda follows, so that later instances may be missing; "
        + "look at a shorter time, or end the series with UNTIL instead of COUNT."

    private mutating func takeSeries(
        _ row: StoredResource, live: JSON, fallbackZone: String
    ) throws {
        guard !row.projection.isCancelled, let remoteID = row.remoteID else { return }
        do {
            let model = try SeriesModel(
                live, remoteID: remoteID.rawValue, fallbackZone: fallbackZone)
            let expansion = model.slots(overlapping: window.widened)
            if expansion.isTruncated { unreadable.append((row.id, Self.truncated)) }
            guard !expansion.slots.isEmpty else { return }
            let taken = try takenSlots(of: row, remoteID: remoteID)
            for slot in expansion.slots where !taken.contains(slot.idSuffix) {
                let span = model.span(of: slot)
                guard window.touches(span) else { continue }
                entries.append(
                    AgendaEntry(
                        id: "\(row.id)_\(slot.idSuffix)", resource: row,
                        data: try model.instance(of: slot, rules: transaction.rulebook),
                        span: span, zone: window.zone))
            }
        } catch let error as TandemError where error.code == .invalid {
            // One rule that cannot be read must not hide everything else.
            unreadable.append((row.id, error.message))
        }
    }

    private func takenSlots(of row: StoredResource, remoteID: RemoteID) throws -> Set<String> {
        let taken =
            takenSlots[SeriesKey(collection: row.collection, remoteID: remoteID)] ?? []
        // A series that waits to be moved has its exceptions where it came from.
        guard let left = row.movedFrom else { return taken }
        let exceptions = try transaction.resources.exceptions(of: remoteID, in: left)
            .filter(\.standsForSlot)
        return taken.union(exceptions.compactMap { $0.projection.exception?.slot })
    }

    private mutating func takeException(
        _ row: StoredResource, live: JSON, link: ExceptionLink, fallbackZone: String
    ) throws {
        guard !row.projection.isCancelled else { return }
        let series = try series(link.series, of: row)
        if let series {
            guard series.live != nil else { return }
            // A series that was moved here, but not there yet, leaves its old exceptions behind.
            if series.isDirty, !row.isDirty, try !has(series, link, fallbackZone: fallbackZone) {
                return
            }
        }
        let stem = series?.id.rawValue
        add(
            row, id: stem.map { "\($0)_\(link.slot)" } ?? row.id.rawValue, data: live,
            fallbackZone: fallbackZone)
    }

    private func series(_ remoteID: RemoteID, of row: StoredResource) throws -> StoredResource? {
        let key = SeriesKey(collection: row.collection, remoteID: remoteID)
        return try series[key]
            ?? transaction.resources.find(remoteID: remoteID, in: row.collection)
    }

    private func has(
        _ series: StoredResource, _ link: ExceptionLink, fallbackZone: String
    ) throws -> Bool {
        guard let live = series.live else { return false }
        do {
            let model = try SeriesModel(
                live, remoteID: link.series.rawValue, fallbackZone: fallbackZone)
            guard let slot = model.slot(named: link.slot) else { return false }
            return try model.has(slot)
        } catch  where error.code == .invalid {
            return true
        }
    }
}

extension StoredResource {
    /// Whether an exception takes its series' slot: also one that is gone, since an instance that
    /// was deleted does not come back; but not one that was made here and given up unsent.
    fileprivate var standsForSlot: Bool { deletedAt == nil || baseBytes != nil }
}
