import TandemCore

/// How often each thing that a simulation is to meet was met.
public struct ReachCounters: Codable, Hashable, Sendable {
    /// By name.
    public private(set) var counts: [String: Int] = [:]

    /// Counts nothing yet.
    public init() {}

    /// Counts one.
    mutating func note(_ name: String) { counts[name, default: 0] += 1 }

    /// Adds another's.
    public mutating func add(_ other: Self) { counts.merge(other.counts) { $0 + $1 } }

    /// One thing that has to be met: a row of a table, and the names it is counted under.
    public struct Row: Hashable, Sendable {
        /// Which table it stands in.
        public let table: String
        /// What the row says.
        public let name: String
        /// What counts for it.
        public let counters: [String]
        /// Whether only worlds on a disk can meet it; those in memory meet all the others.
        public let isOnDisk: Bool
    }

    /// How often a row was met.
    public func count(of row: Row) -> Int { row.counters.reduce(0) { $0 + counts[$1, default: 0] } }

    /// What has to be met: each signal of the table of failures, each case of conflicts, each fault
    /// of each sort of request, and each way in which things end.
    public static let wanted: [Row] = signals + cases + faults + ends

    /// The rows that were met less often than they are to be, by worlds on a disk or in memory.
    public func missing(atLeast count: Int, onDisk isOnDisk: Bool = false) -> [Row] {
        Self.wanted.filter { $0.isOnDisk == isOnDisk && self.count(of: $0) < count }
    }
}
