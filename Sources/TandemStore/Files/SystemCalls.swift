#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The system's own functions under names that ours do not hide.
enum SystemCalls {
    /// Closes a file; what `close` says is of no use, since the descriptor is free either way.
    static func closeFile(_ descriptor: Int32) { _ = close(descriptor) }

    /// Reads at most `count` bytes; below zero says that it failed.
    static func readBytes(
        _ descriptor: Int32, _ start: UnsafeMutableRawPointer?, _ count: Int
    ) -> Int {
        read(descriptor, start, count)
    }

    /// Writes at most `count` bytes; below zero says that it failed.
    static func writeBytes(
        _ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int
    ) -> Int {
        write(descriptor, start, count)
    }
}
