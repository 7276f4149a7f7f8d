import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Reads that are behind the writes.
@Suite struct ReadLagTests {
    let local = Local()
    private let list = "calendars/primary/events"

    private func summary(_ id: String) -> String? {
        local.get("\(list)/\(id)")["summary"]?.string
    }

    @Test func `a write is seen after its seconds, by lists and by single reads`() throws {
        let id = local.event("Old")
        try local.google.setReadLag(.seconds(10))
        let old = local.get("\(list)/\(id)")["etag"]
        let answer = local.call("PATCH", "\(list)/\(id)", ["summary": "New"])
        #expect(answer["summary"] == "New")
        let second = local.event("Second")
        #expect(summary(id) == "Old")
        #expect(local.get("\(list)/\(second)").status == 404)
        #expect(local.get(list).ids == [id])
        local.clock.advance(seconds: 9)
        #expect(local.get("\(list)/\(id)")["etag"] == old)
        local.clock.advance(seconds: 1)
        #expect(local.get("\(list)/\(id)").json == answer.json)
        #expect(local.get(list).ids == [id, second])
    }

    @Test func `a write is seen after so many reads`() throws {
        try local.google.setReadLag(.reads(2))
        let id = local.event("One")
        #expect(local.get(list).ids == [])
        #expect(local.get("\(list)/\(id)").status == 404)
        #expect(local.get("\(list)/\(id)").status == 200)
        #expect(local.call("DELETE", "\(list)/\(id)").status == 204)
        #expect((0..<3).map { _ in local.get(list).ids.count } == [1, 1, 0])
    }

    @Test func `writes know the present: a stale etag is refused`() throws {
        let id = local.event("One")
        try local.google.setReadLag(.seconds(60))
        _ = local.call("PATCH", "\(list)/\(id)", ["summary": "Two"])
        let stale = local.get("\(list)/\(id)")["etag"]?.string ?? ""
        let answer = local.call(
            "PATCH", "\(list)/\(id)", ["summary": "Three"], headers: [("If-Match", stale)])
        #expect(answer.status == 412)
    }

    @Test func `no delta loses a write, whether its cursor is behind or not`() throws {
        _ = local.event("Before")
        try local.google.setReadLag(.reads(1))
        var cursor = local.get(list)["nextSyncToken"]?.string ?? ""
        var seen: [String] = []
        var made: [String] = []
        for number in 0..<30 {
            made.append(local.event("Event \(number)"))
            let delta = local.get("\(list)?syncToken=\(cursor)")
            seen += delta.ids
            cursor = delta["nextSyncToken"]?.string ?? ""
            if number == 20 { try local.google.setReadLag(nil) }
        }
        seen += local.get("\(list)?syncToken=\(cursor)").ids
        #expect(seen == made)
    }

    @Test func `what comes later is the very state that the writes left`() throws {
        try local.google.setReadLag(.seconds(5))
        let series = local.event(
            "Series",
            [
                "start": ["dateTime": "2026-11-10T10:00:00Z", "timeZone": "UTC"],
                "end": ["dateTime": "2026-11-10T11:00:00Z", "timeZone": "UTC"],
                "recurrence": ["RRULE:FREQ=DAILY;COUNT=3"],
                "attendees": [["email": "grace@example.com"]],
            ])
        local.clock.advance(seconds: 1)
        _ = local.call("PATCH", "\(list)/\(series)_20261111T100000Z", ["summary": "Exception"])
        _ = local.call("POST", "calendars", ["summary": "Another"])
        _ = local.call("POST", "\(list)/quickAdd?text=Lunch%20at%2012:00")
        local.clock.advance(seconds: 5)
        let paths = [
            list, "\(list)?singleEvents=true", "users/me/calendarList", "calendars/primary/acl",
        ]
        let behind = paths.map { local.get($0).text }
        let guest = local.get(list, as: "grace").text
        try local.google.setReadLag(nil)
        #expect(behind == paths.map { local.get($0).text })
        #expect(guest == local.get(list, as: "grace").text)
    }

