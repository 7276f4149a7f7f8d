import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Taking everything down and putting it back.
@Suite struct SnapshotTests {
    @Test(arguments: [
        LocalGoogleConfiguration.Content.empty, .sample,
        .generated(GeneratedContent(seed: 3, events: 200, calendars: 2, seriesPercent: 20)),
    ])
    func `a snapshot brings back every answer`(content: LocalGoogleConfiguration.Content) throws {
        let local = Local(content: content)
        let id = local.event("Mine", ["attendees": [["email": "grace@example.com"]]])
        let gone = local.event("Gone")
        _ = local.call("DELETE", "calendars/primary/events/\(gone)")
        let token = local.get("calendars/primary/events?maxResults=2500")["nextSyncToken"]
        _ = local.call("PATCH", "calendars/primary/events/\(id)", ["summary": "Changed"])
        let bearer = try local.google.accessToken(for: "ada@example.com")
        let snapshot = local.google.snapshot()

        let other = Local()
        try other.google.restore(try JSON(parsing: snapshot.serialized(.compact)))
        let paths = [
            "users/me/calendarList", "calendars/primary/events?maxResults=2500&showDeleted=true",
            "calendars/primary/events?syncToken=\(token?.string ?? "")", "calendars/primary/acl",
            "users/me/settings", "calendars/primary/events?singleEvents=true&orderBy=startTime",
        ]
        for path in paths { #expect(local.get(path).text == other.get(path).text) }
        let answer = other.send(
            "GET", "/calendar/v3/colors", headers: [("Authorization", "Bearer \(bearer)")])
        #expect(answer.status == 200)
        #expect(other.google.snapshot() == local.google.snapshot())
        #expect(local.event("Next") == other.event("Next"))
    }

    @Test func `what changed after the snapshot is gone again`() throws {
        let local = Local()
        let kept = local.event("Kept")
        let snapshot = local.google.snapshot()
        _ = local.event("Later")
        _ = local.call("DELETE", "calendars/primary/events/\(kept)")
        try local.google.restore(snapshot)
        #expect(local.get("calendars/primary/events").ids == [kept])
    }

    @Test func `lost instances are remembered by a snapshot`() throws {
        let local = Local()
        let id = local.event(
            "Series",
            [
                "start": ["dateTime": "2026-11-10T10:00:00Z", "timeZone": "UTC"],
                "end": ["dateTime": "2026-11-10T11:00:00Z", "timeZone": "UTC"],
                "recurrence": ["RRULE:FREQ=DAILY;COUNT=3"],
            ])
        let list = "calendars/primary/events?singleEvents=true"
        let token = local.get(list)["nextSyncToken"]?.string ?? ""
        _ = local.call(
            "PATCH", "calendars/primary/events/\(id)",
            ["recurrence": ["RRULE:FREQ=DAILY;COUNT=2"]])
        let other = Local()
        try other.google.restore(local.google.snapshot())
        let delta = other.get("\(list)&syncToken=\(token)")
        #expect(delta.items.last?["status"] == "cancelled")
        #expect(delta.text == local.get("\(list)&syncToken=\(token)").text)
    }

    @Test(arguments: ["0006-01-01T00:00:00Z", "0030-01-01T00:00:00Z", "9890-01-01T00:00:00Z"])
    func `a snapshot of any time can be put back`(time: String) throws {
        let local = Local()
        #expect(local.control("POST", "clock", ["set": .string(time)]).status == 200)
        // The clock goes on, at the end of its times, too.
        local.clock.advance(seconds: 86_400)
        let id = local.event("Kept")
        let now = local.google.clock
        let snapshot = local.control("GET", "snapshot").json
        #expect(local.control("POST", "reset").status == 200)
        #expect(local.control("PUT", "snapshot", snapshot).status == 200)
        #expect(local.google.clock == now)
        #expect(local.get("calendars/primary/events").ids == [id])
        #expect(local.control("POST", "lag", ["reads": 1]).status == 200)
    }

    @Test(arguments: [-62_100_000_000_000, 260_000_000_000_000, 1 << 59] as [Int64])
    func `a snapshot whose clock cannot be told is refused`(moment: Int64) {
        let local = Local()
        var damaged = local.control("GET", "snapshot").json
        damaged["clockOffset"] = .int(moment - StillClock.start)
        #expect(local.control("PUT", "snapshot", damaged).status == 400)
    }

    @Test(arguments: [
        "Ada@Example.com", "ada", "", "x\r\nSet-Cookie: a@example.com", "<a@example.com>", "a b@c",
    ])
    func `an account's address must be one, in small letters`(address: String) {
        let local = Local()
        let whole = local.control("GET", "snapshot").json
        var accounts = whole["accounts"]?.array ?? []
        accounts[0]["email"] = .string(address)
        var damaged = whole
        damaged["accounts"] = .array(accounts)
        #expect(local.control("PUT", "snapshot", damaged).status == 400)
        damaged["accounts"] = []
        #expect(local.control("PUT", "snapshot", damaged).status == 400)
        damaged = whole
        damaged["groups"] = [["email": "team@example.com", "members": [.string(address)]]]
        let isMember = address == "Ada@Example.com"
        #expect(local.control("PUT", "snapshot", damaged).status == (isMember ? 200 : 400))
        #expect(local.get("users/me/calendarList").status == 200)
    }

    @Test(arguments: [
        "\u{0}\u{8}\u{1F}\u{7F}\u{85}", "\u{2028}\u{2029}\u{FEFF}\u{202E}txt\u{FFFF}",
        "\"\\/ </script><!-- \u{1B}[2J", "e\u{301}\u{1F469}\u{200D}\u{1F467}\u{10FFFF}",
        String(repeating: "\u{E9}", count: 5000),
    ])
    func `texts of every kind come back from a snapshot`(text: String) throws {
        let local = Local()
        let properties = JSONObject([(String(text.prefix(9)), .string(text))])
        let id = local.event(
            text,
            [
                "description": .string(text), "foreign": [.string(text)],
                "extendedProperties": ["private": .object(properties)],
            ])
        _ = local.call("PATCH", "calendars/primary", ["summary": .string(text)])
        let paths = ["calendars/primary", "calendars/primary/events/\(id)"]
        let before = paths.map { local.get($0).text }
        #expect(local.get(paths[1])["summary"]?.string == text)
        let snapshot = local.control("GET", "snapshot")
        let other = Local()
        #expect(other.control("PUT", "snapshot", snapshot.json).status == 200)
        #expect(paths.map { other.get($0).text } == before)
        #expect(other.control("GET", "snapshot").text == snapshot.text)
    }

    static let broken = [
        "{}", "{\"format\":\"local-google-1\"}", "{\"format\":\"local-google-2\"}",
    ]

    @Test(arguments: broken)
    func `what is no snapshot is refused and changes nothing`(text: String) {
        let local = Local()
        let id = local.event("Kept")
        #expect(local.control("PUT", "snapshot", json(text)).status == 400)
        #expect(local.get("calendars/primary/events").ids == [id])
    }

    @Test func `a snapshot with a damaged part is refused as a whole`() {
        let local = Local()
        let id = local.event("Kept")
        let whole = local.control("GET", "snapshot").json
        let names = [
            "accounts", "services", "groups", "mails", "otherMails", "random", "lastVersion",
        ]
        for name in names {
            var damaged = whole
            damaged[name] = "damaged"
            #expect(local.control("PUT", "snapshot", damaged).status == 400)
        }
        for service in ["calendar", "oauth"] {
            var damaged = whole
            damaged["services"]?[service] = "damaged"
            #expect(local.control("PUT", "snapshot", damaged).status == 400)
            damaged["services"]?[service] = [:]
            #expect(local.control("PUT", "snapshot", damaged).status == 400)
            var parts = whole["services"]?.object ?? [:]
            parts.removeValue(forKey: service)
            damaged["services"] = .object(parts)
            #expect(local.control("PUT", "snapshot", damaged).status == 400)
        }
        #expect(local.get("calendars/primary/events").ids == [id])
        #expect(local.control("PUT", "snapshot", whole).status == 200)
    }
}
