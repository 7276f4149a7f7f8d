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

    /// What has to be met, sorted by name: each fault of each sort of request, each clash, and each
    /// way in which one ends.
    public static let wanted: [String] = {
        let faults = SimulatedFault.allCases.filter { $0 != .storeFailed }
        let ofPages: Set<SimulatedFault> = [
            .pageRepeated, .pageEmpty, .cursorMissing, .cursorExpired,
        ]
        let ofWrites: Set<SimulatedFault> = [
            .duplicate, .quotaExceeded, .forbidden, .alreadyExists, .gone, .preconditionFailed,
            .rejected, .overtaken,
        ]
        let pages = faults.filter { !ofWrites.contains($0) }.map { "\($0.rawValue) of a page" }
        let verbs = IntentVerb.allCases.map(\.rawValue)
        let writes = faults.filter { !ofPages.contains($0) }
            .flatMap { fault in verbs.map { "\(fault.rawValue) of \($0)" } }
        return (pages + writes + rest).sorted()
    }()

    private static let rest = [
        "clash: the same on both sides", "clash: the same part edited there",
        "clash: another part edited there", "clash: edit here, delete there",
        "clash: delete here, edit there", "clash: delete here, delete there",
        "clash: move here, edit there", "clash: move here, delete there",
        "conflict: title", "conflict: body", "conflict: time", "conflict: delete",
        "settled: mine", "settled: theirs", "crash: before an effect", "crash: after an effect",
        "store: failed", "look-up: present", "look-up: absent", "look-up: a tombstone",
        "created, local", "created, remote", "updated, local", "updated, remote", "moved, local",
        "moved, remote", "deleted, local", "deleted, remote", "deleted by operation",
        "deleted by tombstone", "deleted by sweep", "deleted by released", "restored, remote",
    ]

    /// What was met less often than it is to be.
    public func missing(atLeast count: Int) -> [String] {
        Self.wanted.filter { counts[$0, default: 0] < count }
    }
}
