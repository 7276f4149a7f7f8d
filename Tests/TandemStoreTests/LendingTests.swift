import TandemCore
import TandemTesting
import Testing

@testable import TandemStore

@Suite struct LendingTests {
    private struct Refusal: Error {}

    private func isOpen(_ store: Store?) async -> Bool {
        do {
            _ = try await store?.read { try $0.accounts.list() }
            return true
        } catch { return (error as? StoreError)?.code != .closed }
    }

    @Test func `a lent store is closed when the work is done, and keeps what was done`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let place = folder + "/store"
            let lent = try await Store.withStore(folder: place, rulebook: TestStore.rulebook) {
                store in
                _ = try await store.write {
                    try $0.accounts.ensure(name: "ada", provider: "memory")
                }
                return store
            }
            #expect(await !isOpen(lent))
            let names = try await Store.withStore(folder: place, rulebook: TestStore.rulebook) {
                try await $0.read { try $0.accounts.list().map(\.name) }
            }
            #expect(names == ["ada"])
        }
    }

    @Test func `a lent store is closed when the work fails`() async throws {
        try await withTemporaryFolder { folder in
            var lent: Store?
            await #expect(throws: Refusal.self) {
                try await Store.withStore(folder: folder, rulebook: TestStore.rulebook) { store in
                    lent = store
                    throw Refusal()
                }
            }
            #expect(lent != nil)
            #expect(await !isOpen(lent))
        }
    }

    @Test func `an account is made once, however often it is asked for`() throws {
        let store = try TestStore.inMemory()
        try store.writeBlocking { transaction in
            let first = try transaction.accounts.ensure(name: "ada", provider: "memory")
            #expect(try transaction.accounts.ensure(name: "ada", provider: "memory") == first)
            #expect(try transaction.accounts.list() == [first])
            let error = #expect(throws: StoreError.self) {
                try transaction.accounts.ensure(name: "ada", provider: "google")
            }
            #expect(error?.code == .constraint)
            #expect(throws: StoreError.self) {
                try transaction.accounts.ensure(name: "a/b", provider: "memory")
            }
        }
    }
}
