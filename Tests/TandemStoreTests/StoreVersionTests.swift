import TandemCore
import TandemTesting
import Testing

@testable import TandemStore

/// What tells a program that somebody else wrote.
@Suite struct StoreVersionTests {
    private func open(_ folder: String, seed: UInt64) throws -> Store {
        try Store.open(
            folder: folder, readers: 0, rulebook: TestStore.rulebook,
            environment: TestEnvironment(seed: seed).environment)
    }

    @Test func `the number changes when somebody else wrote, and only then`() async throws {
        try await withTemporaryFolder { folder in
            let (one, other) = (try open(folder, seed: 1), try open(folder, seed: 2))
            let first = try #require(try await one.version())
            #expect(try await one.version() == first)
            _ = try await one.write { try $0.runs.start("mine") }
            #expect(try await one.version() == first)
            _ = try await other.read { try $0.runs.list() }
            #expect(try await one.version() == first)
            _ = try await other.write { try $0.runs.start("theirs") }
            #expect(try await one.version() != first)
            try one.close()
            try other.close()
        }
    }

    @Test func `what was undone is no writing`() async throws {
        struct Undone: Error {}
        try await withTemporaryFolder { folder in
            let (one, other) = (try open(folder, seed: 1), try open(folder, seed: 2))
            let first = try await one.version()
            await #expect(throws: Undone.self) {
                try await other.write { transaction -> Void in
                    _ = try transaction.runs.start("theirs")
                    throw Undone()
                }
            }
            #expect(try await one.version() == first)
            try one.close()
            try other.close()
        }
    }

    @Test func `the mark of runs changes with each but those of one command`() async throws {
        let store = try TestStore.inMemory()
        func mark() async throws -> RunMark {
            try await store.read { try $0.runs.mark(besides: "sync") }
        }
        let empty = try await mark()
        #expect(empty.count == 0 && empty.latest == nil)
        _ = try await store.write { try $0.runs.start("sync") }
        #expect(try await mark() == empty)
        let run = try await store.write { try $0.runs.start("undo") }
        #expect(try await mark() == RunMark(count: 1, latest: run.id))
    }
}
