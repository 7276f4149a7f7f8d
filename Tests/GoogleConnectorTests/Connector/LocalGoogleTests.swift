import GoogleAPI
import GoogleEmulator
import LosslessJSON
import TandemCore
import TandemSync
import TandemTesting
import Testing

@testable import GoogleConnector

/// Connector and rules together, against the local Google.
struct LocalGoogleTests {
    let rules = EventRules()
    private static let calendar = "ada@example.com"

    private func push(
        _ bench: GoogleBench, _ request: PushRequest
    ) async throws -> RemoteResource {
        try #require(await bench.connector.push([request]).first).get()
    }

    private func list(
        _ bench: GoogleBench, _ request: PullRequest = .events()
    ) async throws -> (resources: [RemoteResource], cursor: Cursor?) {
        var request = request
        var resources: [RemoteResource] = []
        while true {
            let page = try await bench.connector.pull(request)
            for case .resource(let resource) in page.items { resources.append(resource) }
            guard let next = page.next else { return (resources, page.cursor) }
            request.page = next
        }
    }

    /// An event as a person writes it here, before Google has seen it.
    private static func draft(_ members: JSONObject) -> JSON {
        let time: JSON = ["dateTime": "2026-11-09T10:00:00+01:00", "timeZone": "Europe/Paris"]
        let end: JSON = ["dateTime": "2026-11-09T11:00:00+01:00", "timeZone": "Europe/Paris"]
        return JSON(["summary": "Draft", "start": time, "end": end]).with(members)
    }

    static let drafts: [JSON] = [
        draft([:]), draft(["start": ["date": "2026-11-09"], "end": ["date": "2026-11-11"]]),
        draft(["recurrence": ["EXDATE:20261116T090000Z", "RRULE:FREQ=WEEKLY;COUNT=4"]]),
        draft(["attendees": [["email": "Grace@example.com"]], "transparency": "opaque"]),
        draft(["reminders": ["overrides": [["method": "popup", "minutes": 5]]]]),
        draft(["extendedProperties": ["private": ["a": "1"], "shared": ["b": "2"]]]),
        draft(["start": ["dateTime": "2026-11-09T09:00:00Z", "timeZone": "Europe/Paris"]]),
        draft(["visibility": "private", "colorId": "3", "location": "", "status": "tentative"]),
    ]

    @Test(arguments: drafts)
    func `what was sent and what Google made of it are the same content`(draft: JSON) async throws {
        #expect(refusal(rules, draft) == nil)
        let bench = try GoogleBench()
        let answer = try await push(bench, .event(.create, "draft00001", body: draft))
        #expect(rules.canonical(answer.json) == rules.canonical(draft))
        #expect(refusal(rules, answer.json) == nil)
        let again = try await list(bench).resources
        #expect(again.map(\.json) == [answer.json])
    }

    @Test func `every event of a busy Google is understood`() async throws {
        let bench = try GoogleBench(content: .generated(.init(seed: 7, events: 400)))
        let listing = try await list(bench)
        #expect(listing.resources.count >= 400 && listing.cursor != nil)
        for resource in listing.resources {
            #expect(refusal(rules, resource.json) == nil, "\(resource.json.text)")
            let projection = rules.projection(of: resource.json)
            #expect(projection.span != nil || projection.isCancelled)
            #expect(!resource.isTombstone && resource.etag != nil)
            #expect(resource.bytes.map { String(decoding: $0, as: UTF8.self) } != nil)
        }
    }

    // MARK: - Series

    private func series(_ bench: GoogleBench) async throws -> RemoteResource {
        let draft = Self.draft(["recurrence": ["RRULE:FREQ=WEEKLY;COUNT=4"]])
        return try await push(bench, .event(.create, "series00001", body: draft))
    }

    private func instance(_ series: RemoteResource, _ start: String) -> JSON {
        var copy = series.json.with(["recurrence": .null, "id": .null, "etag": .null])
        copy["recurringEventId"] = .string(series.remoteID.rawValue)
        copy["originalStartTime"] = [
            "dateTime": .string(start), "timeZone": "Europe/Paris",
        ]
        return copy
    }

    @Test func `an instance edited here becomes an exception there`() async throws {
        let bench = try GoogleBench()
        let series = try await series(bench)
        let edited = instance(series, "2026-11-16T10:00:00+01:00").with([
            "summary": "Moved", "start": ["date": "2026-11-17"], "end": ["date": "2026-11-18"],
        ])
        let id = try #require(rules.makeRemoteID(for: edited, random: SeededRandom(seed: 1)))
        #expect(id.rawValue == "series00001_20261116T090000Z")
        let answer = try await push(bench, .event(.create, id.rawValue, body: edited))
        #expect(answer.remoteID == id)
        #expect(rules.canonical(answer.json) == rules.canonical(edited))
        #expect(rules.projection(of: answer.json).exception?.slot == "20261116T090000Z")
        #expect(rules.slotExists(for: answer.json, in: series.json))
        #expect(try await list(bench).resources.count == 2)
    }

