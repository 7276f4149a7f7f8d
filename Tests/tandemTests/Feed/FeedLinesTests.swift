import LosslessJSON
import TandemCore
import TandemFeed
import TandemFormats
import TandemStore
import Testing

@testable import tandem

/// A feed as people see it.
@Suite struct FeedLinesTests {
    /// A store with one event, edited and answered, and its feed.
    private func activities(_ entries: [ChangeEntry] = []) async throws -> [Activity] {
        let world = try AgendaWorld([])
        let calendar = world.calendar
        try await world.store.write { transaction in
            for entry in entries {
                try transaction.changes.append(
                    ChangeEntry(
                        user: .local, account: calendar.account, collection: calendar.id,
                        resource: entry.resource, kind: .event, verb: entry.verb,
                        origin: entry.origin, title: entry.title, actor: entry.actor,
                        changes: entry.changes, cause: entry.cause, count: entry.count,
                        at: entry.at))
            }
        }
        return try await world.store.read { try FeedReader($0).piece(after: .start).activities }
    }

    private func entry(
        _ verb: ChangeVerb, _ title: String, origin: ChangeOrigin = .remote,
        actor: ChangeActor = .unknown, changes: [FieldChange] = [],
        at text: String = "2026-11-09T09:42:00Z"
    ) throws -> ChangeEntry {
        let none = "none"
        return ChangeEntry(
            user: .local, account: AccountID(rawValue: none),
            collection: CollectionID(rawValue: none),
            resource: verb == .listed ? nil : ResourceID(rawValue: "01JD"), kind: .event,
            verb: verb, origin: origin, title: title, actor: actor, changes: changes,
            cause: verb == .deleted ? .tombstone : nil, count: verb == .listed ? 12 : nil,
            at: try #require(Timestamp(rfc3339: text)))
    }

    private func lines(
        _ entries: [ChangeEntry], columns: Int? = nil, showsIDs: Bool = false,
        namesAccounts: Bool = false
    ) async throws -> [String] {
        var lines = FeedLines(
            zone: try ZoneRules.named("Europe/Paris"),
            style: TerminalStyle(usesColor: false, columns: columns), showsIDs: showsIDs,
            namesAccounts: namesAccounts)
        return try await activities(entries).flatMap { lines.lines(for: $0) }
    }

    private static let start: JSON = ["dateTime": "2026-11-09T10:00:00+01:00"]
    private static let end: JSON = ["dateTime": "2026-11-09T11:00:00+01:00"]

    @Test func `activities stand below their days, each with who did it and what changed`()
        async throws
    {
        let bob = ChangeActor(name: "Bob", email: "bob@example.com", certainty: .inferred)
        let carol = ChangeActor(email: "carol@example.com", certainty: .known)
        let time = FieldChange(
            field: "time", before: nil, after: ["start": Self.start, "end": Self.end])
        let place = FieldChange(field: "location", before: "North", after: "South")
        let guests = FieldChange(
            field: "attendees", before: [["email": "eve@example.com"]],
            after: [["email": "eve@example.com", "responseStatus": "accepted"]])
        let shown = try await lines([
            entry(.listed, "Work", at: "2026-11-08T22:59:00Z"),
            entry(
                .created, "Pump inspection", actor: carol, changes: [time],
                at: "2026-11-08T23:00:00Z"),
            entry(.updated, "Pump inspection", actor: bob, changes: [place]),
            entry(.answered, "Party", changes: [guests]),
            entry(.deleted, "", origin: .local),
        ])
        #expect(
            shown == [
                "Sun 8 Nov 2026",
                "  23:59  listed    Work  12 events · read for the first time",
                "",
                "Mon 9 Nov 2026",
                "  00:00  created   Pump inspection  Work · by carol@example.com",
                "         2026-11-09 10:00 – 11:00",
                "  10:42  updated   Pump inspection  Work · probably by Bob",
                "         location: North → South",
                "  10:42  answered  Party  Work · elsewhere",
                "         attendees: eve@example.com accepted",
                "  10:42  deleted   (no title)  Work · here",
            ])
    }

    @Test func `nothing in it steers a terminal, and a long value is cut`() async throws {
        let evil = "a\u{1B}[31m\u{9B}2J\nb\u{202E}\t\u{7F}"
        let long = JSON.string(String(repeating: "long \u{1B}]0;x\u{7} text\n", count: 500))
        let changes = [
            FieldChange(field: "description", before: .string(evil), after: long),
            FieldChange(field: evil, before: 1, after: ["x": .string(evil)]),
            FieldChange(
                field: "sharedProperties", before: nil, after: .object([evil: .string(evil)])),
        ]
        let actor = ChangeActor(name: evil, email: evil, certainty: .known)
        let shown = try await lines(
            [entry(.updated, evil, actor: actor, changes: changes)], showsIDs: true,
            namesAccounts: true)
        #expect(shown.count == 4)
        let text = shown.joined()
        let isSafe = text.unicodeScalars.allSatisfy { scalar in
            scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)
                && scalar.value != 0x202E
        }
        #expect(isSafe, "\(shown)")
        #expect(text.utf8.count < 1000)
        #expect(shown[1].contains(" · ada · "))
        #expect(shown[3].contains("item 01JD · mark "))
    }

    @Test(arguments: [20, 40, 80])
    func `lines fit the terminal`(columns: Int) async throws {
        let title = String(repeating: "日本語 title ", count: 12)
        let change = FieldChange(
            field: "summary", before: .string(title), after: .string(title + title))
        let shown = try await lines(
            [entry(.updated, title, changes: [change])], columns: columns)
        #expect(shown.count == 3)
        #expect(shown.allSatisfy { TerminalText.width($0) <= columns || columns < 30 })
    }

    @Test func `a tab separated line has as many cells as titles, whatever is in it`()
        async throws
    {
        let activity = try #require(
            try await activities([entry(.updated, "a\tb\nc\u{1B}")]).first)
        let cells = FeedTable.row(of: activity).split(
            separator: "\t", omittingEmptySubsequences: false)
        #expect(cells.count == FeedTable.titles.split(separator: "\t").count)
        #expect(cells[4] == "a b c" && !FeedTable.row(of: activity).contains("\n"))
    }
}
