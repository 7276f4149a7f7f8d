import LosslessJSON
import TandemCore
import TandemStore
import TandemSync
import TandemTesting
import Testing

/// What the library's landing page shows.
@Suite struct LandingPageTests {
    private func sync(_ store: Store, through connector: any Connector) async throws
        -> AccountReport
    {
        let account = try await store.write {
            try $0.accounts.ensure(name: "ada", provider: connector.provider)
        }
        let report = try await Synchronizer(store: store).sync(account, through: connector)
        for part in report.collections {
            print("\(part.name): \(part.pulled.total) read, \(part.pushed.total) sent")
        }
        for failure in report.failures { print(failure.error.message) }
        return report
    }

    @Test func `a sync reads what is there, and the next one finds nothing new`() async throws {
        let provider = MemoryProvider()
        provider.put(
            RemoteID(rawValue: "n1"), ["title": "Call Grace"], in: RemoteID(rawValue: "work"))
        let (store, connector) = (try TestStore.inMemory(), MemoryConnector(to: provider))
        let first = try await sync(store, through: connector)
        #expect(first.collections.map(\.pulled.created) == [1])
        let second = try await sync(store, through: connector)
        #expect(second.collections.map(\.pulled.total) == [0])
        #expect(second.failures.isEmpty && second.attention == nil)
    }
}
