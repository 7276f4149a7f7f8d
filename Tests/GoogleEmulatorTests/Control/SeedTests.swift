import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Planting users, calendars and events.
@Suite struct SeedTests {
    let local = Local()

    @Test func `users, calendars, rules and events are planted`() {
        let seed = json(
            #"""
            {"users":[{"email":"mary@example.com","name":"Mary Somerville"},"emil@example.com"],
             "calendars":[
               {"owner":"mary@example.com","summary":"Lab","timeZone":"Asia/Kolkata",
                "subscribers":["ada@example.com"],
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

    static let refused = [
        "{\"users\":[{}]}", "{\"users\":5}", "{\"calendars\":[{\"acl\":[{}]}]}",
        "{\"calendars\":[{\"summary\":\"A\",\"timeZone\":\"Mars/Base\"}]}",
        "{\"calendars\":[{\"events\":[{\"summary\":\"no times\"}]}]}",
        "{\"calendars\":[{\"events\":[5]}]}", "{\"calendars\":[{\"subscribers\":[\"x\"]}]}",
        "{\"generate\":{\"events\":-1}}", "{\"generate\":{\"events\":5,\"calendars\":0}}",
        "{\"generate\":{}}",
    ]

    @Test(arguments: refused)
    func `a bad seed is refused with the reason`(text: String) {
        let answer = local.control("POST", "seed", json(text))
        #expect(answer.status == 400)
        #expect(answer["error"]?["message"]?.string?.isEmpty == false)
    }

    @Test func `events are generated on demand`() {
        let seed: JSON = ["generate": ["events": 50, "calendars": 3, "seed": 9]]
        #expect(local.control("POST", "seed", seed).status == 200)
        #expect(local.google.counters["events"] == 50)
        #expect(local.get("users/me/calendarList").items.count == 3)
    }

    @Test func `a calendar may have been seeded under a later user's address`() {
        let seed = json(#"{"calendars":[{"owner":"ada@example.com","id":"late@example.com"}]}"#)
        #expect(local.control("POST", "seed", seed).status == 200)
        local.google.addUser("late@example.com")
        #expect(local.google.users.contains("late@example.com"))
        #expect(local.get("calendars/late%40example.com")["id"] == "late@example.com")
    }
}
