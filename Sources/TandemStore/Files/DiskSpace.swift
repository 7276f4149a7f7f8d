#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What room a file system has left for us.
struct DiskSpace {
    /// Below this many bytes SQLite cannot be sure of its files: the index of its log alone grows
    /// by 32 KiB at a time.
    /// - SeeAlso: <https://www.sqlite.org/walformat.html>, "The WAL-Index File Format".
    static let fewestBytes: UInt64 = 64 << 10

    /// Of the whole file system; 0 where it does not say, as one without a limit.
    let allBytes: UInt64
    let freeBytes: UInt64
    /// How many files it can hold; 0 where it does not count them.
    let allFiles: UInt64
    let freeFiles: UInt64

    /// Whether neither a file can be made nor one grow.
    var isUsedUp: Bool {
        allBytes > 0 && freeBytes < Self.fewestBytes || allFiles > 0 && freeFiles == 0
    }
}

extension DiskSpace {
    /// Asks the file system that a folder lies on; `nil` where it gives no answer.
    /// - SeeAlso: statvfs(3).
    init?(of folder: String) {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return nil }
        let block = UInt64(status.f_frsize)
        func bytes(_ blocks: UInt64) -> UInt64 {
            let (product, overflows) = blocks.multipliedReportingOverflow(by: block)
            return overflows ? .max : product
        }
        allBytes = bytes(UInt64(status.f_blocks))
        freeBytes = bytes(UInt64(status.f_bavail))
        allFiles = UInt64(status.f_files)
        freeFiles = UInt64(status.f_favail)
    }
}
