import LosslessJSON
import TandemCore
import TandemStore

/// What one run did to one resource, from its first entry in the log to its last.
struct RunChange {
    let resource: ResourceID
    let title: String
    /// What was there before; `nil` where it was not there.
    let before: JSON?
    /// What was there afterwards; `nil` where it was gone.
    let after: JSON?
    /// Where it lay before and afterwards, where the run moved it.
    let move: (from: CollectionID, to: CollectionID)?
    /// Whether all of it was done here.
    let isLocal: Bool
    /// Why it was deleted, where that is what the run did last.
    let cause: DeleteCause?
    /// The place of the last entry in the log.
    let end: Int64

    /// Gathers the entries of one resource, oldest first; `nil` where there is none.
    private init?(_ resource: ResourceID, _ entries: [ChangeEntry]) {
        guard let first = entries.first, let last = entries.last else { return nil }
        let places = entries.filter { $0.verb == .moved }
            .flatMap(\.changes).filter { $0.field == FieldChange.placeName }
        if let from = places.first?.before?.string, let to = places.last?.after?.string, from != to
        {
            move = (CollectionID(rawValue: from), CollectionID(rawValue: to))
        } else {
            move = nil
        }
        self.resource = resource
        title = last.title
        before = first.before
        after = last.after
        isLocal = entries.allSatisfy { $0.origin == .local }
        cause = last.cause
        end = last.sequence
    }

    /// Whether the run made it.
    var isMade: Bool { before == nil && after != nil }

    /// What a run did, what was done last first.
    static func all(in entries: [ChangeEntry]) -> [RunChange] {
        var order: [ResourceID] = []
        var found: [ResourceID: [ChangeEntry]] = [:]
        for entry in entries {
            guard let resource = entry.resource else { continue }
            if found[resource] == nil { order.append(resource) }
            found[resource, default: []].append(entry)
        }
        return order.compactMap { RunChange($0, found[$0] ?? []) }.sorted { $0.end > $1.end }
    }
}
