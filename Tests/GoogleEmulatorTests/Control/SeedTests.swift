import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Planting accounts, calendars and events.
@Suite struct SeedTests {
    let local = Local()

    @Test func `accounts, settings, calendars, rules and events are planted`() {
        let seed = json(
            #"""
            {"accounts":[
               {"email":"mary@example.com","name":"Mary Somerville",
                "settings":[{"id":"timezone","value":"Europe/London"},
                            {"id":"weekStart","value":"0"}]}, "emil@example.com"],
             "calendars":[
               {"owner":"mary@example.com","summary":"Lab","timeZone":"Asia/Kolkata",
                "colorId":"7","subscribers":["ada@example.com"],
                "acl":[{"scope":{"type":"user","value":"ada@example.com"},"role":"writer"}],
                "events":[{"id":"seeded1","summary":"Seeded","start":{"date":"2026-11-10"},
                           "end":{"date":"2026-11-11"}}]},
               {"owner":"ada@example.com","events":[
                 {"iCalUID":"x@example.net","summary":"Foreign",
                  "organizer":{"email":"boss@example.net"},
                  "start":{"date":"2026-11-10"},"end":{"date":"2026-11-11"}}]}]}
            """#)
        #expect(local.control("POST", "seed", seed).status == 200)
        #expect(local.google.users.contains("emil@example.com"))
        let lab = titled("Lab", in: local.get("users/me/calendarList").items)
        #expect(lab?["accessRole"] == "writer")
        #expect(lab?["timeZone"] == "Asia/Kolkata")
        let id = PercentCoding.encode(lab?["id"]?.string ?? "")
        #expect(local.get("calendars/\(id)/events").ids == ["seeded1"])
        let foreign = local.get("calendars/primary/events").items.first
        #expect(foreign?["organizer"] == ["email": "boss@example.net"])
    }

    @Test func `it is told what was planted, and for whom`() {
        _ = local.event("There already")
        let first = local.control(
            "POST", "seed", ["generate": ["user": "carl@exmaple.com", "events": 3]])
        #expect(
            first["planted"]
                == ["events": 3, "calendars": 1, "accounts": ["carl@exmaple.com"]])
        #expect(first["events"] == 4)
        let second = local.control("POST", "seed", ["accounts": ["carl@exmaple.com"]])
        #expect(second["planted"] == ["events": 0, "calendars": 0, "accounts": []])
    }

    @Test func `settings are the user's, and a new calendar begins in the user's zone`() throws {
        let seed = json(
            #"""
            {"accounts":[{"email":"mary@example.com","settings":[
              {"kind":"calendar#setting","id":"timezone","value":"Europe/London"}]}]}
            """#)
        #expect(local.control("POST", "seed", seed).status == 200)
        let token = try local.google.accessToken(for: "mary@example.com")
        func get(_ path: String) -> Answer {
            local.send(
                "GET", "/calendar/v3/" + path, headers: [("Authorization", "Bearer \(token)")])
        }
        #expect(get("users/me/settings/timezone")["value"] == "Europe/London")
        #expect(get("calendars/primary")["timeZone"] == "Europe/London")
    }

    @Test func `what Google answered can be planted elsewhere and is the same there`() throws {
        let source = Local(content: .sample)
        let list = source.get("calendars/primary/events?maxResults=2500")
        #expect(list.items.count > 50)
        #expect(list.items.contains { $0["status"] == "cancelled" })
        let target = Local()
        let seed: JSON = [
            "calendars": [
                [
                    "owner": "ada@example.com", "timeZone": "Europe/Paris",
                    "events": .array(list.items),
                ]
            ]
        ]
        let answer = target.control("POST", "seed", seed)
        #expect(answer.status == 200, "\(answer.text)")
        let planted = target.get("calendars/primary/events?maxResults=2500").items
        #expect(planted.count == list.items.count)
        for event in list.items {
            let id = event["id"]
            var twin = try #require(planted.first { $0["id"] == id }?.object)
            var original = try #require(event.object)
            twin.removeValue(forKey: "etag")
            original.removeValue(forKey: "etag")
            #expect(JSON.object(twin) == JSON.object(original))
        }
    }

    @Test func `ids that only Google gives are kept, and exceptions stay with their series`() {
        let seed = json(
            #"""
            {"calendars":[{"owner":"ada@example.com","events":[
              {"id":"base_R20261110T090000_20261111T090000Z","recurringEventId":"base_R20261110T090000",
               "originalStartTime":{"dateTime":"2026-11-11T09:00:00Z"},"summary":"Later",
               "start":{"dateTime":"2026-11-11T12:00:00Z"},"end":{"dateTime":"2026-11-11T13:00:00Z"}},
              {"status":"cancelled","recurringEventId":"base_R20261110T090000",
               "originalStartTime":{"dateTime":"2026-11-12T09:00:00Z"}},
              {"id":"base_R20261110T090000","summary":"Daily","recurrence":["RRULE:FREQ=DAILY;COUNT=4"],
               "created":"2020-01-02T03:04:05.678Z","updated":"2021-01-02T03:04:05.678Z",
               "start":{"dateTime":"2026-11-10T09:00:00Z","timeZone":"UTC"},
               "end":{"dateTime":"2026-11-10T10:00:00Z","timeZone":"UTC"}}]}]}
            """#)
        let answer = local.control("POST", "seed", seed)
        #expect(answer.status == 200, "\(answer.text)")
        let instances = local.get(
            "calendars/primary/events/base_R20261110T090000/instances?timeZone=UTC")
        #expect(
            instances.items.compactMap { $0["start"]?["dateTime"]?.string }.sorted() == [
                "2026-11-10T09:00:00Z", "2026-11-11T12:00:00Z", "2026-11-13T09:00:00Z",
            ])
        let master = local.get("calendars/primary/events/base_R20261110T090000")
        #expect(master["created"] == "2020-01-02T03:04:05.678Z")
        #expect(master["updated"] == "2021-01-02T03:04:05.678Z")
        #expect(
            local.get("calendars/primary/events").ids.contains(
                "base_R20261110T090000_20261111T090000Z"))
    }

    @Test func `the marks of events that Google answered stay, whatever clients say of them`() {
        let seed = json(
            #"""
            {"calendars":[{"owner":"ada@example.com","events":[
              {"id":"open1","endTimeUnspecified":true,"locked":true,
               "start":{"date":"2026-11-10"},"end":{"date":"2026-11-11"}},
              {"id":"large1","attendeesOmitted":true,"organizer":{"email":"boss@example.net"},
               "attendees":[{"email":"ada@example.com"},{"email":"bob@example.net"}],
               "start":{"date":"2026-11-10"},"end":{"date":"2026-11-11"}},
              {"id":"plain1","endTimeUnspecified":false,"locked":false,"attendeesOmitted":false,
               "start":{"date":"2026-11-10"},"end":{"date":"2026-11-11"}}]}]}
            """#)
        #expect(local.control("POST", "seed", seed).status == 200)
        func event(_ id: String, _ patch: JSON? = nil) -> Answer {
            local.call(patch == nil ? "GET" : "PATCH", "calendars/primary/events/\(id)", patch)
        }
        #expect(event("open1")["endTimeUnspecified"] == true)
        #expect(event("open1")["locked"] == true)
        #expect(event("large1")["attendeesOmitted"] == true)
        for mark in ["endTimeUnspecified", "locked", "attendeesOmitted"] {
            #expect(event("plain1")[mark] == nil)
        }
        #expect(event("open1", ["locked": false, "summary": "Open"])["locked"] == true)
        #expect(event("plain1", ["locked": true, "summary": "Plain"])["locked"] == nil)
        #expect(event("plain1", ["attendeesOmitted": true])["attendeesOmitted"] == nil)
        let colour = event("large1", ["colorId": "3"])
        #expect(colour["attendees"]?.array?.count == 2)
        let own: JSON = [["email": "ada@example.com", "responseStatus": "accepted"]]
        let answer = event("large1", ["attendees": own, "attendeesOmitted": true])
        #expect(answer["attendees"]?.array?.count == 2)
        #expect(answer["attendees"]?[0]?["responseStatus"] == "accepted")
        #expect(answer["attendeesOmitted"] == true)
    }

    @Test func `guests here get their copies, and nobody a mail`() {
        let seed = json(
            #"""
            {"calendars":[
              {"owner":"ada@example.com","events":[{"id":"dinner","summary":"Dinner",
                "attendees":[{"email":"grace@example.com"}],
                "start":{"date":"2026-11-10"},"end":{"date":"2026-11-11"}}]}]}
            """#)
        #expect(local.control("POST", "seed", seed).status == 200)
        let copy = local.get("calendars/primary/events/dinner", as: "grace")
        #expect(copy["organizer"]?["email"] == "ada@example.com")
        #expect(local.google.mails == 0)
    }

    @Test func `guests of a planted series miss the instances that are no more theirs`() {
        let seed = json(
            #"""
            {"calendars":[{"owner":"ada@example.com","events":[
              {"recurringEventId":"weekly","originalStartTime":{"date":"2026-11-17"},
               "summary":"Without Grace","start":{"date":"2026-11-17"},"end":{"date":"2026-11-18"}},
              {"status":"cancelled","recurringEventId":"weekly",
               "originalStartTime":{"date":"2026-11-24"}},
              {"id":"weekly","summary":"Weekly","recurrence":["RRULE:FREQ=WEEKLY;COUNT=4"],
               "attendees":[{"email":"grace@example.com"}],
               "start":{"date":"2026-11-10"},"end":{"date":"2026-11-11"}}]}]}
            """#)
        let answer = local.control("POST", "seed", seed)
        #expect(answer.status == 200, "\(answer.text)")
        let days = ["10", "17", "24"].map { "weekly_202611\($0)" } + ["weekly_20261201"]
        let all = "calendars/primary/events?singleEvents=true&orderBy=startTime"
        #expect(local.get(all).ids == [days[0], days[1], days[3]])
        #expect(local.get(all, as: "grace").ids == [days[0], days[3]])
    }

    static let refused = [
        ("[]", "must be a JSON object"), ("{\"calender\":[]}", "calender is unknown"),
        ("{\"users\":[{}]}", "users[0].email"), ("{\"users\":5}", "users must be an array"),
        ("{\"accounts\":[\"x\"]}", "accounts[0]"),
        ("{\"accounts\":[{\"email\":\"a@b\",\"nick\":1}]}", "accounts[0].nick is unknown"),
        (
            "{\"accounts\":[{\"email\":\"a@b\",\"settings\":[{\"id\":\"x\",\"value\":\"1\"}]}]}",
            "accounts[0].settings[0].id"
        ),
        ("{\"groups\":[{}]}", "groups[0].email"),
        ("{\"groups\":[{\"email\":\"a@b\",\"members\":[\"x\"]}]}", "groups[0].members[0]"),
        ("{\"calendars\":[{\"acl\":[{}]}]}", "calendars[0].acl[0].role"),
        (
            "{\"calendars\":[{\"acl\":[{\"role\":\"reader\",\"scope\":{\"type\":\"user\"}}]}]}",
            "calendars[0].acl[0].scope.value"
        ),
        (
            "{\"calendars\":[{\"summary\":\"A\",\"timeZone\":\"Mars/Base\"}]}",
            "calendars[0].timeZone"
        ),
        ("{\"calendars\":[{\"evnets\":[]}]}", "calendars[0].evnets is unknown"),
        ("{\"calendars\":[{\"colorId\":\"99\"}]}", "calendars[0]: "),
        (
            "{\"calendars\":[{},{\"events\":[{\"summary\":\"no times\"}]}]}",
            "calendars[1].events[0]: Google would refuse this event: Missing end time."
        ),
        ("{\"calendars\":[{\"events\":[5]}]}", "calendars[0].events[0] must be a JSON object"),
        (
            "{\"calendars\":[{\"events\":[{\"id\":\"gone\",\"status\":\"cancelled\"}]}]}",
            "calendars[0].events[0]"
        ),
        ("{\"calendars\":[{\"subscribers\":[\"x\"]}]}", "calendars[0].subscribers[0]"),
        ("{\"generate\":{\"events\":-1}}", "generate.events"),
        ("{\"generate\":[{\"events\":5,\"calendars\":0}]}", "generate[0].calendars"),
        ("{\"generate\":{}}", "generate.events"),
    ]

    @Test(arguments: refused)
    func `a bad seed is refused with the way to what is wrong`(text: String, says: String) {
        let answer = local.control("POST", "seed", json(text))
        #expect(answer.status == 400)
        let message = answer["error"]?["message"]?.string ?? ""
        #expect(message.contains(says), "\(message)")
    }

    @Test func `a seed that is wrong at its end leaves nothing behind`() throws {
        let local = Local(content: .sample)
        let cursor = local.get("calendars/primary/events?maxResults=2500")["nextSyncToken"]
        let before = local.google.snapshot()
        let seed = json(
            #"""
            {"accounts":[{"email":"new@example.com"},{"email":"ada@example.com","name":"Other",
              "settings":[{"id":"locale","value":"fr"}]}],
             "groups":[{"email":"team@example.com","members":["ada@example.com"]}],
             "calendars":[
              {"owner":"ada@example.com","timeZone":"Asia/Tokyo","colorId":"3",
               "acl":[{"scope":{"type":"default"},"role":"reader"}],
               "subscribers":["grace@example.com"],
               "events":[{"id":"first","start":{"date":"2026-11-10"},"end":{"date":"2026-11-11"},
                          "attendees":[{"email":"grace@example.com"}]}]},
              {"owner":"new@example.com","summary":"Theirs","events":[{"summary":"no times"}]}],
             "generate":{"events":5}}
            """#)
        let answer = local.control("POST", "seed", seed)
        #expect(answer.status == 400)
        #expect(local.google.snapshot() == before)
        #expect(!local.google.users.contains("new@example.com"))
        let token = PercentCoding.encode(cursor?.string ?? "")
        let delta = local.get("calendars/primary/events?syncToken=\(token)")
        #expect(delta.status == 200)
        #expect(delta.items.isEmpty)
    }

    @Test func `events are generated on demand`() {
        let seed: JSON = ["generate": ["events": 50, "calendars": 3, "seed": 9]]
        #expect(local.control("POST", "seed", seed).status == 200)
        #expect(local.google.counters["events"] == 50)
        #expect(local.get("users/me/calendarList").items.count == 3)
        let more: JSON = ["generate": [["events": 5], ["events": 7, "user": "grace@example.com"]]]
        #expect(local.control("POST", "seed", more).status == 200)
        #expect(local.google.counters["events"] == 62)
    }

    @Test func `data of the start are there again after a reset`() throws {
        let clock = StillClock()
        let data = json(
            #"""
            {"calendars":[{"owner":"ada@example.com","events":[{"summary":"Planted",
              "start":{"date":"2026-11-10"},"end":{"date":"2026-11-11"}}]}]}
            """#)
        let google = try LocalGoogle(
            configuration: .init(), data: data, now: { clock.now }, seed: 3)
        let begun = google.snapshot()
        try google.seed(["generate": ["events": 5]])
        clock.advance(seconds: 1000)
        google.reset()
        // All but which past the tokens speak of: none that was given out before holds.
        #expect(google.snapshot().removing("timeline") == begun.removing("timeline"))
        #expect(google.snapshot()["timeline"] != begun["timeline"])
        #expect(google.clock == clock.now)
        #expect(throws: LocalGoogleError.self) {
            _ = try LocalGoogle(
                configuration: .init(), data: ["calendars": 5], now: { clock.now }, seed: 3)
        }
    }
}

extension JSON {
    fileprivate func removing(_ name: String) -> JSON {
        var copy = self
        copy[name] = nil
        return copy
    }
}