    @Test func `a conference that is made meanwhile ends no lag, and is seen as late`() throws {
        let local = Local { $0.switches.conferenceCreation = .pending }
        try local.google.setReadLag(.seconds(60))
        let request = json(
            #"""
            {"conferenceData":{"createRequest":{"requestId":"r1",
              "conferenceSolutionKey":{"type":"hangoutsMeet"}}}}
            """#)
        let id = local.event("Call")
        let path = "\(list)/\(id)"
        _ = local.call("PATCH", path + "?conferenceDataVersion=1", request)
        local.clock.advance(seconds: 10)
        let later = local.event("Later")
        #expect(local.get(list).ids == [])
        local.clock.advance(seconds: 50)
        #expect(local.get(list).ids == [id])
        let status = local.get(path)["conferenceData"]?["createRequest"]?["status"]
        #expect(status?["statusCode"] == "pending")
        local.clock.advance(seconds: 10)
        #expect(local.get(list).ids == [id, later])
        let behind = local.get(path).text
        try local.google.setReadLag(nil)
        #expect(local.get(path).text == behind)
        #expect(local.get(path)["hangoutLink"] != nil)
    }

    @Test func `a write is done again for who sent it then, whatever became of the token`() throws {
        let token = try local.google.accessToken(for: "ada@example.com")
        try local.google.setReadLag(.seconds(60))
        let answer = local.send(
            "POST", "/calendar/v3/\(list)/quickAdd?text=Tea%20at%2012:00",
            headers: [("Authorization", "Bearer \(token)")])
        #expect(answer.status == 200)
        #expect(local.send("POST", "/revoke?token=\(token)").status == 200)
        local.clock.advance(seconds: 60)
        #expect(local.get(list).ids == [answer["id"]?.string])
    }

    @Test func `commands are seen at once, and everything before with them`() throws {
        try local.google.setReadLag(.seconds(60))
        let id = local.event("One")
        #expect(local.get(list).ids == [])
        _ = local.control("POST", "churn", [:])
        #expect(local.get(list).ids == [id])
        let second = local.event("Two")
        #expect(local.get(list).ids == [id])
        try local.google.addUser("new@example.com")
        #expect(local.get(list).ids == [id, second])
        let token = try local.google.accessToken(for: "new@example.com")
        let answer = local.send(
            "GET", "/calendar/v3/" + list, headers: [("Authorization", "Bearer \(token)")])
        #expect(answer.status == 200)
    }

    @Test func `signing in and asking without rights make nothing visible`() throws {
        try local.google.setReadLag(.seconds(60))
        _ = local.event("One")
        let token = try local.google.accessToken(for: "ada@example.com")
        let answer = local.send(
            "GET", "/calendar/v3/" + list, headers: [("Authorization", "Bearer \(token)")])
        #expect(answer.status == 200)
        #expect(answer.items == [])
        #expect(local.send("GET", "/calendar/v3/" + list).status == 403)
        #expect(local.get(list).items == [])
    }

    @Test func `parts of a batch are writes and reads like any other`() throws {
        try local.google.setReadLag(.seconds(60))
        let insert = "POST /calendar/v3/\(list)/quickAdd?text=Tea%20at%2012:00"
        let parts = [insert, "GET /calendar/v3/\(list)"].map {
            "--b\r\nContent-Type: application/http\r\n\r\n\($0)\r\n\r\n"
        }
        let answer = local.send(
            "POST", "/batch/calendar/v3",
            headers: [
                ("Content-Type", "multipart/mixed; boundary=b"),
                ("Authorization", "Bearer token-ada"),
            ], body: parts.joined() + "--b--")
        #expect(answer.text.contains("\"items\": []"))
        #expect(local.get(list).items == [])
        local.clock.advance(seconds: 60)
        #expect(local.get(list).items.count == 1)
    }

    @Test func `too many writes that wait are seen early`() throws {
        try local.google.setReadLag(.seconds(1_000_000))
        let calendar = "calendars/primary"
        for number in 0..<(LaggingCopy.maxWaiting + 3) {
            _ = local.call("PATCH", calendar, ["description": .string("\(number)")])
        }
        #expect(local.get(calendar)["description"] == "2")
        #expect(
            local.control("GET", "lag").items == [
                ["api": "calendar", "seconds": 1_000_000, "waiting": 10_000]
            ])
    }

    @Test(arguments: ["oauth", "people", "mail"])
    func `an API of which nothing is read late is refused with those that can lag`(api: String) {
        let answer = local.control("POST", "lag", ["api": .string(api), "reads": 1])
        #expect(answer.status == 400)
        #expect(answer["error"]?["code"] == "invalidCommand")
        #expect(answer.message?.contains("for calendar only") == true)
        #expect(local.control("GET", "lag").items == [])
        #expect(throws: LocalGoogleError.self) {
            try local.google.setReadLag(.reads(1), api: api)
        }
    }

    @Test func `lag is set, listed and lifted by command, and a reset lifts it`() {
        #expect(local.control("POST", "lag", ["reads": 5]).status == 200)
        _ = local.event("One")
        #expect(local.get(list).ids == [])
        #expect(
            local.control("GET", "lag").items == [["api": "calendar", "reads": 5, "waiting": 1]])
        #expect(local.control("DELETE", "lag/drive").status == 404)
        #expect(local.control("DELETE", "lag/calendar").status == 204)
        #expect(local.get(list).ids.count == 1)
        _ = local.control("POST", "lag", ["seconds": 5])
        _ = local.control("POST", "reset")
        #expect(local.control("GET", "lag").items == [])
        for body: JSON in [
            [:], ["seconds": 0], ["seconds": 1, "reads": 1], ["reads": 1, "api": "mail"],
            ["reads": -1], ["reads": 1_000_001],
        ] {
            #expect(local.control("POST", "lag", body).status == 400)
        }
    }
}
