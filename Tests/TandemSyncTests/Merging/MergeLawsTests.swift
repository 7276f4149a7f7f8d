import TandemCore
import Testing

@testable import TandemSync

/// The laws of merging, tried on random triples: by the rules of a made-up kind that has a field of
/// every class, and by those of Google's events.
@Suite struct MergeLawsTests {
    private static let shards: UInt64 = 8
    private static let notesAShard = 100_000
    private static let eventsAShard = 25_000

    @Test func `a million merges keep the laws, and every value is live or recorded`() async throws
    {
        let notes = try await tried(Self.notesAShard) { NoteTriples(seed: $0) }
        let events = try await tried(Self.eventsAShard) { EventTriples(seed: $0) }
        let reached = notes.reach.merging(events.reach, uniquingKeysWith: +)
        let conflicts = reached.filter { $0.key != MergeLaws.bothLive }.values.reduce(0, +)
        print(
            "merge laws: \(notes.triples + events.triples) triples, \(notes.triples) of notes and "
                + "\(events.triples) of events; \(reached[MergeLaws.bothLive] ?? 0) with both "
                + "edits live, \(conflicts) values recorded")
        #expect(notes.triples + events.triples == 1_000_000)
        // Every class of fields is in dispute often, but for what belongs to this side.
        for name in ["title", "body", "tags", "people", "time", "series", MergeLaws.unknown] {
            #expect(notes.reach[name, default: 0] >= 1_000, "\(name)")
        }
        for name in [
            "summary", "time", "recurrence", "attendees", "conferenceData", "attachments",
            "privateProperties", "sharedProperties", MergeLaws.unknown,
            MergeLaws.remoteAlone,
        ] {
            #expect(events.reach[name, default: 0] >= 20, "\(name)")
        }
        #expect(reached[MergeLaws.bothLive, default: 0] >= 100_000)
    }

    private struct Tried: Sendable {
        var triples = 0
        var reach: [String: Int] = [:]
    }

    /// Merges triples of several seeds side by side; the first broken law of each is told.
    private func tried<Maker: TripleMaker & SendableMetatype>(
        _ count: Int, _ maker: @escaping @Sendable (UInt64) -> Maker
    ) async throws -> Tried {
        try await withThrowingTaskGroup(of: Tried.self) { group in
            for seed in 0..<Self.shards {
                group.addTask {
                    var maker = maker(seed)
                    var laws = MergeLaws(
                        ThreeWayMerge(rules: maker.rules, together: maker.together))
                    for place in 0..<count {
                        // Others wait for this thread, too.
                        if place.isMultiple(of: 500) { await Task.yield() }
                        // Cheaper than an expectation for each.
                        guard let law = laws.broken(by: maker.triple()) else { continue }
                        Issue.record("seed \(seed), triple \(place): \(law)")
                        break
                    }
                    return Tried(triples: count, reach: laws.reach)
                }
            }
            return try await group.reduce(into: Tried()) { sum, part in
                sum.triples += part.triples
                sum.reach.merge(part.reach, uniquingKeysWith: +)
            }
        }
    }
}
