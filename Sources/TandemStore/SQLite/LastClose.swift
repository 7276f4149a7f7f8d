#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// How a store's file was left when it was closed, and when all of it was looked at.
///
/// A file that differs from it was changed behind the store's back: by another program, or by a
/// copy that was put in its place. Nothing depends on it but whether the file is looked at once
/// more, so it is written in place and need not survive a crash.
struct LastClose: Hashable {
    /// How long a look at the file is good for: disks lose bytes without a sign.
    static let goodMilliseconds: Int64 = 86_400_000

    /// The file's length, and when it was changed last.
    struct Trace: Hashable {
        let bytes: Int64
        let seconds: Int64
        let nanoseconds: Int64
    }

    let trace: Trace
    /// In milliseconds of Unix time; 0 where no clock was given.
    let checkedAt: Int64

    /// Whether the file is as it was left, and was looked at within the day before `now`, or after
    /// it by a clock that ran ahead.
    func vouches(for trace: Trace, at now: Int64?) -> Bool {
        guard trace == self.trace else { return false }
        guard let now else { return true }
        let (age, overflows) = now.subtractingReportingOverflow(checkedAt)
        return !overflows && age.magnitude < Self.goodMilliseconds.magnitude
    }
}

extension LastClose {
    /// Reads what was noted; `nil` where nothing was, or something else.
    init?(path: String) throws(StoreError) {
        guard let text = try PrivateFiles.readStart(of: path, count: 200) else { return nil }
        let numbers = String(decoding: text, as: UTF8.self).split(separator: "\n")
            .prefix(1).flatMap { $0.split(separator: " ").map { Int64($0) } }
        guard numbers.count == 4, let bytes = numbers[0], let seconds = numbers[1],
            let nanoseconds = numbers[2], let checkedAt = numbers[3]
        else { return nil }
        trace = Trace(bytes: bytes, seconds: seconds, nanoseconds: nanoseconds)
        self.checkedAt = checkedAt
    }

    /// What stands in the file.
    private var text: String {
        "\(trace.bytes) \(trace.seconds) \(trace.nanoseconds) \(checkedAt)\n"
    }

    /// Notes it; where that fails, the file is only looked at once more.
    func write(to path: String) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        defer { SystemCalls.closeFile(descriptor) }
        let bytes = Array(text.utf8)
        // Shorter ones leave the end of a longer one behind, below their line.
        _ = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }
}

extension LastClose.Trace {
    /// Looks at a file; `nil` where there is none to be seen.
    init?(of path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
            let changed = status.st_mtimespec
        #else
            let changed = status.st_mtim
        #endif
        self.init(
            bytes: Int64(status.st_size), seconds: Int64(changed.tv_sec),
            nanoseconds: Int64(changed.tv_nsec))
    }
}
