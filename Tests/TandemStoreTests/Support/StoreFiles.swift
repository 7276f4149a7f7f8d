import Foundation
import GRDB
import TandemStore
import TandemTesting

/// What tests do to a store's files behind its back.
enum StoreFiles {
    static let names = ["tandem.sqlite", "tandem.sqlite-wal", "tandem.sqlite-shm"]

    /// Opens a store of notes.
    static func open(
        _ folder: String, world: TestEnvironment = TestEnvironment(), readers: Int = 1
    ) throws -> Store {
        try Store.open(
            folder: folder, readers: readers, rulebook: TestStore.rulebook,
            environment: world.environment)
    }

    /// Copies a store's files as they lie on the disk, as a crash would leave them.
    static func copy(_ source: String, to target: String) throws {
        try FileManager.default.createDirectory(
            atPath: target, withIntermediateDirectories: true)
        for name in names.dropLast() + ["sealing.keys"] {
            let file = "\(source)/\(name)"
            guard FileManager.default.fileExists(atPath: file) else { continue }
            try FileManager.default.copyItem(atPath: file, toPath: "\(target)/\(name)")
        }
    }

    /// Runs statements on a store's file without the store.
    static func execute(_ folder: String, _ sql: String) throws {
        let queue = try DatabaseQueue(path: "\(folder)/tandem.sqlite")
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    /// Changes a file as a failing disk does: its time does not tell.
    static func damage(_ path: String, with bytes: [UInt8]) throws {
        var status = stat()
        guard stat(path, &status) == 0 else { throw CocoaError(.fileNoSuchFile) }
        try write(bytes, to: path)
        #if canImport(Darwin)
            let times = [status.st_atimespec, status.st_mtimespec]
        #else
            let times = [status.st_atim, status.st_mtim]
        #endif
        guard utimensat(AT_FDCWD, path, times, 0) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    /// The permission bits of a file or folder.
    static func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? -1
    }

    /// Every file below a folder, by its path.
    static func all(below folder: String) -> [String] {
        let walk = FileManager.default.enumerator(atPath: folder)
        return (walk?.compactMap { $0 as? String } ?? []).sorted().map { "\(folder)/\($0)" }
    }
}
