import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Section 4 of the Calendar contract: what a listing holds.
@Suite struct EventListTests {
    let local = Local()

    private func list(_ query: String, as user: String = "ada") -> Answer {
        local.get("calendars/primary/events?" + query, as: user)
    }

    @Test func `a listing describes its calendar`() {
        _ = local.call("PATCH", "calendars/primary", ["description": "Of the office"])
        let answer = list("")
        #expect(answer["kind"] == "calendar#events")
        #expect(answer["summary"] == "ada@example.com")
        #expect(answer["description"] == "Of the office")
        #expect(answer["timeZone"] == "Europe/Paris")
        #expect(answer["accessRole"] == "owner")
        #expect(answer["defaultReminders"] == [["method": "popup", "minutes": 10]])
        #expect(answer["items"] == [])
        #expect(answer["nextSyncToken"]?.string != nil)
        #expect(list("timeZone=America/New_York")["timeZone"] == "America/New_York")
    }

    @Test(arguments: [1, 2, 3, 7, 250])
    func `pages of any size hold everything once`(size: Int) {
        let ids = (0..<7).map { local.event("Event \($0)") }
        var seen: [String] = []
        var query = "maxResults=\(size)"
        for round in 0..<8 {
            let page = list(query)
            #expect(page.items.count <= size)
            seen += page.ids
            guard let next = page["nextPageToken"]?.string else {
                #expect(page["nextSyncToken"] != nil)
                break
            }
            #expect(page["nextSyncToken"] == nil)
            #expect(round < 7)
            query = "maxResults=\(size)&pageToken=\(next)"
        }
        #expect(seen == ids)
    }

    @Test func `more than 2500 a page is clamped and less than one refused`() {
        #expect(list("maxResults=100000").status == 200)
        #expect(list("maxResults=0").reason == "invalidParameter")
        #expect(list("maxResults=many").location == "maxResults")
    }

    @Test func `an event that is changed between pages is not lost`() {
        let ids = (0..<4).map { local.event("Event \($0)") }
        let first = list("maxResults=2")
        _ = local.call("PATCH", "calendars/primary/events/\(ids[3])", ["summary": "Changed"])
        _ = local.call("DELETE", "calendars/primary/events/\(ids[0])")
        let second = list("maxResults=2&pageToken=\(first["nextPageToken"]?.string ?? "")")
        #expect(second.ids == [ids[2], ids[3]])
        let delta = list("syncToken=\(second["nextSyncToken"]?.string ?? "")")
        #expect(delta.ids.sorted() == [ids[0], ids[3]].sorted())
    }

    @Test func `a page token with other parameters is refused`() {
        for number in 0..<3 { _ = local.event("Event \(number)") }
        let token = list("maxResults=1")["nextPageToken"]?.string ?? ""
        let answer = list("maxResults=1&q=event&pageToken=\(token)")
        #expect(answer.status == 400)
        #expect(answer.location == "pageToken")
        #expect(list("pageToken=nonsense").status == 400)
    }

    @Test func `the window is open at both ends`() {
        let inside = local.event("Inside", at: "2026-11-10T10:00:00Z")
        let window = { (from: String, to: String) in
            self.list("timeMin=\(from)&timeMax=\(to)").ids
        }
        #expect(window("2026-11-10T10:30:00Z", "2026-11-10T10:40:00Z") == [inside])
        #expect(window("2026-11-10T11:00:00Z", "2026-11-10T12:00:00Z") == [])
        #expect(window("2026-11-10T09:00:00Z", "2026-11-10T10:00:00Z") == [])
        #expect(window("2026-11-10T10:59:59Z", "2026-11-10T12:00:00Z") == [inside])
    }

    @Test func `milliseconds of the window are not looked at`() {
        let inside = local.event("Inside", at: "2026-11-10T10:00:00Z")
        #expect(list("timeMax=2026-11-10T10:00:00.999Z").ids == [])
        #expect(list("timeMax=2026-11-10T10:00:01.000Z").ids == [inside])
        #expect(list("timeMin=2026-11-10T10:59:59.999Z").ids == [inside])
        #expect(list("timeMin=2026-11-10T11:00:00.001Z").ids == [])
    }

