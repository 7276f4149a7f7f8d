import Foundation
import LosslessJSON
import TandemCore
import TandemTesting
import Testing

@testable import TandemStore

@Suite struct DamageTests {
    /// A closed store with some notes.
    private func makeStore(_ folder: String, notes: Int = 2_000) async throws {
        let world = try await StoreWorld { world in
            try StoreFiles.open(folder, world: world)
        }
        let work = world.work
        try await world.store.write { transaction in
            for number in 0..<notes {
                _ = try transaction.resources.insertBase(
                    bytes: Array(#"{"id":"n\#(number)","body":"some words"}"#.utf8),
                    remoteID: RemoteID(rawValue: "n\(number)"), etag: nil,
                    projection: Projection(title: "note \(number)", searchText: "some words"),
                    generation: 1, into: work)
            }
        }
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
            // The tables' first pages stay whole, so that the store still opens.
            for index in (bytes.count * 3 / 4)..<bytes.count { bytes[index] = 0xA5 }
            try StoreFiles.write(bytes, to: path)
            let store = try StoreFiles.open(folder)
            await #expect(throws: StoreError.self) {
                try await store.read { try $0.resources.list() }
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
            #expect(try await store.read { try $0.resources.list().count } == 2_000)
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

    /// The larger ones are extended codes: the last eight bits tell the sort.
    @Test(
        arguments: [
            (13, .full), (10, .io), (778, .io), (11, .corrupt), (267, .corrupt), (26, .notAStore),
            (8, .unwritable), (1_032, .unwritable), (14, .unwritable), (5, .locked),
            (261, .locked), (6, .locked), (19, .constraint), (2_067, .constraint), (18, .misuse),
            (1, .misuse), (7, .io),
        ] as [(Int32, StoreError.Code)])
    func `each result code has its meaning`(code: Int32, meaning: StoreError.Code) {
        let error = SQLiteErrors.storeError(code: code, message: "m")
        #expect(error.code == meaning && error.resultCode == Int(code))
        #expect(error.message.hasSuffix(": m"))
    }

    @Test(
        arguments: [
            (ENOSPC, .full), (EDQUOT, .full), (EACCES, .unwritable), (EROFS, .unwritable),
            (EPERM, .unwritable), (ELOOP, .unsafeFile), (EIO, .io), (EMFILE, .io),
        ] as [(Int32, StoreError.Code)])
    func `each error of the system has its meaning`(number: Int32, meaning: StoreError.Code) {
        let error = PrivateFiles.failure(number, "write", "/x")
        #expect(error.code == meaning && error.remedy != nil)
    }
}
