import Foundation

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Files and folders that only their owner may see, whatever the process' umask says.
package enum PrivateFiles {
    /// What lies at a path, the link itself where it is one.
    enum Entry {
        case absent
        case file(bytes: Int64)
        case folder
    }

    /// Looks at a path without following a link at its end.
    /// - Throws: ``StoreError`` with code `unsafeFile` for links, devices and what others own.
    static func entry(at path: String) throws(StoreError) -> Entry {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return .absent }
            throw failure(errno, "look at", path)
        }
        let type = status.st_mode & S_IFMT
        guard status.st_uid == geteuid(), type == S_IFREG || type == S_IFDIR else {
            throw untrusted(path)
        }
        return type == S_IFREG ? .file(bytes: Int64(status.st_size)) : .folder
    }

    /// Makes a folder, those above it included, or checks that it is one; mode 0700 either way.
    /// - Throws: ``StoreError`` with code `unsafeFile` for a link or what others own, which are left
    ///   as they are; `notAStore` for a file; `unwritable`, `full` or `io`.
    package static func makeFolder(_ path: String) throws(StoreError) {
        if case .absent = try entry(at: path) { try createFolder(path) }
        guard case .folder = try entry(at: path) else {
            throw StoreError(
                .notAStore, "\(path) is a file where a folder should be.",
                remedy: "Move it out of the way, or name another folder.")
        }
        try setMode(0o700, of: path)
    }

    /// Makes a folder, and first those above it that are missing, each on disk before the next.
    private static func createFolder(_ path: String) throws(StoreError) {
        var missing: [String] = []
        var place = path
        while access(place, F_OK) != 0, errno == ENOENT {
            missing.append(place)
            let above = folder(of: place)
            guard above != place else { break }
            place = above
        }
        for place in missing.reversed() {
            if mkdir(place, 0o700) == 0 {
                try setMode(0o700, of: place)
                try syncFolder(folder(of: place))
                continue
            }
            let reason = errno
            switch reason {
            case EEXIST: continue
            case ENOSPC, EDQUOT: throw failure(reason, "make", place)
            default:
                throw StoreError(
                    .unwritable,
                    "The folder \(path) cannot be made: \(String(cString: strerror(reason))).",
                    remedy: "Check who owns the folder above it.")
            }
        }
    }

    /// The folder that a path's last part lies in.
    static func folder(of path: String) -> String {
        let slash = UInt8(ascii: "/")
        var path = Substring(path)
        while path.utf8.count > 1, path.utf8.last == slash {
            path = path[..<path.utf8.index(before: path.endIndex)]
        }
        guard let last = path.utf8.lastIndex(of: slash) else { return "." }
        return last == path.startIndex ? "/" : String(path[..<last])
    }

    /// Makes an empty file that only its owner may see, or sets an existing one to that.
    static func makeFile(_ path: String) throws(StoreError) {
        if case .absent = try entry(at: path) {
            let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
            guard descriptor >= 0 || errno == EEXIST else { throw failure(errno, "make", path) }
            if descriptor >= 0 {
                SystemCalls.closeFile(descriptor)
                try syncFolder(folder(of: path))
            }
        }
        guard case .file = try entry(at: path) else {
            throw StoreError(
                .notAStore, "\(path) is a folder where a file should be.",
                remedy: "Move it out of the way, or name another folder.")
        }
        try setMode(0o600, of: path)
    }

    /// Takes away what others may do with a file or folder, where it is there.
    static func setMode(_ mode: mode_t, of path: String) throws(StoreError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw failure(errno, "look at", path)
        }
        // The mode would be set on what the link leads to.
        guard status.st_mode & S_IFMT != S_IFLNK else { throw untrusted(path) }
        guard status.st_mode & 0o7777 != mode else { return }
        guard chmod(path, mode) == 0 else { throw failure(errno, "protect", path) }
    }

    /// Writes a whole file so that a crash leaves the old one or the new one, on disk.
    ///
    /// - Parameters:
    ///   - bytes: Its new content.
    ///   - path: Where it lies.
    ///   - replacing: Whether an existing file gives way; if not, it stays and `false` comes back.
    /// - Returns: Whether the file is the new one.
    /// - Throws: ``StoreError``.
    @discardableResult
    static func write(
        _ bytes: [UInt8], to path: String, replacing: Bool
    ) throws(StoreError) -> Bool {
        var template = Array("\(path).XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw failure(errno, "write beside", path) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        let draft = template.withUnsafeBufferPointer { String(cString: Array($0)) }
        defer { unlink(draft) }
        try fill(descriptor, with: bytes, path: path)
        if replacing {
            guard rename(draft, path) == 0 else { throw failure(errno, "replace", path) }
        } else if link(draft, path) != 0 {
            if errno == EEXIST { return false }
            throw failure(errno, "make", path)
        }
        try syncFolder(folder(of: path))
        return true
    }

    private static func fill(
        _ descriptor: Int32, with bytes: [UInt8], path: String
    ) throws(StoreError) {
        defer { SystemCalls.closeFile(descriptor) }
        guard fchmod(descriptor, 0o600) == 0 else { throw failure(errno, "protect", path) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                SystemCalls.writeBytes(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure(errno, "write", path) }
            written += count
        }
        guard fsync(descriptor) == 0 else { throw failure(errno, "write", path) }
    }

    /// Puts the names in a folder on disk.
    ///
    /// Not every folder can be: one that may be written but not read cannot be opened, and some
    /// file systems sync no folders, as they keep names safe in their own way.
    /// - SeeAlso: fsync(2), `EINVAL`; open(2), `EACCES`.
    private static func syncFolder(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == EACCES { return }
            throw failure(errno, "open", path)
        }
        defer { SystemCalls.closeFile(descriptor) }
        guard fsync(descriptor) == 0 || errno == EINVAL else {
            throw failure(errno, "write", path)
        }
    }

    /// Reads a whole file of at most `limit` bytes; `nil` where there is none.
    static func read(_ path: String, limit: Int) throws(StoreError) -> [UInt8]? {
        guard case .file(let bytes) = try entry(at: path) else { return nil }
        guard bytes <= limit else {
            throw StoreError(.notAStore, "\(path) is larger than \(limit) bytes.")
        }
        return try readStart(of: path, count: Int(bytes))
    }

    /// Reads a file's first bytes, fewer where it has fewer; `nil` where there is none.
    static func readStart(of path: String, count: Int) throws(StoreError) -> [UInt8]? {
        guard case .file = try entry(at: path) else { return nil }
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(errno, "open", path) }
        defer { SystemCalls.closeFile(descriptor) }
        var content = [UInt8](repeating: 0, count: count)
        var length = 0
        while length < count {
            let step = content[length...].withUnsafeMutableBytes {
                SystemCalls.readBytes(descriptor, $0.baseAddress, $0.count)
            }
            if step < 0, errno == EINTR { continue }
            guard step >= 0 else { throw failure(errno, "read", path) }
            if step == 0 { break }
            length += step
        }
        return Array(content[..<length])
    }

    /// The names in a folder, in order; none where there is no folder.
    static func names(in path: String) throws(StoreError) -> [String] {
        guard case .folder = try entry(at: path) else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        } catch {
            throw StoreError(.io, "The folder \(path) cannot be read.", cause: error)
        }
    }

    /// Removes a file, where it is there.
    static func remove(_ path: String) throws(StoreError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw failure(errno, "remove", path) }
    }

    private static func untrusted(_ path: String) -> StoreError {
        StoreError(
            .unsafeFile, "\(path) is a link, or belongs to somebody else, so it is not trusted.",
            remedy: "Put a file or folder of your own there.")
    }

    /// Says what the system's error number means for the store.
    static func failure(_ number: Int32, _ verb: String, _ path: String) -> StoreError {
        let reason = String(cString: strerror(number))
        let message = "Could not \(verb) \(path): \(reason)."
        switch number {
        case ENOSPC, EDQUOT:
            return StoreError(.full, message, remedy: "Free some space.")
        case EROFS:
            return StoreError(
                .unwritable, message,
                remedy: "Its file system is read-only: make it writable, or use another place.")
        case EACCES, EPERM:
            return StoreError(
                .unwritable, message, remedy: "Check who owns the folder, and its permissions.")
        case ELOOP:
            return StoreError(.unsafeFile, message, remedy: "Put a file of your own there.")
        default:
            return StoreError(.io, message, remedy: "Check the disk, then try again.")
        }
    }
}
