import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Seeds of calendars are held to what requests are held to.
@Suite struct SeedCheckTests {
    let local = Local()

    private func plant(_ calendar: String) -> Answer {
        local.control("POST", "seed", ["calendars": [json(calendar)]])
    }

    static let refused = [
        #"{"workingHours":{"workingHoursEnabled":"yes"}}"#, #"{"autoAcceptInvitations":"yes"}"#,
        #"{"conferenceProperties":{"allowedConferenceSolutionTypes":["carrier pigeon"]}}"#,
        #"{"labelProperties":{"eventLabels":[{"name":"no colour"}]}}"#,
        #"{"acl":[{"role":"reader","scope":{"type":"user","value":"nobody"}}]}"#,
        #"{"acl":[{"role":"reader","scope":{"type":"group","value":"example.com"}}]}"#,
        #"{"acl":[{"role":"none","scope":{"type":"user","value":"ada@example.com"}}]}"#,
    ]

    @Test(arguments: refused)
    func `what a request may not write a seed may not plant`(calendar: String) {
        let before = local.google.snapshot()
        let answer = plant(calendar)
        #expect(answer.status == 400)
        #expect(answer["error"]?["message"]?.string?.contains("calendars[0]") == true)
        #expect(local.google.snapshot() == before)
    }

    /// The answer to a seed of one event with that conference.
    private func plant(conference: String) -> Answer {
        plant(
            #"""
            {"events":[{"id":"oldroom","start":{"date":"2026-11-10"},"end":{"date":"2026-11-11"},
              "conferenceData":\#(conference)}]}
            """#)
    }

    static let entryPoints = [
        "5", #""x""#, #"{"a":1}"#, "[]", "[5]", "[null]", #"[{"entryPointType":5}]"#,
        #"[{"entryPointType":"video"}]"#,
        #"[{"entryPointType":"video","uri":["https://a.example"]}]"#,
    ]

    @Test(arguments: entryPoints)
    func `a conference that no request may write no seed may plant`(points: String) {
        let answer = plant(
            conference: #"""
                {"conferenceSolution":{"key":{"type":"hangoutsMeet"}},"entryPoints":\#(points)}
                """#)
        #expect(answer.status == 400)
        #expect(
            answer["error"]?["message"]?.string?.contains("calendars[0].events[0]") == true)
        #expect(local.get("calendars/primary/events").items.isEmpty)
    }

    @Test func `conferences of former times can be planted as they were`() {
        let conference = #"""
            {"conferenceId":"old","conferenceSolution":{"key":{"type":"eventHangout"}},
             "entryPoints":[{"entryPointType":"video","uri":"https://plus.google.com/hangouts/x"}]}
            """#
        #expect(plant(conference: conference).status == 200)
        let event = local.get("calendars/primary/events/oldroom")
        #expect(event["conferenceData"] == json(conference))
        #expect(plant(conference: "5").status == 400)
    }

    @Test func `a planted label gets an id like any other`() {
        let answer = plant(
            ##"{"labelProperties":{"eventLabels":[{"name":"Work","backgroundColor":"#039be5"}]}}"##)
        #expect(answer.status == 200)
        let labels = local.get("calendars/primary")["labelProperties"]?["eventLabels"]
        #expect(labels?[0]?["id"]?.string?.utf8.count == 36)
    }

    @Test func `an address that may be a user's is no calendar's id`() throws {
        for id in ["late@example.com", "Late@Example.com", "late@calendar.google.com.example"] {
            let answer = plant(#"{"owner":"ada@example.com","id":"\#(id)"}"#)
            #expect(answer.status == 400)
            #expect(answer["error"]?["message"]?.string?.contains("calendars[0].id") == true)
        }
        try local.google.addUser("late@example.com")
        #expect(local.get("calendars/late%40example.com").status == 404)
        for id in ["lab@group.calendar.google.com", "en.uk#holiday@group.v.calendar.google.com"] {
            #expect(plant(#"{"owner":"ada@example.com","id":"\#(id)"}"#).status == 200)
            #expect(local.get("calendars/\(PercentCoding.encode(id))")["id"]?.string == id)
        }
    }

    @Test func `an account's address names the account's own calendar`() {
        let answer = plant(#"{"owner":"grace@example.com","id":"grace@example.com","colorId":"3"}"#)
        #expect(answer.status == 200)
        #expect(local.get("users/me/calendarList/primary", as: "grace")["colorId"] == "3")
    }

    @Test func `a new zone of a user's settings is a change of the user's calendar`() {
        let before = local.get("calendars/primary")
        let seed = json(
            #"""
            {"accounts":[{"email":"ada@example.com",
              "settings":[{"id":"timezone","value":"Asia/Tokyo"}]}]}
            """#)
        #expect(local.control("POST", "seed", seed).status == 200)
        let after = local.get("calendars/primary")
        #expect(after["timeZone"] == "Asia/Tokyo")
        #expect(after["etag"] != before["etag"])
    }
}
