import Foundation
import TandemCore
import TandemTesting
import Testing

@testable import TandemStore

@Suite struct StoreOpeningTests {
    private func expectRefusal(
        _ code: StoreError.Code, of folder: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        do {
            let store = try StoreFiles.open(folder)
            Issue.record("The store opened.", sourceLocation: sourceLocation)
            try store.close()
        } catch let error as StoreError {
            #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
            #expect(error.remedy != nil, sourceLocation: sourceLocation)
        } catch {
            Issue.record("Another failure: \(error)", sourceLocation: sourceLocation)
        }
    }

    @Test func `a store is there again when it is opened again`() async throws {
        try await withTemporaryFolder { folder in
            for number in 0..<4 {
                let store = try StoreFiles.open(
                    folder + "/a/b", world: TestEnvironment(seed: UInt64(number)))
                let runs = try await store.write { transaction throws in
                    _ = try transaction.runs.start("run \(number)")
                    return try transaction.runs.list().count
                }
                #expect(runs == number + 1)
                try store.close()
            }
            #expect(!FileManager.default.fileExists(atPath: folder + "/a/b/tandem.sqlite-wal"))
        }
    }

    @Test func `who waits for another to open the store does not wait for ever`() async throws {
        try await withTemporaryFolder { folder in
            try StoreFiles.open(folder).close()
            let opening = try FileHandle(
                forUpdating: URL(filePath: folder + "/tandem.lock"))
            try #require(flock(opening.fileDescriptor, LOCK_EX | LOCK_NB) == 0)
            do throws(StoreError) {
                _ = try SQLiteFolder(path: folder, now: nil, patienceMilliseconds: 100)
                Issue.record("The store was lent while another one opened it.")
            } catch {
                #expect(error.code == .locked && error.remedy != nil)
            }
            try #require(flock(opening.fileDescriptor, LOCK_UN) == 0)
            _ = try SQLiteFolder(path: folder, now: nil, patienceMilliseconds: 0)
            try opening.close()
        }
    }

