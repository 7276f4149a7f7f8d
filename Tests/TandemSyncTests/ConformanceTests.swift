import LosslessJSON
import Synchronization
import TandemCore
import TandemSync
import TandemTesting
import Testing

/// The fast fake keeps the same promises as the connectors that it stands for.
@Suite struct ConformanceTests {
    @Test(arguments: ConnectorConformance.checks.indices)
    func `the fake keeps the seam's promises`(check: Int) async throws {
        let (name, run) = ConnectorConformance.checks[check]
        do {
            try await run(ConnectorConformance(MemoryBench()))
        } catch {
            Issue.record("\(name): \(error)")
        }
    }
}

/// A provider in memory, and somebody else at it.
private final class MemoryBench: ConnectorBench {
    private let provider = MemoryProvider(pageSize: 3)
    let connector: any Connector
    let collection = CollectionAddress(
        remoteID: RemoteID(rawValue: "work"), kind: NoteRules.kind)
    private let serial = Mutex(0)

    init() {
        connector = MemoryConnector(
            to: provider, collections: ["work", "home"], maximumBatch: 5)
    }

    func elsewhere() async throws -> CollectionAddress {
        CollectionAddress(remoteID: RemoteID(rawValue: "home"), kind: NoteRules.kind)
    }

    func draft(titled title: String) -> (id: RemoteID, json: JSON) {
        let number = serial.withLock { serial in
            serial += 1
            return serial
        }
        let id = RemoteID(rawValue: "n\(number)")
        return (
            id, ["id": .string(id.rawValue), "title": .string(title), "x-unknown": ["kept": true]]
        )
    }

    func retitling(to title: String) -> JSON { ["title": .string(title)] }

    func title(of resource: JSON) -> String? { resource["title"]?.string }

    func create(titled title: String) async throws -> RemoteID {
        let (id, json) = draft(titled: title)
        provider.put(id, json, in: collection.remoteID)
        return id
    }

    func retitle(_ id: RemoteID, to title: String) async throws {
        provider.patch(id, retitling(to: title), in: collection.remoteID)
    }

    func delete(_ id: RemoteID) async throws { provider.delete(id, in: collection.remoteID) }

    func expireCursors() async throws { provider.expireCursors() }
}
