import GoogleAPI
import LosslessJSON
import TandemCore
import TandemSync
import Testing
import WebClient

@testable import GoogleConnector

struct EventWritesTests {
    private func line(_ request: PushRequest) throws -> String {
        let call = try EventWrites.call(for: request).call
        let query = call.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        let condition = call.headers["If-Match"].map { " if \($0)" } ?? ""
        return "\(call.method) \(call.path)?\(query)\(condition)"
    }

    private func body(_ request: PushRequest) throws -> JSON? {
        try EventWrites.call(for: request).call.body.map { try JSON(parsing: $0) }
    }

    private static let events = "/calendars/ada%40example.com/events"

    @Test(arguments: [
        (
            PushRequest.event(.patch, "abcde", etag: "\"1\"", body: ["summary": "X"]),
            "PATCH \(events)/abcde?sendUpdates=none if \"1\""
        ),
        (
            .event(.patch, "abcde", body: ["conferenceData": .null, "attachments": []]),
            "PATCH \(events)/abcde"
                + "?sendUpdates=none&conferenceDataVersion=1&supportsAttachments=true"
        ),
        (
            .event(.patch, "abcde", body: ["eventLabelId": "x"], mails: .external),
            "PATCH \(events)/abcde?sendUpdates=externalOnly&eventLabelVersion=1"
        ),
        (
            .event(.delete, "abcde", etag: "\"1\"", mails: .all),
            "DELETE \(events)/abcde?sendUpdates=all if \"1\""
        ),
        (
            .event(.move, "abcde", destination: "team@group.example"),
            "POST \(events)/abcde/move?destination=team@group.example&sendUpdates=none"
        ),
        (.event(.create, "abcde", body: [:]), "POST \(events)?sendUpdates=none"),
        (
            .event(
                .create, "abcde_20261109", etag: "\"1\"", body: ["recurringEventId": "abcde"]),
            "PATCH \(events)/abcde_20261109?sendUpdates=none if \"1\""
        ),
    ])
    func `each write is one call, mails nobody unasked, and keeps its condition`(
        request: PushRequest, expected: String
    ) throws {
        #expect(try line(request) == expected)
    }

    @Test(arguments: [
        PushRequest.event(.patch, nil), .event(.patch, ""), .event(.delete, ".."),
        .event(.move, "abcde"), .event(.move, "abcde", destination: nil),
    ])
    func `a write without a usable address is never sent`(request: PushRequest) {
        #expect(throws: GoogleError.self) { try EventWrites.call(for: request) }
    }

    @Test func `a creation carries our id and nothing that Google owns`() throws {
        let sent = try #require(
            try body(.event(.create, "newid00001", body: Sample.invitation)))
        #expect(sent["id"] == "newid00001")
        let owned = EventRules.serverOwnedMembers.subtracting(["id"])
        #expect(owned.isDisjoint(with: sent.object?.keys ?? []))
        #expect(sent["attendees"] == Sample.invitation["attendees"])
        #expect(sent["futureMember"] == Sample.invitation["futureMember"])
        #expect(sent["iCalUID"] == Sample.invitation["iCalUID"])
        #expect(sent["eventType"] == "default")
    }

    @Test func `a UID that Google would make anyway is not sent`() throws {
        let sent = try #require(try body(.event(.create, "p1k7q2m3v9", body: Sample.single)))
        #expect(sent["iCalUID"] == nil)
        let nulls: JSON = ["summary": "X", "location": .null, "attendeesOmitted": true]
        #expect(
            try body(.event(.create, "abcde", body: nulls)) == ["id": "abcde", "summary": "X"])
    }

    @Test func `an exception is a patch of its instance, times without their other form`() throws {
        let request = PushRequest.event(
            .create, "weekly0000001_20261109T080000Z", body: Sample.exception)
        let sent = try #require(try body(request))
        #expect(
            sent["start"] == [
                "dateTime": "2026-11-09T14:00:00+01:00", "timeZone": "Europe/Paris",
                "date": .null,
            ])
        #expect(sent["summary"] == "Crew meeting" && sent["status"] == "confirmed")
        #expect(
            Set(sent.object?.keys ?? []) == [
                "status", "summary", "start", "end", "reminders",
            ])
        let days = Sample.exception.with(["start": ["date": "2026-11-09"]])
        #expect(
            try body(.event(.create, "x_20261109", body: days))?["start"]
                == ["date": "2026-11-09", "dateTime": .null])
    }

    @Test func `an instance taken out is a patch of its status alone`() throws {
        let request = PushRequest.event(
            .create, "weekly0000001_20261123T080000Z",
            body: Sample.cancelledException.with(["summary": "Gone"]))
        #expect(try body(request) == ["status": "cancelled"])
    }
}