    @Test func `every file is its owner's alone, whatever the umask says`() async throws {
        try await withTemporaryFolder { folder in
            let former = umask(0)
            defer { umask(former) }
            let home = folder + "/home"
            let store = try StoreFiles.open(home)
            try await store.write { transaction throws in
                let account = try transaction.accounts.add(name: "ada", provider: "memory")
                try transaction.credentials.store([1, 2, 3], for: account.id)
                _ = try transaction.blobs.put([1, 2, 3], mediaType: "text/plain")
            }
            #expect(try StoreFiles.mode(home) == 0o700)
            let paths = StoreFiles.all(below: home)
            #expect(paths.count >= 8)
            for path in paths {
                var isFolder: ObjCBool = false
                _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
                #expect(
                    try StoreFiles.mode(path) == (isFolder.boolValue ? 0o700 : 0o600), "\(path)")
            }
            try store.close()
        }
    }

    @Test func `files that others may read are mended when the store is opened`() async throws {
        try await withTemporaryFolder { folder in
            let first = try StoreFiles.open(folder)
            try await first.write { transaction throws in
                let account = try transaction.accounts.add(name: "ada", provider: "memory")
                try transaction.credentials.store([1], for: account.id)
            }
            let files = StoreFiles.all(below: folder)
            for path in files { try #require(chmod(path, 0o644) == 0) }
            try #require(chmod(folder, 0o755) == 0)
            let second = try StoreFiles.open(folder)
            try await second.read { transaction throws in
                let account = try transaction.accounts.list()[0]
                #expect(try transaction.credentials.load(account.id) == [1])
            }
            #expect(try StoreFiles.mode(folder) == 0o700)
            for path in files { #expect(try StoreFiles.mode(path) == 0o600, "\(path)") }
            try second.close()
            try first.close()
        }
    }

    @Test(arguments: StoreFiles.names + ["tandem.lock", ""])
    func `a link in the store's place is refused`(name: String) async throws {
        try await withTemporaryFolder { folder in
            let (home, real) = (folder + "/home", folder + "/real")
            let store = try StoreFiles.open(real)
            try store.close()
            if name.isEmpty {
                try FileManager.default.createSymbolicLink(
                    atPath: home, withDestinationPath: real)
            } else {
                try StoreFiles.open(home).close()
                if FileManager.default.fileExists(atPath: "\(home)/\(name)") {
                    try FileManager.default.removeItem(atPath: "\(home)/\(name)")
                }
                try StoreFiles.write([], to: "\(real)/\(name).target")
                try FileManager.default.createSymbolicLink(
                    atPath: "\(home)/\(name)", withDestinationPath: "\(real)/\(name).target")
            }
            expectRefusal(.unsafeFile, of: home)
        }
    }

    @Test func `what a link leads to keeps its rights`() async throws {
        try await withTemporaryFolder { folder in
            let (home, real) = (folder + "/home", folder + "/real")
            try FileManager.default.createDirectory(
                atPath: real, withIntermediateDirectories: false)
            try #require(chmod(real, 0o755) == 0)
            try FileManager.default.createSymbolicLink(atPath: home, withDestinationPath: real)
            expectRefusal(.unsafeFile, of: home)
            #expect(try StoreFiles.mode(real) == 0o755)
            let error = #expect(throws: StoreError.self) {
                try PrivateFiles.setMode(0o700, of: home)
            }
            #expect(error?.code == .unsafeFile)
            #expect(try StoreFiles.mode(real) == 0o755)
        }
    }

    @Test func `what is no database is refused and left alone`() async throws {
        try await withTemporaryFolder { folder in
            for content in ["hello", String(repeating: "not a database\n", count: 500), "S"] {
                let path = folder + "/tandem.sqlite"
                try StoreFiles.write(Array(content.utf8), to: path)
                try #require(chmod(path, 0o644) == 0)
                expectRefusal(.notAStore, of: folder)
                #expect(try StoreFiles.bytes(path) == Array(content.utf8))
                #expect(try StoreFiles.mode(path) == 0o644)
            }
        }
    }

    @Test(arguments: [
        "PRAGMA application_id = 7", "CREATE TABLE t (a)", "PRAGMA user_version = 1",
        "PRAGMA application_id = 7; PRAGMA journal_mode = WAL; CREATE TABLE t (a)",
    ])
    func `another program's database is refused and left alone`(sql: String) async throws {
        try await withTemporaryFolder { folder in
            try StoreFiles.execute(folder, sql)
            let before = try StoreFiles.bytes(folder + "/tandem.sqlite")
            expectRefusal(.notAStore, of: folder)
            #expect(try StoreFiles.bytes(folder + "/tandem.sqlite") == before)
        }
    }

    @Test func `a store of a later version is refused before anything is written`() async throws {
        try await withTemporaryFolder { folder in
            try StoreFiles.open(folder).close()
            try StoreFiles.execute(folder, "PRAGMA user_version = \(Schema.version + 1)")
            let before = try StoreFiles.bytes(folder + "/tandem.sqlite")
            expectRefusal(.newer, of: folder)
            #expect(try StoreFiles.bytes(folder + "/tandem.sqlite") == before)
        }
    }

    @Test func `a later version is noticed in the log of a crashed program`() async throws {
        try await withTemporaryFolder { folder in
            let (home, copy) = (folder + "/home", folder + "/copy")
            let store = try StoreFiles.open(home)
            try await store.write { transaction throws in
                try transaction.connection.executeScript(
                    "PRAGMA user_version = \(Schema.version + 1)")
            }
            try StoreFiles.copy(home, to: copy)
            try store.close()
            expectRefusal(.newer, of: copy)
        }
    }

    @Test func `a folder where none can be made is refused`() async throws {
        expectRefusal(.unwritable, of: "/proc/no-such-place/tandem")
        try await withTemporaryFolder { folder in
            let file = folder + "/file"
            try StoreFiles.write([1], to: file)
            expectRefusal(.notAStore, of: file)
            #expect(try StoreFiles.bytes(file) == [1])
        }
    }

    @Test(arguments: [true, false])
    func `a log whose store is empty or missing is refused and left alone`(isMissing: Bool)
        async throws
    {
        try await withTemporaryFolder { folder in
            let (home, copy) = (folder + "/home", folder + "/copy")
            let store = try StoreFiles.open(home)
            _ = try await store.write { try $0.runs.start("acknowledged") }
            try StoreFiles.copy(home, to: copy)
            try store.close()
            let (file, log) = (copy + "/tandem.sqlite", copy + "/tandem.sqlite-wal")
            let (whole, before) = (try StoreFiles.bytes(file), try StoreFiles.bytes(log))
            try #require(!before.isEmpty)
            if isMissing {
                try FileManager.default.removeItem(atPath: file)
            } else {
                try StoreFiles.write([], to: file)
            }
            expectRefusal(.corrupt, of: copy)
            #expect(try StoreFiles.bytes(log) == before)
            #expect(FileManager.default.fileExists(atPath: file) != isMissing)
            // With the file back, what was acknowledged is there.
            try StoreFiles.write(whole, to: file)
            let mended = try StoreFiles.open(copy)
            let commands = try await mended.read { try $0.runs.list().map(\.command) }
            #expect(commands == ["acknowledged"])
            try mended.close()
        }
    }

    @Test func `an empty store beside an empty log is a new one`() async throws {
        try await withTemporaryFolder { folder in
            for name in StoreFiles.names.dropLast() {
                try StoreFiles.write([], to: "\(folder)/\(name)")
            }
            try StoreFiles.open(folder).close()
        }
    }

    @Test func `a store that lost its write-ahead log gets it back when it is opened`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let first = try StoreFiles.open(folder)
            _ = try await first.write { try $0.runs.start("before") }
            try first.close()
            try StoreFiles.execute(folder, "PRAGMA journal_mode = DELETE")
            let second = try StoreFiles.open(folder)
            let mode = try second.readBlocking { transaction in
                var mode = ""
                try transaction.connection.query("PRAGMA journal_mode", []) {
                    mode = $0.text(0) ?? ""
                }
                return mode
            }
            #expect(mode == "wal")
            #expect(try await second.read { try $0.runs.list().map(\.command) } == ["before"])
            try second.close()
        }
    }

    @Test func `two processes use one store`() async throws {
        try await withTemporaryFolder { folder in
            let first = try StoreFiles.open(folder, world: TestEnvironment(seed: 1))
            let second = try StoreFiles.open(folder, world: TestEnvironment(seed: 2))
            for number in 0..<10 {
                let writer = number.isMultiple(of: 2) ? first : second
                _ = try await writer.write { try $0.runs.start("run \(number)") }
                let reader = number.isMultiple(of: 3) ? first : second
                #expect(try await reader.read { try $0.runs.list().count } == number + 1)
            }
            try first.close()
            #expect(try await second.read { try $0.runs.list().count } == 10)
            try second.close()
        }
    }

    @Test func `a reader sees one state while another process writes`() async throws {
        try await withTemporaryFolder { folder in
            let first = try StoreFiles.open(folder, world: TestEnvironment(seed: 1))
            let second = try StoreFiles.open(folder, world: TestEnvironment(seed: 2))
            try first.readBlocking { transaction throws in
                #expect(try transaction.runs.list().isEmpty)
                try second.writeBlocking { _ = try $0.runs.start("meanwhile") }
                #expect(try transaction.runs.list().isEmpty)
            }
            #expect(try first.readBlocking { try $0.runs.list().count } == 1)
            try first.close()
            try second.close()
        }
    }

    @Test func `a lock that another process keeps is told`() async throws {
        try await withTemporaryFolder { folder in
            let first = try StoreFiles.open(folder)
            let second = try SQLiteDatabase(folder: folder, patience: .zero)
            try first.writeBlocking { transaction throws in
                _ = try transaction.runs.start("long")
                do {
                    try second.writeBlocking { _ in }
                    Issue.record("Two wrote at once.")
                } catch let error as StoreError {
                    #expect(error.code == .locked && error.remedy != nil)
                }
            }
            try second.writeBlocking { _ in }
            try second.close()
            try first.close()
        }
    }
}
