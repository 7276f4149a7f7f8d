import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Section 4 of the Calendar contract: incremental sync.
@Suite struct SyncTokenTests {
    let local = Local()

    private func list(_ query: String, as user: String = "ada") -> Answer {
        local.get("calendars/primary/events?" + query, as: user)
    }

    private func cursor(_ query: String = "") -> String {
        list(query)["nextSyncToken"]?.string ?? "none"
    }

    @Test func `a delta holds what changed and a new token`() {
        let kept = local.event("Kept")
        let changed = local.event("Changed")
        let gone = local.event("Gone")
        let token = cursor()
        let made = local.event("Made")
        _ = local.call("PATCH", "calendars/primary/events/\(changed)", ["summary": "New"])
        _ = local.call("DELETE", "calendars/primary/events/\(gone)")
        let delta = list("syncToken=\(token)")
        #expect(delta.ids == [made, changed, gone])
        #expect(!delta.ids.contains(kept))
        #expect(titled("New", in: delta.items)?["id"]?.string == changed)
        let stub = delta.items.last
        #expect(stub?.object?.keys.sorted() == ["etag", "id", "kind", "status"])
        let next = delta["nextSyncToken"]?.string ?? ""
        #expect(list("syncToken=\(next)").items.isEmpty)
    }

    @Test func `an empty delta still returns a token and old ones stay usable`() {
        let token = cursor()
        let first = list("syncToken=\(token)")
        #expect(first.items.isEmpty)
        #expect(first["nextSyncToken"]?.string != nil)
        let id = local.event("Later")
        #expect(list("syncToken=\(token)").ids == [id])
        #expect(list("syncToken=\(first["nextSyncToken"]?.string ?? "")").ids == [id])
    }

    @Test func `a delta is paged with the sync token beside the page token`() {
        let token = cursor()
        let ids = (0..<5).map { local.event("Event \($0)") }
        var seen: [String] = []
        var query = "syncToken=\(token)&maxResults=2"
        for _ in 0..<4 {
            let page = list(query)
            seen += page.ids
            guard let next = page["nextPageToken"]?.string else { break }
            #expect(page["nextSyncToken"] == nil)
            query = "syncToken=\(token)&maxResults=2&pageToken=\(next)"
        }
        #expect(seen == ids)
    }

    @Test(arguments: [
        "iCalUID=a", "orderBy=updated", "privateExtendedProperty=a%3Db", "q=a",
        "sharedExtendedProperty=a%3Db", "timeMin=2026-11-10T10:00:00Z",
        "timeMax=2026-11-10T10:00:00Z", "updatedMin=2026-11-09T07:00:00Z", "showDeleted=false",
    ])
    func `other restrictions beside a sync token are refused`(restriction: String) {
        let answer = list("syncToken=\(cursor())&\(restriction)")
        #expect(answer.status == 400)
        #expect(answer.reason == "syncTokenWithRequestRestrictions")
        #expect(answer.message == "Sync token cannot be used with other request restrictions.")
    }

    @Test(arguments: [
        "singleEvents=true", "maxAttendees=3", "timeZone=UTC", "eventTypes=default",
        "showHiddenInvitations=true",
    ])
    func `a sync token of other parameters asks for a full listing`(other: String) {
        let foreign = list("syncToken=\(cursor())&\(other)")
        #expect(foreign.status == 410)
        #expect(foreign.domain == "calendar")
        #expect(foreign.reason == "fullSyncRequired")
        #expect(foreign.location == "syncToken")
        #expect(foreign.message == "Sync token is no longer valid, a full sync is required.")
        #expect(list("syncToken=\(cursor(other))&\(other)").status == 200)
    }

    @Test func `maxResults and showDeleted may differ from the first listing`() {
        let token = cursor("maxResults=3")
        #expect(list("syncToken=\(token)&maxResults=100&showDeleted=true").status == 200)
    }

    @Test func `a token of somebody else or of another calendar is void`() {
        let token = cursor()
        #expect(list("syncToken=\(token)", as: "grace").status == 410)
        let other = local.call("POST", "calendars", ["summary": "Team"])["id"]?.string ?? ""
        let path = "calendars/\(PercentCoding.encode(other))/events?syncToken=\(token)"
        #expect(local.get(path).status == 410)
    }

