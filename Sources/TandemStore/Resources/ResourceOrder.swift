public import TandemCore

/// In which order a list of resources comes, and behind what it goes on.
public enum ResourceOrder: Hashable, Sendable {
    /// By id.
    case id(after: ResourceID? = nil)
    /// By when they happen first, a series by its first start and whole days by midnight UTC, then
    /// by id; what has no time comes last.
    case start(after: StartMark? = nil)
}

/// A place in a list by start: what begins then, and has that id.
///
/// It stays where it is, whatever is added, changed or removed before or behind it.
public struct StartMark: Hashable, Sendable, LosslessStringConvertible {
    /// In seconds since 1970 UTC; ``never`` for what has no time.
    public let start: Int64
    /// The resource's id.
    public let id: ResourceID

    /// The start of what has no time.
    public static let never = Int64.max

    /// Gathers a mark.
    public init(start: Int64, id: ResourceID) {
        self.start = start
        self.id = id
    }

    /// Reads what ``description`` wrote; `nil` for anything else.
    public init?(_ description: String) {
        let parts = description.split(
            separator: "~", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let start = Int64(parts[0]), !parts[1].isEmpty else { return nil }
        self.init(start: start, id: ResourceID(rawValue: String(parts[1])))
    }

    /// The start and the id, as a page's mark is written.
    public var description: String { "\(start)~\(id)" }
}

extension StoredResource {
    /// Its place in a list by start.
    public var startMark: StartMark {
        StartMark(start: projection.span?.lowerBound ?? StartMark.never, id: id)
    }
}
