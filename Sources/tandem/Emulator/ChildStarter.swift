import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Starts a program in our place: same streams, same terminal, same rights of new files.
struct ChildStarter: Sendable {
    /// The program and its arguments, as the system gave them, whether they are UTF-8 or not.
    private(set) var words: [[CChar]]
    /// Whether we found broken pipes to end a process, before the network had them ignored.
    private let endsAtBrokenPipe = !Interruption.isIgnored(SIGPIPE)
    /// The files that were handed to us, and are to be handed on; all others are our own.
    private let inheritedFiles = Set(Self.openFiles())

    init(words: [[CChar]]) { self.words = words }

    /// The same way to start another program.
    func starting(_ words: [[CChar]]) -> Self {
        var other = self
        other.words = words
        return other
    }

    /// The program's name or path.
    var command: String {
        let bytes = (words.first ?? []).prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The last words of our own command line, each with its end.
    static func lastWords(_ count: Int) -> [[CChar]] {
        let all = CommandLine.unsafeArgv
        let total = Int(CommandLine.argc)
        return (max(0, total - count)..<total).compactMap { index in
            all[index].map { Array(UnsafeBufferPointer(start: $0, count: strlen($0) + 1)) }
        }
    }

    /// The numbers of the files that are open.
    private static func openFiles() -> [Int32] {
        guard let folder = opendir("/dev/fd") else { return [] }
        defer { closedir(folder) }
        var files: [Int32] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let file = Int32(name), file != dirfd(folder) { files.append(file) }
        }
        return files
    }

    /// Runs the program to its end; signals go to it meanwhile.
    ///
    /// - Parameters:
    ///   - variables: All of its environment.
    ///   - interruption: Where signals are heard.
    /// - Returns: Its exit code, or 128 and the number of the signal that ended it.
    /// - Throws: ``SpawnFailure``.
    func run(_ variables: [String: String], interruption: Interruption) async throws -> Int32 {
        let child = RunningChild(
            identifier: try spawn(variables, restoring: interruption.signals))
        return await interruption.relaying(to: child.relay) { await child.end() }
    }

    /// - Throws: ``SpawnFailure``.
    private func spawn(
        _ variables: [String: String], restoring signals: [Int32]
    ) throws(SpawnFailure) -> pid_t {
        let values = variables.sorted { $0.key < $1.key }.map { Array("\($0)=\($1)".utf8CString) }
        for file in Self.openFiles() where !inheritedFiles.contains(file) {
            // The network's sockets are ours; one that was closed meanwhile is nobody's.
            _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        prepare(&attributes, signals)
        var identifier: pid_t = 0
        let own = umask(CreationMask.inherited)
        let code = Self.withPointers(words) { words in
            Self.withPointers(values) { values in
                guard let file = words[0] else { return ENOENT }
                return posix_spawnp(&identifier, file, nil, &attributes, words, values)
            }
        }
        umask(own)
        guard code == 0 else {
            throw SpawnFailure(command: words.first ?? [], code: code)
        }
        return identifier
    }

    /// The program is to meet signals as we met them, not as we changed that for ourselves.
    private func prepare(_ attributes: inout posix_spawnattr_t, _ signals: [Int32]) {
        var (none, standard) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigemptyset(&standard)
        for signal in signals + (endsAtBrokenPipe ? [SIGPIPE] : []) {
            sigaddset(&standard, signal)
        }
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &standard)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    }

    /// Lends a list of strings as C wants it, with `nil` at its end.
    private static func withPointers<Value>(
        _ strings: [[CChar]], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
    ) -> Value {
        var all = strings.flatMap { $0 }
        let lengths = strings.map(\.count)
        return all.withUnsafeMutableBufferPointer { buffer in
            var pointers: [UnsafeMutablePointer<CChar>?] = []
            var offset = 0
            for length in lengths {
                pointers.append(buffer.baseAddress.map { $0 + offset })
                offset += length
            }
            return body(pointers + [nil])
        }
    }
}

/// A program that runs.
private final class RunningChild: Sendable {
    /// Its number, as long as it is its own and nobody else's.
    private let identifier: Mutex<pid_t?>

    init(identifier: pid_t) { self.identifier = Mutex(identifier) }

    /// Hands a signal on.
    ///
    /// The terminal tells all of a job when a person presses Ctrl-C; then the program knows.
    func relay(_ number: Int32) {
        if number == SIGINT, Self.isJobOfTerminal() { return }
        identifier.withLock { if let identifier = $0 { _ = kill(identifier, number) } }
    }

    /// Waits until it is over.
    func end() async -> Int32 {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: self.wait()) }
        }
    }

    private func wait() -> Int32 {
        guard let number = identifier.withLock({ $0 }) else { return 0 }
        var information = siginfo_t()
        while waitid(P_PID, id_t(number), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {
            continue
        }
        // Its number is free for others once it was asked for its status.
        return identifier.withLock { identifier in
            identifier = nil
            var status: Int32 = 0
            while waitpid(number, &status, 0) < 0, errno == EINTR { continue }
            let signal = status & 0x7F
            return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
        }
    }

    private static func isJobOfTerminal() -> Bool {
        let terminal = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { return false }
        defer { close(terminal) }
        return tcgetpgrp(terminal) == getpgrp()
    }
}

/// Why a program could not be started.
struct SpawnFailure: Error, Sendable {
    /// 127 where there is none of that name, else 126, as shells have it.
    let status: Int32
    let message: String

    /// - Parameters:
    ///   - command: The first word, with its end.
    ///   - code: The system's reason.
    init(command: [CChar], code: Int32) {
        let isMissing = code == ENOENT || code == ENOTDIR
        let bytes = command.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let name = TerminalText.oneLine(String(decoding: bytes, as: UTF8.self))
        status = isMissing ? 127 : 126
        message =
            isMissing
            ? "There is no command '\(name)'."
            : "'\(name)' cannot be executed: \(String(cString: strerror(code)))."
    }

    /// Says it on standard error, in one line.
    func print(as app: App) {
        let failure = CommandFailure(
            .notFound, code: status == 127 ? "noCommand" : "notExecutable", message)
        FailurePrinter(json: app.options.format == .json, color: app.options.color.rawValue)
            .print(failure)
    }
}
