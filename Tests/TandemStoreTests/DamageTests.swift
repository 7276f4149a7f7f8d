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

    /// A store's file with its last quarter overwritten: the tables' first pages stay whole, so that
    /// the store can still be opened.
    private func damaged(_ folder: String) throws -> [UInt8] {
        var bytes = try StoreFiles.bytes(folder + "/tandem.sqlite")
        for index in (bytes.count * 3 / 4)..<bytes.count { bytes[index] = 0xA5 }
        return bytes
    }

    @Test func `damage that is met marks the store, so that the next opening looks at it all`()
        async throws
    {
        try await withTemporaryFolder { folder in
            try await makeStore(folder)
            try StoreFiles.damage(folder + "/tandem.sqlite", with: damaged(folder))
            let store = try StoreFiles.open(folder)
            await #expect(throws: StoreError.self) {
                try await store.read { try $0.resources.list() }
            }
            try store.close()
            let error = try failure { try StoreFiles.open(folder) }
            #expect(error.code == .corrupt && error.remedy != nil)
        }
    }

    @Test func `a closed store that was damaged is refused when it is opened next`() async throws {
        try await withTemporaryFolder { folder in
            try await makeStore(folder)
            let path = folder + "/tandem.sqlite"
            let whole = try StoreFiles.bytes(path)
            try StoreFiles.write(damaged(folder), to: path)
            let reading = try failure {
                try Store.openForReading(
                    folder: folder, rulebook: TestStore.rulebook,
                    environment: TestEnvironment().environment)
            }
            #expect(reading.code == .corrupt && reading.remedy != nil)
            for _ in 0..<2 {
                let error = try failure { try StoreFiles.open(folder) }
                #expect(error.code == .corrupt && error.remedy != nil)
            }
            try StoreFiles.write(whole, to: path)
            try StoreFiles.open(folder).close()
        }
    }

    @Test func `damage without a sign is found within a day`() async throws {
        try await withTemporaryFolder { folder in
            try await makeStore(folder)
            try StoreFiles.damage(folder + "/tandem.sqlite", with: damaged(folder))
            let world = TestEnvironment()
            world.clock.advance(by: .seconds(86_399))
            // What was looked at on this day, and has its time, is not looked at again.
            try StoreFiles.open(folder, world: world).close()
            world.clock.advance(by: .seconds(1))
            let error = try failure { try StoreFiles.open(folder, world: world) }
            #expect(error.code == .corrupt && error.remedy != nil)
        }
    }

    @Test func `rows that are refused because of a damaged index are told as damage`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let world = try await StoreWorld { try StoreFiles.open(folder, world: $0) }
            try await world.pull("n0")
            let work = world.work
            try world.store.close()
            // An index that still has the row which its table lost.
            for sql in [
                "CREATE TABLE kept AS SELECT * FROM sqlite_schema WHERE name = '\(Self.index)'",
                "PRAGMA writable_schema = ON; "
                    + "DELETE FROM sqlite_schema WHERE name = '\(Self.index)'",
                "DELETE FROM resources",
                "PRAGMA writable_schema = ON; INSERT INTO sqlite_schema SELECT * FROM kept",
                "DROP TABLE kept",
            ] { try StoreFiles.execute(folder, sql) }
            let store = try StoreFiles.open(folder)
            let draft = ResourceDraft(
                remoteID: RemoteID(rawValue: "n0"), baseBytes: Array(#"{"id":"n0"}"#.utf8),
                etag: nil, generation: 1)
            let error = try failure {
                try store.writeBlocking { try $0.resources.insert(draft, into: work) }
            }
            #expect(error.code == .corrupt && error.remedy != nil, "\(error)")
            try store.close()
            #expect(try failure { try StoreFiles.open(folder) }.code == .corrupt)
        }
    }

    private static let index = "resources_by_remote_id"

    @Test(arguments: [
        (0, true), (86_399_999, true), (86_400_000, false), (-86_399_999, true),
        (-86_400_000, false), (.max, false), (.min, false),
    ])
    func `a look at the file is good for a day, in whichever direction the clock is wrong`(
        age: Int64, isGood: Bool
    ) {
        let trace = LastClose.Trace(bytes: 1, seconds: 2, nanoseconds: 3)
        let note = LastClose(trace: trace, checkedAt: 0)
        #expect(note.vouches(for: trace, at: age) == isGood)
        #expect(note.vouches(for: trace, at: nil))
        let other = LastClose.Trace(bytes: 1, seconds: 2, nanoseconds: 4)
        #expect(!note.vouches(for: other, at: 0))
    }

    @Test(arguments: ["", "1 2 3", "1 2 3 4 5", "a b c d", "\u{0}"])
    func `a note that makes no sense is none`(text: String) async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/note"
            try StoreFiles.write(Array(text.utf8), to: path)
            #expect(try LastClose(path: path) == nil)
            let note = LastClose(
                trace: .init(bytes: 1, seconds: -2, nanoseconds: 3), checkedAt: .max)
            note.write(to: path)
            #expect(try LastClose(path: path) == note)
            let shorter = LastClose(
                trace: .init(bytes: 4, seconds: 5, nanoseconds: 6), checkedAt: 7)
            shorter.write(to: path)
            #expect(try LastClose(path: path) == shorter)
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
