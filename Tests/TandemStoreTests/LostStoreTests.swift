import Foundation
import TandemCore
import TandemTesting
import Testing

@testable import TandemStore

/// A store that was there once is never taken for a new one.
@Suite struct LostStoreTests {
    /// A closed store with one acknowledged run.
    private func makeStore(_ folder: String) throws {
        let store = try StoreFiles.open(folder)
        _ = try store.writeBlocking { try $0.runs.start("acknowledged") }
        try store.close()
    }

    private func expectLost(_ folder: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let error = #expect(throws: StoreError.self, sourceLocation: sourceLocation) {
            try StoreFiles.open(folder)
        }
        #expect(error?.code == .corrupt, sourceLocation: sourceLocation)
        #expect(error?.message.contains("tandem.sqlite") == true, sourceLocation: sourceLocation)
        #expect(error?.remedy?.contains(folder) == true, sourceLocation: sourceLocation)
    }

    @Test(arguments: [true, false])
    func `a store whose file was emptied or deleted is refused until it is back, or moved away`(
        isMissing: Bool
    ) async throws {
        try await withTemporaryFolder { folder in
            let (home, away) = (folder + "/home", folder + "/away")
            try makeStore(home)
            let file = home + "/tandem.sqlite"
            let whole = try StoreFiles.bytes(file)
            if isMissing {
                try FileManager.default.removeItem(atPath: file)
            } else {
                try StoreFiles.write([], to: file)
            }
            for _ in 1...2 { expectLost(home) }
            #expect(FileManager.default.fileExists(atPath: file) != isMissing)
            try StoreFiles.write(whole, to: file)
            let mended = try StoreFiles.open(home)
            #expect(try mended.readBlocking { try $0.runs.list().count } == 1)
            try mended.close()
            try FileManager.default.moveItem(atPath: home, toPath: away)
            let fresh = try StoreFiles.open(home)
            #expect(try fresh.readBlocking { try $0.runs.list().isEmpty })
            try fresh.close()
        }
    }

    @Test func `a database that lost its tables is refused and left alone`() async throws {
        try await withTemporaryFolder { folder in
            try makeStore(folder)
            let file = folder + "/tandem.sqlite"
            try FileManager.default.removeItem(atPath: file)
            // As where the file was copied without the log that held everything.
            try StoreFiles.execute(folder, "PRAGMA journal_mode = WAL")
            let before = try StoreFiles.bytes(file)
            try #require(!before.isEmpty)
            expectLost(folder)
            #expect(try StoreFiles.bytes(file) == before)
        }
    }

    @Test func `contents that are left over tell of a store, too`() async throws {
        try await withTemporaryFolder { folder in
            let store = try StoreFiles.open(folder)
            _ = try store.writeBlocking { try $0.blobs.put([1, 2, 3], mediaType: "text/plain") }
            try store.close()
            for name in ["tandem.sqlite", "tandem.lock"] {
                try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
            }
            expectLost(folder)
        }
    }

    @Test func `a crash before the tables were made leaves a folder that a store can be made in`()
        async throws
    {
        try await withTemporaryFolder { folder in
            for name in ["tandem.sqlite", "tandem.lock"] {
                try StoreFiles.write([], to: "\(folder)/\(name)")
            }
            try makeStore(folder)
            #expect(try !StoreFiles.bytes(folder + "/tandem.lock").isEmpty)
        }
    }

    @Test func `a store of before the mark gets it when it is opened`() async throws {
        try await withTemporaryFolder { folder in
            try makeStore(folder)
            let lock = folder + "/tandem.lock"
            let mark = try StoreFiles.bytes(lock)
            try StoreFiles.write([], to: lock)
            try StoreFiles.open(folder).close()
            #expect(try StoreFiles.bytes(lock) == mark)
            try StoreFiles.write([], to: folder + "/tandem.sqlite")
            expectLost(folder)
        }
    }
}