    @Test func `an instance taken out here is a cancelled exception there, and comes back`()
        async throws
    {
        let bench = try GoogleBench()
        let series = try await series(bench)
        let out = instance(series, "2026-11-23T10:00:00+01:00").with(["status": "cancelled"])
        let id = "series00001_20261123T090000Z"
        let gone = try await push(bench, .event(.create, id, body: out))
        #expect(gone.json["status"] == "cancelled" && !gone.isTombstone)
        #expect(rules.canonical(gone.json) == rules.canonical(out))
        #expect(try await list(bench).resources.map(\.remoteID.rawValue).contains(id))
        let back = try await push(
            bench,
            .event(.patch, id, etag: gone.etag?.rawValue, body: ["status": "confirmed"]))
        #expect(back.json["summary"] == "Draft")
    }

    // MARK: - Other people

    @Test func `of an invitation one may change the own part only`() async throws {
        let bench = try GoogleBench()
        let grace = CalendarAPI(
            client: try GoogleBench.client(of: bench.google, token: "grace-token"))
        let draft = Self.draft(["attendees": [["email": "ada@example.com"]]])
        _ = try await grace.insertEvent(draft.with(["id": "meeting00001"]), into: "primary")
        let copy = try #require(try await list(bench).resources.first)
        #expect(!rules.mayRecreate(copy.json))
        var edited = copy.json.with(["summary": "Mine now", "colorId": "5"])
        var guests = edited["attendees"]?.array ?? []
        for place in guests.indices where guests[place]["self"]?.bool == true {
            guests[place]["responseStatus"] = "accepted"
        }
        edited["attendees"] = .array(guests)
        let whole = PushRequest.event(
            .patch, "meeting00001", etag: copy.etag?.rawValue,
            body: JSON.patch(from: copy.json, to: edited))
        let refused = await bench.connector.push([whole])
        guard case .failure(let error)? = refused.first else {
            Issue.record("A guest changed somebody else's event.")
            return
        }
        #expect(error.code == .forbidden)
        let own = try #require(rules.ownPart(of: edited, base: copy.json))
        let answer = try await push(
            bench,
            .event(
                .patch, "meeting00001", etag: copy.etag?.rawValue,
                body: JSON.patch(from: copy.json, to: own)))
        #expect(answer.json["summary"] == "Draft" && answer.json["colorId"] == "5")
        #expect(rules.canonical(answer.json) == rules.canonical(own))
        #expect(
            rules.notified(before: copy.json, after: answer.json) == ["grace@example.com"])
    }

    @Test func `an event with a UID from elsewhere is created once`() async throws {
        let bench = try GoogleBench()
        let draft = Self.draft(["iCalUID": "x@example.com"])
        let made = try await push(bench, .event(.create, "import00001", body: draft))
        #expect(made.json["iCalUID"] == "x@example.com")
        let second = PushRequest.event(.create, "import00002", body: draft)
        guard case .failure(let error)? = await bench.connector.push([second]).first else {
            Issue.record("The UID was taken twice.")
            return
        }
        #expect(error.code == .alreadyExists)
        guard case .present(let found) = try await bench.connector.lookUp(second) else {
            Issue.record("The copy was not found.")
            return
        }
        #expect(found.remoteID.rawValue == "import00001")
    }

    // MARK: - Calendars

    @Test func `a calendar is made, found, renamed, coloured, used, and left`() async throws {
        let bench = try GoogleBench()
        let create = PushRequest.calendar(
            .create, "01JOPERATION",
            body: ["summary": "Team", "timeZone": "Europe/Paris", "summaryOverride": "T"])
        let made = try await push(bench, create)
        #expect(made.json["summaryOverride"] == "T" && made.json["accessRole"] == "owner")
        let draft = try #require(CalendarRules().collection(for: made.json))
        #expect(draft.access == .own && draft.name == "T" && draft.timeZone == "Europe/Paris")
        guard case .present(let found) = try await bench.connector.lookUp(create) else {
            Issue.record("The calendar was not found.")
            return
        }
        #expect(found.remoteID == made.remoteID)
        let renamed = try await push(
            bench,
            .calendar(
                .patch, made.remoteID.rawValue, etag: made.etag?.rawValue,
                body: ["summary": "Crew", "backgroundColor": "#123456", "selected": true]))
        #expect(renamed.json["summary"] == "Crew" && renamed.json["accessRole"] == "owner")
        #expect(renamed.json["backgroundColor"] == "#123456")
        let listed = try await list(bench, .calendars()).resources
        #expect(listed.first { $0.remoteID == made.remoteID }?.json == renamed.json)
        try await moveEvent(bench, to: made.remoteID)
        _ = try await push(bench, .calendar(.delete, made.remoteID.rawValue))
        #expect(
            try await bench.connector.lookUp(.calendar(.delete, made.remoteID.rawValue)) == .absent)
    }

    private func moveEvent(_ bench: GoogleBench, to destination: RemoteID) async throws {
        let event = try await push(
            bench, .event(.create, "moving00001", body: Self.draft([:])))
        let move = PushRequest.event(
            .move, event.remoteID.rawValue, destination: destination.rawValue)
        #expect(try await bench.connector.lookUp(move) == .absent)
        let moved = try await push(bench, move)
        #expect(moved.remoteID == event.remoteID)
        guard case .present(let there) = try await bench.connector.lookUp(move) else {
            Issue.record("The event did not arrive.")
            return
        }
        #expect(rules.canonical(there.json) == rules.canonical(event.json))
    }
}

extension JSON {
    fileprivate init(_ members: JSONObject) { self = .object(members) }
}
