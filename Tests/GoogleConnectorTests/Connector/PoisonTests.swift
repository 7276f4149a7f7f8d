import LosslessJSON
import TandemCore
import TandemStore
import TandemSync
import Testing

@testable import GoogleConnector

/// Bad items among good ones, from the wire to the store.
struct PoisonTests {
    private static let sound = Poison.sound(60)

    /// Every bad item between good ones, over several pages.
    private func mixed(_ poison: [Poison]) -> [[UInt8]] {
        var items: [[UInt8]] = []
        for (place, bad) in poison.enumerated() {
            items.append(bad.bytes)
            if place < Self.sound.count { items.append(Self.sound[place].bytes) }
        }
        return items
    }

    private func syncing(_ items: [[UInt8]], pageSize: Int = 50) async throws -> (
        SyncBench, WireGoogle
    ) {
        let google = WireGoogle()
        google.list(items, pageSize: pageSize)
        return (try await SyncBench(google.connector()), google)
    }

    @Test func `each bad item is set aside with its reason, and the others arrive in the same run`()
        async throws
    {
        let poison = try Poison.all()
        #expect(poison.count >= 200)
        let (bench, google) = try await syncing(mixed(poison))
        let report = try await bench.sync()
        #expect(report.failure == nil && report.collections.allSatisfy { $0.failure == nil })
        #expect(report.attention == .quarantined)
        #expect(try await bench.calendar().cursor?.rawValue == "cursor1")
        try await expectAll(poison, setAsideIn: bench)
        let events = try await bench.events()
        #expect(events.count == Self.sound.count)
        for (id, bytes) in Self.sound { #expect(events[id]?.baseBytes == bytes) }
        let requests = google.requests
        try await bench.sync()
        #expect(google.requests == requests + 2)
        // Read anew they are what they were, each once.
        try await bench.sync(full: true)
        try await expectAll(poison, setAsideIn: bench)
        print(
            "bad input: \(poison.count) poisoned items set aside, "
                + "\(Self.sound.count) sound ones beside them synced in the same run")
    }

    private func expectAll(_ poison: [Poison], setAsideIn bench: SyncBench) async throws {
        let asides = try await bench.asides()
        #expect(asides.count == poison.count)
        for bad in poison {
            let found = asides.filter { $0.raw == bad.raw }
            #expect(found.count == 1, "\(bad.fault)")
            #expect(found.allSatisfy { $0.reason.hasSuffix(".") }, "\(bad.fault)")
        }
        #expect(Set(asides.map(\.reason)).count >= 40)
    }

    @Test func `an event that turns bad keeps its last good version, and is never swept`()
        async throws
    {
        let (bench, google) = try await syncing(Self.sound.map(\.bytes))
        try await bench.sync()
        let (id, bytes) = Self.sound[0]
        let bad = try JSON(parsing: bytes).with(["start": "soon", "etag": "\"2\""])
        google.list([bad.serialized()] + Self.sound.dropFirst().map(\.bytes), pageSize: 50)
        try await bench.sync(full: true)
        #expect(try await bench.events()[id]?.baseBytes == bytes)
        #expect(try await bench.asides().map(\.remoteID?.rawValue) == [id])
        // A version that can be read settles it.
        let mended = try JSON(parsing: bytes).with(["summary": "Mended", "etag": "\"3\""])
        google.list([mended.serialized()], pageSize: 50)
        #expect(try await bench.sync().attention == nil)
        #expect(try await bench.asides().isEmpty)
        #expect(try await bench.events()[id]?.live?["summary"] == "Mended")
    }

    @Test func `where something has no name, nothing counts as missing`() async throws {
        let (bench, google) = try await syncing(Self.sound.map(\.bytes))
        try await bench.sync()
        let rest = Array(Self.sound.dropFirst(3).map(\.bytes))
        google.list(rest + [Array(#"{"summary":"Who am I?"}"#.utf8)], pageSize: 50)
        try await bench.sync(full: true)
        #expect(try await bench.events().count { $0.value.deletedAt == nil } == Self.sound.count)
        #expect(try await bench.asides().count == 1)
        google.list(rest, pageSize: 50)
        try await bench.sync(full: true)
        #expect(try await bench.events().count { $0.value.deletedAt == nil } == rest.count)
    }

    @Test func `a page that was cut short is none, whatever its items say`() async throws {
        let (bench, google) = try await syncing(
            Self.sound.map(\.bytes) + [Array(#"{"id":"cut","summary":"no end "#.utf8)])
        let report = try await bench.sync()
        #expect(report.attention == .temporarilyFailed)
        #expect(try await bench.calendar().cursor == nil)
        #expect(google.requests > 2)
    }
}