    @Test(arguments: ["nonsense", "Cxyz", "CPDAlvWDx70CEPDAlvWDx70CGAU="])
    func `a token that was never one of ours is invalid`(token: String) {
        let answer = list("syncToken=\(PercentCoding.encode(token))")
        #expect(answer.status == 400)
        #expect(answer.reason == "invalid")
        #expect(answer.location == "syncToken")
        #expect(answer.message == "Invalid sync token value.")
    }

    @Test func `tokens die of age, of expiry on command and of a changed role`() throws {
        let aged = cursor()
        local.clock.advance(seconds: 28 * 86_400 + 1)
        #expect(list("syncToken=\(aged)").status == 410)
        let expired = cursor()
        try local.google.expire(.calendarCursors, user: "ada@example.com")
        #expect(list("syncToken=\(expired)").status == 410)
        #expect(list("syncToken=\(cursor())").status == 200)
    }

    @Test(arguments: [Int64.min, Int64.max, -1])
    func `a forged place stops nothing`(key: Int64) throws {
        for number in 0..<3 { _ = local.event("Event \(number)") }
        for query in ["maxResults=1", "maxResults=1&singleEvents=true&orderBy=startTime"] {
            let token = list(query)["nextPageToken"]?.string ?? ""
            var cursor = try #require(Cursor(token))
            cursor.page?.key = key
            let answer = list("\(query)&pageToken=\(cursor.text)")
            #expect(answer.status == (key == -1 ? 200 : 400))
        }
    }

    @Test func `page tokens die with the cursors, of the same causes`() throws {
        for number in 0..<3 { _ = local.event("Event \(number)") }
        func page(as user: String = "ada") -> String {
            let path = "calendars/ada%40example.com/events?maxResults=1"
            let token = local.get(path, as: user)["nextPageToken"]?.string ?? "none"
            return path + "&pageToken=\(token)"
        }
        let aged = page()
        #expect(local.get(aged).status == 200)
        local.clock.advance(seconds: 28 * 86_400 + 1)
        let expired = page()
        for void in [aged] { #expect(local.get(void).status == 410) }
        try local.google.expire(.calendarCursors, user: "ada@example.com")
        let answer = local.get(expired)
        #expect(answer.status == 410)
        #expect(answer.reason == "fullSyncRequired")
        #expect(answer.location == "pageToken")
        #expect(local.get(page()).status == 200)
        share(local, with: "grace", as: "reader")
        let hers = page(as: "grace")
        share(local, with: "grace", as: "writer")
        #expect(local.get(hers, as: "grace").status == 410)
        let lists = "users/me/settings?maxResults=2"
        let settings = local.get(lists)["nextPageToken"]?.string ?? "none"
        try local.google.expire(.calendarCursors)
        #expect(local.get(lists + "&pageToken=\(settings)").status == 410)
    }

    @Test func `expiry can be limited to one calendar and one user`() throws {
        let mine = cursor()
        let hers = list("", as: "grace")["nextSyncToken"]?.string ?? ""
        let other = local.call("POST", "calendars", ["summary": "Team"])["id"]?.string ?? ""
        let there = "calendars/\(PercentCoding.encode(other))/events?"
        let theirs = local.get(there)["nextSyncToken"]?.string ?? ""
        try local.google.expire(.calendarCursors, user: "ada@example.com", calendar: "primary")
        #expect(list("syncToken=\(mine)").status == 410)
        #expect(list("syncToken=\(hers)", as: "grace").status == 200)
        #expect(local.get(there + "syncToken=\(theirs)").status == 200)
        #expect(throws: LocalGoogleError.self) {
            try local.google.expire(.calendarCursors, user: "nobody@example.com")
        }
    }

    @Test func `a changed access role asks for a full listing`() {
        share(local, with: "grace", as: "reader")
        let token = local.get("calendars/ada%40example.com/events", as: "grace")["nextSyncToken"]
        let path = "calendars/ada%40example.com/events?syncToken=\(token?.string ?? "")"
        #expect(local.get(path, as: "grace").status == 200)
        share(local, with: "grace", as: "writer")
        #expect(local.get(path, as: "grace").status == 410)
    }

