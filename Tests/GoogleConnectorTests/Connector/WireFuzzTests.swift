import LosslessJSON
import TandemCore
import TandemStore
import TandemSync
import Testing

@testable import GoogleConnector

/// A hundred thousand odd events from the wire to the store, among good ones.
struct WireFuzzTests {
    static let seeds = 0..<20
    /// So many odd ones are in each of a seed's two listings.
    private static let odd = 2_500
    private static let pageSize = 100

    @Test(arguments: seeds)
    func `each odd event is stored or set aside, and the good ones among them arrive`(
        seed: Int
    ) async throws {
        let google = WireGoogle()
        let bench = try await SyncBench(google.connector())
        let mutator = WireMutator(seed: UInt64(seed) + 1)
        let sound = Poison.sound(200)
        try await serve(
            mixed(Self.items(mutator), sound.prefix(120).map(\.bytes), mutator), of: google,
            to: bench, cursor: "cursor1")
        try await expect(sound.prefix(120).map { $0 }, storedIn: bench)
        // A delta: what was odd is odd in another way, what was good changed, and more came.
        let changed = try sound.map { sound in
            let event = try JSON(parsing: sound.bytes)
            return (sound.id, event.with(["summary": "Changed", "etag": "\"9\""]).serialized())
        }
        try await serve(
            mixed(Self.items(mutator), changed.map(\.1), mutator), of: google, to: bench,
            cursor: "cursor2")
        try await expect(changed, storedIn: bench)
        // What cannot be used asks nothing more of Google.
        let requests = google.requests
        try await bench.sync()
        #expect(google.requests == requests + 2)
    }

    private static func items(_ mutator: WireMutator) -> [[UInt8]] {
        (0..<odd).map { mutator.item("fuzz\(10_000 + $0)") }
    }

    private func mixed(
        _ odd: [[UInt8]], _ good: [[UInt8]], _ mutator: WireMutator
    ) -> [[UInt8]] {
        var items = odd
        for item in good { items.insert(item, at: mutator.pick(items.count + 1)) }
        return items
    }

    /// Lets one run read everything, then looks for each item.
    private func serve(
        _ items: [[UInt8]], of google: WireGoogle, to bench: SyncBench, cursor: String
    ) async throws {
        google.list(items, pageSize: Self.pageSize)
        let report = try await bench.sync()
        #expect(report.failure == nil && report.collections.allSatisfy { $0.failure == nil })
        #expect(try await bench.calendar().cursor?.rawValue == cursor)
        let judge = WireJudge(items, rows: try await bench.rows(), asides: try await bench.asides())
        for place in items.indices where judge.fate(place) == .lost {
            Issue.record("Nowhere: \(String(decoding: items[place].prefix(600), as: UTF8.self))")
        }
    }

    private func expect(
        _ sound: [(id: String, bytes: [UInt8])], storedIn bench: SyncBench
    ) async throws {
        let events = try await bench.events()
        for (id, bytes) in sound { #expect(events[id]?.baseBytes == bytes, "\(id)") }
    }
}