    @Test func `days begin at midnight of the calendar's zone`() {
        let body: JSON = ["start": ["date": "2026-11-10"], "end": ["date": "2026-11-11"]]
        _ = local.call("POST", "calendars/primary/events", body)
        #expect(list("timeMax=2026-11-09T23:00:00Z").items.isEmpty)
        #expect(list("timeMax=2026-11-09T23:00:01Z").items.count == 1)
        #expect(list("timeMin=2026-11-10T22:59:59Z").items.count == 1)
        #expect(list("timeMin=2026-11-10T23:00:00Z").items.isEmpty)
    }

    @Test func `an empty window and times without offset are refused`() {
        let empty = list("timeMin=2026-11-10T10:00:00Z&timeMax=2026-11-10T10:00:00Z")
        #expect(empty.status == 400)
        #expect(empty.domain == "calendar")
        #expect(empty.reason == "timeRangeEmpty")
        #expect(empty.location == "timeMax")
        for name in ["timeMin", "timeMax", "updatedMin"] {
            let answer = list("\(name)=2026-11-10T10:00:00")
            #expect(answer.status == 400)
            #expect(answer.reason == "badRequest")
            #expect(answer.message == "Bad Request")
        }
    }

    @Test func `startTime needs single events`() {
        let answer = list("orderBy=startTime")
        #expect(answer.status == 400)
        #expect(answer.reason == "invalid")
        #expect(answer.location == "orderBy")
        #expect(
            answer.message
                == "The requested ordering is not available for the particular query.")
        #expect(list("orderBy=size").reason == "invalidParameter")
    }

    @Test func `orders are by start and by last change, page by page`() {
        let late = local.event("Late", at: "2026-11-12T10:00:00Z")
        let early = local.event("Early", at: "2026-11-10T10:00:00Z")
        local.clock.advance(seconds: 5)
        let middle = local.event("Middle", at: "2026-11-11T10:00:00Z")
        local.clock.advance(seconds: 5)
        _ = local.call("PATCH", "calendars/primary/events/\(late)", ["summary": "Later"])
        func walk(_ query: String) -> [String] {
            var ids: [String] = []
            var token = ""
            for _ in 0..<5 {
                let page = list(query + "&maxResults=1" + token)
                ids += page.ids
                guard let next = page["nextPageToken"]?.string else { break }
                token = "&pageToken=\(next)"
            }
            return ids
        }
        #expect(walk("orderBy=startTime&singleEvents=true") == [early, middle, late])
        #expect(walk("orderBy=updated") == [early, middle, late])
    }

    @Test(arguments: [
        ("pump", 1), ("PUMP insp", 1), ("umps", 0), ("pump nowhere", 0), ("curie", 1),
        ("valve", 1), ("bob", 1), ("bob@example.net", 1), ("ada@", 1), ("déjeuner", 0),
        ("example", 1),
    ])
    func `a search finds beginnings of words in text, place and people`(words: String, count: Int) {
        _ = local.event(
            "Pump inspection",
            [
                "location": "Room Curie", "description": "Check the <b>valve</b>",
                "attendees": [["email": "bob@example.net", "displayName": "Bob"]],
            ])
        #expect(list("q=\(PercentCoding.encode(words))").items.count == count)
    }

    @Test func `extended properties must all match`() {
        _ = local.event("A", ["extendedProperties": ["private": ["k": "1", "m": "2"]]])
        _ = local.event(
            "B", ["extendedProperties": ["private": ["k": "1"], "shared": ["s": "x=y"]]])
        #expect(list("privateExtendedProperty=k%3D1").items.count == 2)
        #expect(
            list("privateExtendedProperty=k%3D1&privateExtendedProperty=m%3D2").items.count == 1)
        #expect(list("sharedExtendedProperty=s%3Dx%3Dy").items.count == 1)
        #expect(list("sharedExtendedProperty=k%3D1").items.isEmpty)
        #expect(list("privateExtendedProperty=novalue").status == 400)
    }

    @Test func `event types and iCalUIDs can be asked for`() {
        let plain = local.event("A", ["iCalUID": "u@example.com"])
        let focus = local.event("B", ["eventType": "focusTime"])
        #expect(list("eventTypes=focusTime").ids == [focus])
        #expect(list("eventTypes=focusTime&eventTypes=default").items.count == 2)
        #expect(list("iCalUID=u%40example.com").ids == [plain])
    }

    @Test func `deleted events show only where asked for`() {
        let id = local.event("A")
        _ = local.call("DELETE", "calendars/primary/events/\(id)")
        #expect(list("").items.isEmpty)
        let shown = list("showDeleted=true")
        #expect(shown.ids == [id])
        #expect(shown.items.first?["status"] == "cancelled")
        #expect(shown.items.first?["summary"] == nil)
    }

    @Test func `updatedMin brings changes and deletions since then`() {
        let old = local.event("Old")
        let gone = local.event("Gone")
        local.clock.advance(seconds: 100)
        let fresh = local.event("Fresh")
        _ = local.call("DELETE", "calendars/primary/events/\(gone)")
        let answer = list("updatedMin=2026-11-09T08:00:50Z")
        #expect(Set(answer.ids) == [fresh, gone])
        #expect(!answer.ids.contains(old))
        #expect(answer["nextSyncToken"] == nil)
    }

    @Test func `updatedMin reaches back 28 days`() {
        #expect(list("updatedMin=2026-10-12T08:00:00Z").status == 200)
        let answer = list("updatedMin=2026-10-12T07:59:59Z")
        #expect(answer.status == 410)
        #expect(answer.domain == "calendar")
        #expect(answer.reason == "updatedMinTooLongAgo")
        #expect(answer.location == "updatedMin")
    }

    @Test(arguments: ["eventTypes=party", "eventTypes=default&eventTypes=Default"])
    func `an unknown event type is refused`(query: String) {
        let answer = list(query)
        #expect(answer.status == 400)
        #expect(answer.location == "eventTypes")
    }

    @Test func `invitations without an answer can be hidden`() {
        let seed = json(
            #"""
            {"users":[{"email":"ada@example.com",
              "settings":[{"id":"hideInvitations","value":"true"}]}]}
            """#)
        let before = local.event(
            "Asked", as: "grace", ["attendees": [["email": "ada@example.com"]]])
        let mine = local.event("Mine")
        #expect(Set(list("").ids) == [before, mine])
        #expect(local.control("POST", "seed", seed).status == 200)
        #expect(list("").ids == [mine])
        #expect(Set(list("showHiddenInvitations=true").ids) == [before, mine])
        let token = list("")["nextSyncToken"]?.string ?? ""
        let own = json(
            #"""
            {"attendeesOmitted":true,
             "attendees":[{"email":"ada@example.com","responseStatus":"accepted"}]}
            """#)
        _ = local.call("PATCH", "calendars/primary/events/\(before)", own)
        #expect(list("syncToken=\(token)").items.map { $0["status"] } == ["confirmed"])
        #expect(Set(list("").ids) == [before, mine])
    }

    @Test func `alwaysIncludeEmail is ignored and addresses are always there`() {
        let id = local.event("One", ["attendees": [["email": "bob@example.net"]]])
        let answer = local.get("calendars/primary/events/\(id)?alwaysIncludeEmail=whatever")
        #expect(answer.status == 200)
        #expect(answer["attendees"]?[0]?["email"] == "bob@example.net")
    }

    @Test func `a calendar's id is compared without case`() {
        let id = local.event("One")
        for name in ["Ada%40Example.com", "ADA%40EXAMPLE.COM"] {
            #expect(local.get("calendars/\(name)/events").ids == [id])
            #expect(local.get("users/me/calendarList/\(name)")["primary"] == true)
        }
    }

    @Test func `the zone of a listing moves offsets and leaves the window alone`() {
        let id = local.event("One", at: "2026-11-10T10:00:00+01:00")
        let answer = list("timeZone=Asia/Kolkata&timeMax=2026-11-10T09:00:01Z")
        #expect(answer.ids == [id])
        #expect(answer["timeZone"] == "Asia/Kolkata")
        #expect(answer.items.first?["start"]?["dateTime"] == "2026-11-10T14:30:00+05:30")
        #expect(list("timeZone=Mars/Base").location == "timeZone")
        let body: JSON = ["summary": "Two"]
        let written = local.call(
            "PATCH", "calendars/primary/events/\(id)?timeZone=Asia/Kolkata", body)
        #expect(written["start"]?["dateTime"] == "2026-11-10T10:00:00+01:00")
    }

    @Test func `updatedMin shows what was deleted whatever else is asked`() {
        let id = local.event("Gone")
        local.clock.advance(seconds: 60)
        _ = local.call("DELETE", "calendars/primary/events/\(id)")
        for query in ["", "&showDeleted=false", "&singleEvents=true", "&orderBy=updated"] {
            let answer = list("updatedMin=2026-11-09T08:00:30Z" + query)
            #expect(answer.items.map { $0["status"] } == ["cancelled"])
        }
    }
}