    @Test(arguments: [
        ("orderBy=startTime&singleEvents=true", false), ("q=event", false), ("iCalUID=a", false),
        ("privateExtendedProperty=a%3Db", false), ("updatedMin=2026-11-09T07:00:00Z", false),
        ("orderBy=updated", true), ("timeMin=2026-11-01T00:00:00Z", true),
        ("singleEvents=true", true),
        ("showDeleted=true", true),
    ])
    func `some listings get no sync token`(query: String, isGiven: Bool) {
        #expect((list(query)["nextSyncToken"] != nil) == isGiven)
    }

    @Test func `changes outside of the window of the first listing come, too`() {
        let token = cursor("timeMin=2026-11-10T00:00:00Z&timeMax=2026-11-20T00:00:00Z")
        let id = local.event("Far away", at: "2027-03-10T10:00:00Z")
        #expect(list("syncToken=\(token)").ids == [id])
    }

    @Test func `series are expanded within the window of the first listing`() {
        let token = cursor(
            "singleEvents=true&timeMin=2026-11-10T00:00:00Z&timeMax=2026-11-12T00:00:00Z")
        let id = local.event(
            "Series",
            [
                "start": ["dateTime": "2026-11-09T10:00:00Z", "timeZone": "UTC"],
                "end": ["dateTime": "2026-11-09T11:00:00Z", "timeZone": "UTC"],
                "recurrence": ["RRULE:FREQ=DAILY"],
            ])
        let days = ["10", "11"].map { "\(id)_202611\($0)T100000Z" }
        #expect(list("singleEvents=true&syncToken=\(token)").ids == days)
    }

    @Test func `churn changes etags and nothing else`() throws {
        let id = local.event("One")
        let before = local.get("calendars/primary/events/\(id)")
        let token = cursor()
        try local.google.churn(user: "ada@example.com", calendar: "primary")
        let delta = list("syncToken=\(token)")
        #expect(delta.ids == [id])
        #expect(delta.items.first?["etag"] != before["etag"])
        var same = delta.items.first ?? .null
        same["etag"] = before["etag"]
        #expect(same == before.json)
    }

