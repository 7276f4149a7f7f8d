import LosslessJSON
import TandemCore
import TandemStore
import TandemSync
import Testing

@testable import GoogleConnector

/// What nobody here understands survives the way from Google into the store and back.
struct RoundTripTests {
    @Test func `of 1,000 events with unknown and nested members an edit sends its own field alone`()
        async throws
    {
        let maker = StrangeEvents(seed: 11)
        let google = KeepingGoogle((0..<1_000).map { maker.event(named: "strange\($0)") })
        let before = google.events
        let bench = try await SyncBench(OneByOne(GoogleAccountConnector(client: google.client())))
        #expect(try await bench.sync().attention == nil)
        let rows = try await bench.events()
        #expect(rows.count == 1_000)
        var wanted: [String: JSON] = [:]
        for (id, row) in rows.sorted(by: { $0.key < $1.key }) {
            let event = try #require(row.live)
            #expect(event == before[id])
            let patch = maker.edit(of: event)
            wanted[id] = patch
            let run = bench.run
            _ = try await bench.store.write {
                try $0.editLocally(row, to: event.merging(patch), sendUpdates: .none, run: run)
            }
        }
        #expect(try await bench.sync().attention == nil)
        let after = google.events
        for (id, patch) in wanted {
            // The patch itself is the difference, down to the member within a member.
            #expect(google.patches[id] == [patch])
            let expected = before[id]?.merging(patch).with(["etag": .null])
            #expect(after[id]?.with(["etag": .null]) == expected)
        }
        let kept = try await bench.events()
        #expect(kept.allSatisfy { id, row in row.live == after[id] && !row.isDirty })
        try await bench.sync()
        #expect(google.patches.values.allSatisfy { $0.count == 1 })
        print("round trip: \(wanted.count) events with unknown members, one field of each sent")
    }
}

/// Sends writes one by one, so that each is a request of its own.
private struct OneByOne: Connector {
    let connector: GoogleAccountConnector

    init(_ connector: GoogleAccountConnector) { self.connector = connector }

    var provider: String { connector.provider }
    var capabilities: ConnectorCapabilities { ConnectorCapabilities(maximumBatch: 1) }
    var rules: [any KindRules] { connector.rules }
    var roots: [CollectionDraft] { connector.roots }
    var traffic: Traffic { connector.traffic }

    func fingerprint(of kind: Kind) -> String { connector.fingerprint(of: kind) }

    func pull(_ request: PullRequest) async throws(RemoteError) -> PulledPage {
        try await connector.pull(request)
    }

    func push(_ requests: [PushRequest]) async -> [Result<RemoteResource, RemoteError>] {
        await connector.push(requests)
    }

    func lookUp(_ request: PushRequest) async throws(RemoteError) -> LookUp {
        try await connector.lookUp(request)
    }
}

/// Makes events that have more than anybody knows, the same for the same seed.
private struct StrangeEvents {
    private let random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    private func pick(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }

    func event(named id: String) -> JSON {
        var event = [Sample.single, Sample.allDay, Sample.series][pick(3)].with([
            "id": .string(id), "iCalUID": .string("\(id)@google.com"),
            "organizer": ["email": "ada@example.com", "self": true, "future": strange(0)],
            "attendees": [
                ["email": "ada@example.com", "self": true, "responseStatus": "accepted"],
                ["email": "bob@example.com", "responseStatus": "declined", "future": strange(0)],
            ],
            "extendedProperties": ["private": ["a": "1", "b": "2"], "future": strange(0)],
            "attachments": [["fileUrl": "https://drive.example/1", "future": strange(0)]],
            "conferenceData": ["conferenceId": "x", "future": strange(0)],
        ])
        for member in ["start", "end", "reminders"] where pick(2) == 0 {
            event[member]?["future"] = strange(0)
        }
        for number in 0...pick(3) { event["future\(number)"] = strange(0) }
        return event
    }

    /// Any JSON at all, in the spelling of whoever wrote it.
    private func strange(_ depth: Int) -> JSON {
        switch pick(depth > 3 ? 5 : 8) {
        case 0: return .bool(pick(2) == 0)
        case 1: return .string(["", "é", "e\u{301}", "\u{0}\"\\", "😀", "null"][pick(6)])
        case 2:
            let texts = ["0", "-0", "1.50", "1e3", "1E-400", "12345678901234567890123", "-1"]
            return JSONNumber(text: texts[pick(texts.count)]).map { .number($0) } ?? "none"
        case 3: return [:]
        case 4: return []
        case 5: return .array((0...pick(3)).map { _ in strange(depth + 1) })
        default:
            let keys = ["a", "", "é", "e\u{301}", "a/b", "~0", "self", "id", "etag"]
            return .object(
                JSONObject(
                    (0...pick(3)).map { _ in
                        (keys[pick(keys.count)], strange(depth + 1))
                    }))
        }
    }

    /// An edit of one field, as the patch that makes it.
    func edit(of event: JSON) -> JSON {
        switch pick(8) {
        case 0: return ["summary": "Edited"]
        case 1: return ["location": "Hall 5"]
        case 2: return ["extendedProperties": ["private": ["a": "edited"]]]
        case 3: return ["extendedProperties": ["private": ["b": .null]]]
        case 4: return ["colorId": "9"]
        case 5: return ["future0": ["edited": .bool(true)]]
        case 6: return ["visibility": "private"]
        default:
            // Of a list the whole is sent, with all that its elements had.
            var guests = event["attendees"]?.array ?? []
            guests.append(["email": "cy@example.com"])
            return ["attendees": .array(guests)]
        }
    }
}
