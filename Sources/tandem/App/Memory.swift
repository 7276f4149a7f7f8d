#if canImport(Glibc)
    import Glibc
#endif

/// How the process takes its memory.
enum Memory {
    /// Lets all threads take from one heap, where the system would give each a heap of its own.
    ///
    /// A page of a listing is made on one thread and freed on another, so that each heap grew to
    /// the size of a page, by four kilobytes a call: a first sync of 10,000 events asked 5,700
    /// times for memory and peaked at 86 MiB, with one heap at 73. Small pieces that were given back
    /// are joined at once: kept apart, all of them are walked over whenever a large one is asked for,
    /// which a base version of more than a kilobyte is.
    /// - SeeAlso: `man 3 mallopt`, "M_ARENA_MAX" and "M_MXFAST".
    static func shareOneHeap() {
        #if canImport(Glibc)
            // Looked up by name, because Swift's view of the C library leaves `malloc.h` out.
            guard let address = dlsym(nil, "mallopt") else { return }
            let mallopt = unsafeBitCast(address, to: (@convention(c) (CInt, CInt) -> CInt).self)
            // That they are not heeded harms nothing.
            _ = mallopt(-8, 1)  // M_ARENA_MAX
            _ = mallopt(1, 0)  // M_MXFAST
        #endif
    }
}
