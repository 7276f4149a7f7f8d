import LosslessJSON
import Testing

@testable import GoogleEmulator

/// What channels are told, and what not.
@Suite struct MessageTests {
    let local = Local()
    private let primary = "calendars/primary/events"

    @Test func `the first message says that the channel works`() throws {
        let made = local.watch(with: ["token": "secret"]).json
        let messages = local.messages()
        let first = try #require(messages.first)
        #expect(messages.count == 1)
        #expect(first.post.url == Local.hook)
        #expect(first.post.body.isEmpty)
        let names = first.post.headers.map(\.name).filter { $0.hasPrefix("X-Goog-") }
        #expect(
            names == [
                "X-Goog-Channel-ID", "X-Goog-Channel-Expiration", "X-Goog-Channel-Token",
                "X-Goog-Message-Number", "X-Goog-Resource-ID", "X-Goog-Resource-State",
                "X-Goog-Resource-URI",
            ])
        #expect(first.channel == "one")
        #expect(first["Channel-Expiration"] == "Mon, 16 Nov 2026 08:00:00 GMT")
        #expect(first["Channel-Token"] == "secret")
        #expect(first["Message-Number"] == "1")
        #expect(first["Resource-ID"] == made["resourceId"]?.string)
        #expect(first["Resource-State"] == "sync")
        #expect(first["Resource-URI"] == made["resourceUri"]?.string)
    }

    @Test func `a channel without a token sends none`() {
        _ = local.watch(with: ["token": ""])
        #expect(local.messages().first?["Channel-Token"] == nil)
    }

    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (1_794_211_200_999, "Mon, 09 Nov 2026 08:00:00 GMT"),
        (253_402_300_799_000, "Fri, 31 Dec 9999 23:59:59 GMT"),
    ])
    func `moments are told as HTTP tells them`(milliseconds: Int64, text: String) {
        #expect(Stamp.http(milliseconds) == text)
    }

    @Test func `each change is one message with a growing number`() {
        _ = local.watching()
        var numbers: [Int] = []
        let id = local.event("A")
        for summary in ["B", "C"] {
            let told = local.messages()
            #expect(told.map(\.state) == ["exists"])
            numbers += told.compactMap(\.number)
            _ = local.call("PATCH", "\(primary)/\(id)", ["summary": .string(summary)])
        }
        _ = local.call("DELETE", "\(primary)/\(id)")
        numbers += local.messages().compactMap(\.number)
        #expect(numbers == [2, 3, 4, 5])
    }

    @Test func `what changes nothing is not told`() {
        let id = local.event("A")
        let gone = local.event("Gone")
        _ = local.call("DELETE", "\(primary)/\(gone)")
        _ = local.watching()
        _ = local.get(primary)
        #expect(local.call("PATCH", "\(primary)/\(id)", ["summary": "A"]).status == 200)
        #expect(local.call("DELETE", "\(primary)/\(gone)").status == 410)
        #expect(local.call("PATCH", "\(primary)/\(id)", ["start": ["dateTime": "x"]]).status == 400)
        #expect(local.watch("users/me/settings", id: "other").status == 200)
        #expect(local.messages().map(\.state) == ["sync"])
    }

    @Test func `a series with its exceptions is one change`() {
        let id = local.event(
            "Series",
            [
                "start": ["dateTime": "2026-11-10T10:00:00Z", "timeZone": "UTC"],
                "end": ["dateTime": "2026-11-10T11:00:00Z", "timeZone": "UTC"],
                "recurrence": ["RRULE:FREQ=DAILY;COUNT=3"],
            ])
        let instance = "\(id)_20261111T100000Z"
        _ = local.call("PATCH", "\(primary)/\(instance)", ["summary": "Other"])
        _ = local.watching()
        _ = local.call("DELETE", "\(primary)/\(id)")
        #expect(local.messages().map(\.number) == [2])
    }

    @Test func `every channel on a calendar is told, whoever changed it`() {
        let calendar = local.calendar()
        local.share(calendar, with: "grace@example.com", "writer")
        let events = "calendars/\(calendar)/events"
        _ = local.watching(events, id: "ada-1")
        _ = local.watching(events, id: "ada-2")
        _ = local.watching(events, id: "grace", as: "grace")
        _ = local.watching(primary, id: "elsewhere")
        _ = local.event("A", as: "grace", calendar: calendar)
        #expect(local.messages().map(\.channel) == ["ada-1", "ada-2", "grace"])
    }

    @Test func `guests are told on their own calendars, and organizers of their answers`() {
        _ = local.watching(id: "ada")
        _ = local.watching(id: "grace", as: "grace")
        _ = local.watching(id: "linus", as: "linus")
        let id = local.event("A", ["attendees": [["email": "grace@example.com"]]])
        #expect(local.messages().map(\.channel) == ["ada", "grace"])
        _ = local.call(
            "PATCH", "\(primary)/\(id)",
            ["attendees": [["email": "grace@example.com", "responseStatus": "accepted"]]],
            as: "grace")
        #expect(local.messages().map(\.channel) == ["ada", "grace"])
    }

    @Test func `other lists are told of their own changes`() {
        let calendar = local.calendar()
        for path in ["calendars/\(calendar)/acl", "users/me/calendarList", "users/me/settings"] {
            _ = local.watching(path, id: String(path.split(separator: "/").last ?? ""))
        }
        local.share(calendar, with: "grace@example.com", "reader")
        #expect(local.messages().map(\.channel) == ["acl"])
        _ = local.calendar("Second")
        #expect(local.messages().map(\.channel) == ["calendarList"])
        _ = local.call("PATCH", "users/me/calendarList/\(calendar)", ["colorId": "9"])
        #expect(local.messages().map(\.channel) == ["calendarList"])
        _ = local.event("A", calendar: calendar)
        #expect(local.messages().isEmpty)
    }

    @Test func `whoever loses a calendar is told that it is gone, and that it is back`() {
        let calendar = local.calendar()
        let events = "calendars/\(calendar)/events"
        local.share(calendar, with: "grace@example.com", "reader")
        _ = local.watching(events, id: "grace", as: "grace")
        _ = local.call("DELETE", "calendars/\(calendar)/acl/user:grace%40example.com")
        #expect(local.messages().map(\.state) == ["not_exists"])
        _ = local.event("Hidden", calendar: calendar)
        #expect(local.messages().isEmpty)
        local.share(calendar, with: "grace@example.com", "reader")
        #expect(local.messages().map(\.state) == ["exists"])
        _ = local.call("DELETE", "calendars/\(calendar)")
        #expect(local.messages().map(\.state) == ["not_exists"])
        #expect(local.messages().isEmpty)
    }

    @Test func `commands change calendars, too`() throws {
        _ = local.watching()
        try local.google.seed([
            "calendars": [
                [
                    "owner": "ada@example.com",
                    "events": [
                        ["start": ["date": "2026-11-10"], "end": ["date": "2026-11-11"]],
                        ["start": ["date": "2026-11-11"], "end": ["date": "2026-11-12"]],
                    ],
                ]
            ]
        ])
        #expect(local.messages().map(\.state) == ["exists"])
        try local.google.churn()
        #expect(local.messages().map(\.state) == ["exists"])
    }

    @Test func `a conference that is made later is told without a further request`() throws {
        var switches = Switches()
        switches.conferenceCreation = .pending
        local.google.switches = switches
        let event = { (local: Local) in
            _ = local.call(
                "POST", "calendars/primary/events?conferenceDataVersion=1",
                [
                    "start": ["date": "2026-11-10"], "end": ["date": "2026-11-11"],
                    "conferenceData": [
                        "createRequest": [
                            "requestId": "r",
                            "conferenceSolutionKey": ["type": "hangoutsMeet"],
                        ]
                    ],
                ])
        }
        event(local)
        #expect(local.google.nextDue == nil)
        _ = local.watching()
        event(local)
        #expect(local.messages().count == 1)
        #expect(local.google.nextDue == StillClock.start + 10_000)
        local.clock.advance(seconds: 10)
        #expect(local.messages().map(\.state) == ["exists"])
        #expect(local.google.nextDue == nil)
    }

    @Test func `a batch is one change`() {
        _ = local.watching()
        let part = { (number: Int) in
            """
            --b\r\nContent-Type: application/http\r\nContent-ID: <\(number)>\r\n\r\n\
            POST /calendar/v3/calendars/primary/events\r\nContent-Type: application/json\r\n\
            Authorization: Bearer token-ada\r\n\r\n\
            {"start":{"date":"2026-11-10"},"end":{"date":"2026-11-11"}}\r\n
            """
        }
        let answer = local.send(
            "POST", "/batch/calendar/v3",
            headers: [
                ("Content-Type", "multipart/mixed; boundary=b"),
                ("Authorization", "Bearer token-ada"),
            ], body: part(1) + part(2) + "--b--\r\n")
        #expect(answer.status == 200)
        #expect(local.get(primary).items.count == 2)
        #expect(local.messages().count == 1)
    }
}
