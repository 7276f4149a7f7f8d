import Foundation
import TandemCore
import TandemTesting
import Testing

@testable import TandemStore

@Suite struct DamageTests {
    /// A closed store with some notes.
    private func makeStore(_ folder: String, notes: Int = 200) async throws {
        let world = try await StoreWorld { world in
            try StoreFiles.open(folder, world: world)
        }
        for number in 0..<notes { try await world.pull("n\(number)", ["body": "some words"]) }
        try world.store.close()
    }

    private func failure<Value>(_ body: () throws -> Value) throws -> StoreError {
        try #require(throws: StoreError.self) { try body() }
    }

    @Test func `a file that was cut off is refused`() async throws {
        try await withTemporaryFolder { folder in
            try await makeStore(folder)
            let path = folder + "/tandem.sqlite"
            let bytes = try StoreFiles.bytes(path)
            try StoreFiles.write(Array(bytes.prefix(bytes.count / 2)), to: path)
            let error = try failure { try StoreFiles.open(folder) }
            #expect(error.code == .corrupt && error.remedy != nil)
        }
    }

    @Test func `damage that is met marks the store, so that the next opening looks at it all`()
        async throws
    {
        try await withTemporaryFolder { folder in
            try await makeStore(folder)
            let path = folder + "/tandem.sqlite"
            var bytes = try StoreFiles.bytes(path)
            // The schema's page stays whole, so that the store still opens.
            for index in (bytes.count / 8)..<bytes.count { bytes[index] = 0xA5 }
            try StoreFiles.write(bytes, to: path)
            let store = try StoreFiles.open(folder)
            await #expect(throws: StoreError.self) {
                try await store.write { transaction throws in
                    _ = try transaction.resources.list()
                    _ = try transaction.runs.start("x")
                }
            }
            try store.close()
            let error = try failure { try StoreFiles.open(folder) }
            #expect(error.code == .corrupt && error.remedy != nil)
        }
    }

    @Test func `a store that was marked but is whole opens, and the mark is gone`() async throws {
        try await withTemporaryFolder { folder in
            try await makeStore(folder)
            try StoreFiles.write([], to: folder + "/tandem.failed")
            let store = try StoreFiles.open(folder)
            #expect(try await store.read { try $0.resources.list().count } == 200)
            try store.close()
            #expect(!FileManager.default.fileExists(atPath: folder + "/tandem.failed"))
        }
    }

    @Test func `a full disk refuses the edit aloud and keeps what was there`() async throws {
        try await withTemporaryFolder { folder in
            let world = try await StoreWorld { world in
                try StoreFiles.open(folder, world: world)
            }
            let store = world.store
            try await setLimit(1, of: store)
            await #expect(throws: StoreError.self) {
                for number in 0..<10_000 {
                    try await world.pull("n\(number)", ["body": "words that need space"])
                }
            }
            do {
                for number in 0..<10_000 { try await world.pull("m\(number)") }
                Issue.record("The disk was never full.")
            } catch let error as StoreError {
                #expect(error.code == .full && error.remedy != nil)
            }
            let kept = try await store.read { try $0.resources.list().count }
            try await setLimit(1_000_000, of: store)
            try await world.pull("last")
            #expect(try await store.read { try $0.resources.list().count } == kept + 1)
            try store.close()
            let again = try StoreFiles.open(folder)
            #expect(try await again.read { try $0.resources.list().count } == kept + 1)
            try again.close()
        }
    }

    /// Pretends that the disk has room for so many pages, at least as many as there are.
    private func setLimit(_ pages: Int, of store: Store) async throws {
        try await store.write {
            try $0.connection.executeScript("PRAGMA max_page_count = \(pages)")
        }
    }

    @Test func `a failure that undid the transaction is not survived by what follows it`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let world = try await StoreWorld { world in
                try StoreFiles.open(folder, world: world)
            }
            try await setLimit(1, of: world.store)
            let big = String(repeating: "x", count: 50_000_000)
            await #expect(throws: StoreError.self) {
                try await world.store.write { transaction throws in
                    _ = try transaction.runs.start("before")
                    // The caller swallows the failure; SQLite has undone everything by then.
                    #expect(throws: StoreError.self) { try transaction.runs.start(big) }
                    _ = try transaction.runs.start("after")
                }
            }
            let runs = try await world.store.read { try $0.runs.list().map(\.command) }
            #expect(runs == ["test"])
            try world.store.close()
        }
    }

    @Test(arguments: [
        (Int32(13), StoreError.Code.full), (10, .io), (10 | 3 << 8, .io), (11, .corrupt),
        (11 | 1 << 8, .corrupt), (26, .notAStore), (8, .unwritable), (8 | 4 << 8, .unwritable),
        (14, .unwritable), (5, .locked), (5 | 1 << 8, .locked), (6, .locked), (19, .constraint),
        (19 | 8 << 8, .constraint), (18, .misuse), (1, .misuse), (7, .io),
    ])
    func `each result code has its meaning`(code: Int32, meaning: StoreError.Code) {
        let error = SQLiteErrors.storeError(code: code, message: "m")
        #expect(error.code == meaning && error.resultCode == Int(code))
        #expect(error.message.hasSuffix(": m"))
    }

    @Test(arguments: [
        (ENOSPC, StoreError.Code.full), (EDQUOT, .full), (EACCES, .unwritable),
        (EROFS, .unwritable), (EPERM, .unwritable), (ELOOP, .unsafeFile), (EIO, .io),
        (EMFILE, .io),
    ])
    func `each error of the system has its meaning`(number: Int32, meaning: StoreError.Code) {
        let error = PrivateFiles.failure(number, "write", "/x")
        #expect(error.code == meaning && error.remedy != nil)
    }
}
