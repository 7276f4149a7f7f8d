import Foundation
import TandemCore
import TandemTesting
import Testing

@testable import TandemStore

/// A store whose folder may not be written.
@Suite struct ReadingOnlyTests {
    private func open(_ folder: String) throws -> Store {
        try Store.openForReading(
            folder: folder, rulebook: TestStore.rulebook,
            environment: TestEnvironment().environment)
    }

    /// A closed store with one run, and one sealed secret.
    private func makeStore(_ folder: String) throws {
        let store = try StoreFiles.open(folder)
        try store.writeBlocking { transaction in
            _ = try transaction.runs.start("acknowledged")
            let account = try transaction.accounts.add(name: "ada", provider: "memory")
            try transaction.credentials.store([1, 2, 3], for: account.id)
        }
        try store.close()
    }

    private func contents(_ folder: String) throws -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        for path in StoreFiles.all(below: folder) { contents[path] = try StoreFiles.bytes(path) }
        return contents
    }

    private func expectRefusal(
        _ code: StoreError.Code, of folder: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let before = try contents(folder)
        let error = #expect(throws: StoreError.self, sourceLocation: sourceLocation) {
            try open(folder)
        }
        #expect(error?.code == code && error?.remedy != nil, sourceLocation: sourceLocation)
        #expect(try contents(folder) == before, sourceLocation: sourceLocation)
    }

    @Test(arguments: ["home", "a b%20?#é\"'&="])
    func `it is read, every write is refused, and nothing in the folder changes`(
        name: String
    ) async throws {
        try await withTemporaryFolder { folder in
            let home = "\(folder)/\(name)"
            try makeStore(home)
            let before = try contents(home)
            let store = try open(home)
            let (commands, secret) = try await store.read { transaction in
                let account = try #require(try transaction.accounts.list().first)
                return (
                    try transaction.runs.list().map(\.command),
                    try transaction.credentials.load(account.id)
                )
            }
            #expect(commands == ["acknowledged"] && secret == [1, 2, 3])
            let error = await #expect(throws: StoreError.self) {
                try await store.write { try $0.runs.start("never") }
            }
            #expect(error?.code == .unwritable)
            #expect(throws: StoreError.self) {
                try store.writeBlocking { try $0.runs.start("never") }
            }
            #expect(try contents(home) == before)
            try store.close()
            #expect(try contents(home) == before)
        }
    }

    @Test func `while another process may write, it is not read without locks`() async throws {
        try await withTemporaryFolder { folder in
            try makeStore(folder)
            let writer = try StoreFiles.open(folder)
            let error = #expect(throws: StoreError.self) { try open(folder) }
            #expect(error?.code == .locked && error?.remedy != nil)
            try writer.close()
            try open(folder).close()
        }
    }

    @Test func `a log that a crash left is neither dropped nor passed over`() async throws {
        try await withTemporaryFolder { folder in
            let (home, copy) = (folder + "/home", folder + "/copy")
            let store = try StoreFiles.open(home)
            _ = try store.writeBlocking { try $0.runs.start("acknowledged") }
            try StoreFiles.copy(home, to: copy)
            try store.close()
            try expectRefusal(.unwritable, of: copy)
        }
    }

    @Test func `what is not there, cut off, emptied, foreign or newer is refused as ever`()
        async throws
    {
        try await withTemporaryFolder { folder in
            try expectRefusal(.unwritable, of: folder)
            try makeStore(folder)
            let file = folder + "/tandem.sqlite"
            let whole = try StoreFiles.bytes(file)
            try StoreFiles.write(Array(whole.prefix(whole.count / 2)), to: file)
            try expectRefusal(.corrupt, of: folder)
            try StoreFiles.write([], to: file)
            try expectRefusal(.corrupt, of: folder)
            try StoreFiles.write(Array("not a database".utf8), to: file)
            try expectRefusal(.notAStore, of: folder)
            try StoreFiles.write(whole, to: file)
            try StoreFiles.execute(folder, "PRAGMA user_version = \(Schema.version + 1)")
            try expectRefusal(.newer, of: folder)
        }
    }
}
