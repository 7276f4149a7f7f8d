import LosslessJSON
import TandemCore
import TandemTesting
import Testing

@testable import TandemStore

/// A store that is used again cannot be told from a new one.
@Suite struct EmptyingTests {
    /// What is in a store, with the numbers that it counts by itself.
    private func contents(_ store: Store) throws -> [Int] {
        try store.writeBlocking { transaction in
            let account = try transaction.accounts.add(name: "ada", provider: "memory")
            let place = try transaction.collections.add(
                CollectionDraft(
                    remoteID: RemoteID(rawValue: "work"), kind: NoteRules.kind, name: "work",
                    access: .own), to: account.id, isRoot: true)
            let run = try transaction.runs.start("test").id
            _ = try transaction.createLocally(
                ["title": "found"], kind: NoteRules.kind, in: place, run: run)
            let found = try transaction.resources.list(ResourceFilter(words: "found"))
            let changes = try transaction.changes.list()
            return [
                try transaction.accounts.list().count, try transaction.runs.list().count,
                found.count, changes.count, Int(changes.last?.sequence ?? 0),
            ]
        }
    }

    @Test func `nothing is left of what it held`() throws {
        let environment = TestEnvironment(seed: 5).environment
        let used = try TestStore.inMemory(environment: environment)
        let first = try contents(used)
        let again = try used.emptied(for: TestEnvironment(seed: 5).environment)
        #expect(try again.readBlocking { try $0.accounts.list().isEmpty })
        #expect(try again.readBlocking { try $0.resources.list().isEmpty })
        #expect(try contents(again) == first)
    }
}