    @Test func `deltas of single events expand a changed series and cancel lost instances`() {
        let id = local.event(
            "Series", at: "2026-11-10T10:00:00Z",
            [
                "start": ["dateTime": "2026-11-10T10:00:00Z", "timeZone": "UTC"],
                "end": ["dateTime": "2026-11-10T11:00:00Z", "timeZone": "UTC"],
                "recurrence": ["RRULE:FREQ=DAILY;COUNT=4"],
            ])
        let token = cursor("singleEvents=true")
        _ = local.call(
            "PATCH", "calendars/primary/events/\(id)", ["recurrence": ["RRULE:FREQ=DAILY;COUNT=2"]])
        let delta = list("syncToken=\(token)&singleEvents=true")
        let states = delta.items.map { "\($0["id"]?.string ?? "") \($0["status"]?.string ?? "")" }
        #expect(
            states == [
                "\(id)_20261110T100000Z confirmed", "\(id)_20261111T100000Z confirmed",
                "\(id)_20261112T100000Z cancelled", "\(id)_20261113T100000Z cancelled",
            ])
        let later = delta["nextSyncToken"]?.string ?? ""
        _ = local.call("DELETE", "calendars/primary/events/\(id)")
        let gone = list("syncToken=\(later)&singleEvents=true")
        #expect(gone.ids == ["\(id)_20261110T100000Z", "\(id)_20261111T100000Z"])
        #expect(gone.items.allSatisfy { $0["status"] == "cancelled" })
    }

    private let window = "timeMin=2026-11-09T00:00:00Z&timeMax=2026-11-12T00:00:00Z"

    @Test(arguments: ["", "&singleEvents=true"])
    func `a kept window hides what was never in it and tells what leaves it`(more: String) {
        _ = local.control("POST", "switches", ["syncTokensKeepWindow": true])
        let leaving = local.event("Leaving")
        let token = cursor(window + more)
        _ = local.event("Outside", at: "2026-12-01T10:00:00Z")
        let inside = local.event("Inside")
        let entering = local.event("Entering", at: "2026-12-01T10:00:00Z")
        let away = json(
            #"{"start":{"dateTime":"2026-12-05T10:00:00Z"},"end":{"dateTime":"2026-12-05T11:00:00Z"}}"#
        )
        let back = json(
            #"{"start":{"dateTime":"2026-11-10T10:00:00Z"},"end":{"dateTime":"2026-11-10T11:00:00Z"}}"#
        )
        _ = local.call("PATCH", "calendars/primary/events/\(leaving)", away)
        _ = local.call("PATCH", "calendars/primary/events/\(entering)", back)
        let delta = list("syncToken=\(token)\(more)")
        #expect(delta.ids == [inside, leaving, entering])
        let next = delta["nextSyncToken"]?.string ?? "none"
        _ = local.call("PATCH", "calendars/primary/events/\(inside)", away)
        #expect(list("syncToken=\(next)\(more)").ids == [inside])
    }

    @Test(arguments: ["", "&singleEvents=true"])
    func `an instance that leaves a kept window is told`(more: String) {
        _ = local.control("POST", "switches", ["syncTokensKeepWindow": true])
        let id = local.event(
            "Series",
            [
                "start": ["dateTime": "2026-11-09T10:00:00Z", "timeZone": "UTC"],
                "end": ["dateTime": "2026-11-09T11:00:00Z", "timeZone": "UTC"],
                "recurrence": ["RRULE:FREQ=DAILY;COUNT=10"],
            ])
        let token = cursor(window + more)
        let away = json(
            #"{"start":{"dateTime":"2026-12-05T10:00:00Z"},"end":{"dateTime":"2026-12-05T11:00:00Z"}}"#
        )
        for day in ["10", "15"] {
            let path = "calendars/primary/events/\(id)_202611\(day)T100000Z"
            #expect(local.call("PATCH", path, away).status == 200)
        }
        let found = list("syncToken=\(token)\(more)").ids
        #expect(found.contains("\(id)_20261110T100000Z"))
        #expect(!found.contains("\(id)_20261115T100000Z"))
    }

    @Test func `what was told before the world was put back is void, however much follows`() throws
    {
        let local = Local()
        _ = local.event("First")
        let saved = local.control("GET", "snapshot").json
        for putBack in ["snapshot", "reset"] {
            _ = local.event("Second")
            let token = local.get("calendars/primary/events")["nextSyncToken"]?.string ?? ""
            let isSnapshot = putBack == "snapshot"
            let answer = local.control(
                isSnapshot ? "PUT" : "POST", putBack, isSnapshot ? saved : nil)
            #expect(answer.status < 300)
            for number in 0..<9 {
                let path = "calendars/primary/events?syncToken=\(PercentCoding.encode(token))"
                #expect(local.get(path).status == 410, "\(putBack) \(number)")
                _ = local.event("Other \(number)")
            }
        }
    }

    @Test func `what was told before a snapshot still holds after it is restored`() throws {
        let local = Local()
        _ = local.event("First")
        let token = local.get("calendars/primary/events")["nextSyncToken"]?.string ?? ""
        let path = "calendars/primary/events?syncToken=\(PercentCoding.encode(token))"
        _ = local.event("Second")
        let saved = local.google.snapshot()
        for _ in 0..<2 {
            for other in [local, Local()] {
                try other.google.restore(saved)
                #expect(other.get(path).items.map { $0["summary"] } == ["Second"])
                _ = other.event("Third")
                #expect(other.get(path).items.map { $0["summary"] } == ["Second", "Third"])
                let later = other.get("calendars/primary/events")["nextSyncToken"]?.string ?? ""
                try other.google.restore(saved)
                _ = other.event("Fourth")
                let void = "calendars/primary/events?syncToken=\(PercentCoding.encode(later))"
                #expect(other.get(void).status == 410)
                #expect(other.get(path).items.map { $0["summary"] } == ["Second", "Fourth"])
            }
        }
    }

    @Test func `the same parameters in other words are the same`() {
        let local = Local()
        let first =
            "calendars/primary/events?singleEvents=false&eventTypes=default&eventTypes=focusTime"
        let token = local.get(first)["nextSyncToken"]?.string ?? ""
        let path =
            "calendars/primary/events?eventTypes=focusTime&eventTypes=default"
            + "&showHiddenInvitations=0&singleEvents=False&syncToken=" + PercentCoding.encode(token)
        #expect(local.get(path).status == 200)
    }
}

/// Gives a user a role in Ada's primary calendar.
func share(_ local: Local, with user: String, as role: String) {
    let answer = local.call(
        "POST", "calendars/primary/acl",
        [
            "scope": ["type": "user", "value": .string("\(user)@example.com")],
            "role": .string(role),
        ])
    #expect(answer.status == 200)
}
