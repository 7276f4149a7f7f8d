/// One process among all that ever ran, so that a later one can tell whether it is gone.
public struct ProcessIdentity: Hashable, Sendable {
    /// The machine's name.
    public let host: String
    /// One run of the machine, and the numbers that count in it: two processes of which this
    /// differs cannot see each other; empty where it is not known.
    public let boot: String
    /// The process' number.
    public let number: Int64
    /// When it was started, in the machine's own measure, since numbers come back; 0 where it is not
    /// known.
    public let started: Int64

    /// Names a process.
    public init(host: String, boot: String, number: Int64, started: Int64) {
        self.host = host
        self.boot = boot
        self.number = number
        self.started = started
    }
}

/// What is known of a process.
public enum ProcessLife: Hashable, Sendable {
    /// It is there.
    case running
    /// It certainly ended, be it with its machine.
    case gone
    /// It cannot be seen from here.
    case unknown
}

/// The processes that ours can see: the system's in the product, made up in tests.
public protocol ProcessTable: Sendable {
    /// The process that asks.
    var current: ProcessIdentity { get }
    /// Whether a process still runs; `unknown` wherever there is a doubt.
    func life(of process: ProcessIdentity) -> ProcessLife
}

/// A table in which no other process can be seen.
public struct NoProcesses: ProcessTable {
    /// Makes the table.
    public init() {}
    /// A process of no machine.
    public var current: ProcessIdentity {
        ProcessIdentity(host: "", boot: "", number: 0, started: 0)
    }
    /// Nothing is known.
    public func life(of process: ProcessIdentity) -> ProcessLife { .unknown }
}
