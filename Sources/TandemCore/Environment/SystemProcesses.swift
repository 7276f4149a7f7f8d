import Foundation

/// The processes of this machine.
public struct SystemProcesses: ProcessTable {
    /// Makes the table.
    public init() {}

    /// This process.
    public var current: ProcessIdentity { Self.own }

    private static let own: ProcessIdentity = {
        let number = ProcessInfo.processInfo.processIdentifier
        return ProcessIdentity(
            host: ProcessInfo.processInfo.hostName, boot: boot, number: Int64(number),
            started: ProcessRecord(of: number)?.started ?? 0)
    }()

    /// Looks a process up by its number; one that was started at another moment only has the same
    /// number.
    ///
    /// A process of another machine, or of a container with numbers of its own, cannot be seen. One
    /// of an earlier run of this machine is gone with it.
    public func life(of process: ProcessIdentity) -> ProcessLife {
        guard process.host == current.host, !process.boot.isEmpty, !current.boot.isEmpty,
            let number = pid_t(exactly: process.number), number > 0
        else { return .unknown }
        let (theirs, ours) = (
            process.boot.split(separator: " "), current.boot.split(separator: " ")
        )
        guard theirs.first == ours.first else { return .gone }
        guard theirs == ours else { return .unknown }
        // Signal 0 asks only whether the process is there; EPERM says that it is somebody else's.
        guard kill(number, 0) == 0 || errno == EPERM else {
            return errno == ESRCH ? .gone : .unknown
        }
        guard let record = ProcessRecord(of: number) else { return .running }
        if record.hasEnded { return .gone }
        let isSame = process.started == 0 || process.started == record.started
        return isSame ? .running : .gone
    }

    /// The id of this run of the machine, and on Linux that of the process numbers; empty where they
    /// cannot be read, so that nothing is taken for gone.
    /// - SeeAlso: proc(5), "/proc/sys/kernel/random/boot_id"; pid_namespaces(7).
    private static var boot: String {
        #if os(Linux)
            guard let id = text(of: "/proc/sys/kernel/random/boot_id"),
                let numbers = numbering
            else { return "" }
            return "\(id) \(numbers)"
        #else
            var bytes = [CChar](repeating: 0, count: 64)
            var count = bytes.count
            guard sysctlbyname("kern.bootsessionuuid", &bytes, &count, nil, 0) == 0 else {
                return ""
            }
            return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
        #endif
    }

    private static var numbering: String? {
        var bytes = [CChar](repeating: 0, count: 64)
        let count = readlink("/proc/self/ns/pid", &bytes, bytes.count)
        guard count > 0 else { return nil }
        return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The first line of one of the kernel's files; `nil` where it cannot be read.
    fileprivate static func text(of path: String) -> String? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        // Only read from, so closing loses nothing; what cannot be read is not known.
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: 4096) else { return nil }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").first.map(String.init)
    }
}

/// What the system tells of a process.
///
/// - SeeAlso: proc(5), "/proc/pid/stat", fields 3 (state) and 22 (starttime).
struct ProcessRecord: Hashable, Sendable {
    /// Whether it only waits for its parent to take note of its end.
    let hasEnded: Bool
    /// In clock ticks since the machine was started.
    let started: Int64

    /// Reads the line of a process; `nil` for one that makes no sense.
    init?(line: String) {
        // The name, in brackets, may itself hold brackets and blanks.
        guard let bracket = line.lastIndex(of: ")") else { return nil }
        let fields = line[line.index(after: bracket)...].split(separator: " ")
        guard fields.count > 19, let started = Int64(fields[19]) else { return nil }
        hasEnded = ["Z", "X", "x"].contains(fields[0])
        self.started = started
    }

    /// Looks a process up; `nil` where the system does not tell.
    init?(of number: Int32) {
        guard let line = SystemProcesses.text(of: "/proc/\(number)/stat") else { return nil }
        self.init(line: line)
    }
}
