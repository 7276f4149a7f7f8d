import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Section 10 of the Calendar contract: conferences that are still being made.
@Suite struct PendingConferenceTests {
    private let local = Local {
        $0.switches.conferenceCreation = .pending
        $0.switches.conferencePendingSeconds = 30
    }

    private let request = json(
        #"""
        {"conferenceData":{"createRequest":{"requestId":"r1",
          "conferenceSolutionKey":{"type":"hangoutsMeet"}}}}
        """#)

    private func path(_ id: String) -> String { "calendars/primary/events/\(id)" }

    private func ask(_ id: String, as user: String = "ada") {
        let answer = local.call(
            "PATCH", path(id) + "?conferenceDataVersion=1", request, as: user)
        #expect(status(answer) == "pending")
    }

    private func status(_ event: Answer) -> String? {
        event["conferenceData"]?["createRequest"]?["status"]?["statusCode"]?.string
    }

    @Test func `the conference of an imported event is made`() {
        var body = json(
            #"""
            {"iCalUID":"f@example.net","start":{"date":"2026-11-10"},"end":{"date":"2026-11-11"}}
            """#)
        body["conferenceData"] = request["conferenceData"]
        let event = local.call(
            "POST", "calendars/primary/events/import?conferenceDataVersion=1", body)
        #expect(status(event) == "pending")
        local.clock.advance(seconds: 30)
        #expect(status(local.get(path(event["id"]?.string ?? ""))) == "success")
    }

    @Test func `the conference of a moved event is made where it is, at its time`() {
        let team = local.call("POST", "calendars", ["summary": "Team"])["id"]?.string ?? ""
        let there = PercentCoding.encode(team)
        let id = local.event("One", ["attendees": [["email": "grace@example.com"]]])
        ask(id)
        local.clock.advance(seconds: 20)
        #expect(local.call("POST", path(id) + "/move?destination=\(there)").status == 200)
        local.clock.advance(seconds: 10)
        let moved = local.get("calendars/\(there)/events/\(id)")
        #expect(status(moved) == "success")
        #expect(local.get(path(id), as: "grace")["hangoutLink"] == moved["hangoutLink"])
    }

    @Test func `the conference that a guest asked for is made for all`() {
        let id = local.event(
            "One",
            [
                "guestsCanModify": true,
                "attendees": [["email": "grace@example.com"], ["email": "linus@example.org"]],
            ])
        ask(id, as: "grace")
        #expect(status(local.get(path(id))) == "pending")
        local.clock.advance(seconds: 30)
        let link = local.get(path(id))["hangoutLink"]
        #expect(link != nil)
        for user in ["grace", "linus"] {
            #expect(status(local.get(path(id), as: user)) == "success")
            #expect(local.get(path(id), as: user)["hangoutLink"] == link)
        }
    }

    @Test func `what a guest imports over a copy is made for that copy alone`() {
        let id = local.event("One", ["attendees": [["email": "grace@example.com"]]])
        let mine = local.get(path(id))
        var body: JSON = [:]
        for name in ["iCalUID", "start", "end"] { body[name] = mine[name] }
        body["conferenceData"] = request["conferenceData"]
        let copy = local.call(
            "POST", "calendars/primary/events/import?conferenceDataVersion=1", body, as: "grace")
        #expect(copy["id"]?.string == id)
        local.clock.advance(seconds: 30)
        #expect(status(local.get(path(id), as: "grace")) == "success")
        #expect(local.get(path(id)).json == mine.json)
    }

    private let days = (0..<4).map { "2026111\($0)" }

    /// A series of four whole days, whose conference is asked for.
    private func series(_ more: JSONObject = [:]) -> String {
        var body: JSONObject = [
            "start": ["date": "2026-11-10"], "end": ["date": "2026-11-11"],
            "recurrence": ["RRULE:FREQ=DAILY;COUNT=4"],
        ]
        for member in more { body[member.key] = member.value }
        let id = local.event("Series", body)
        ask(id)
        return id
    }

    @Test(arguments: ["success", "failure"])
    func `an instance that was changed shares what its series gets`(outcome: String) {
        let id = series(["attendees": [["email": "grace@example.com"]]])
        let paths = days.map { path("\(id)_\($0)") }
        // One by the organizer, one that the guest alone colours, one that the guest answers.
        _ = local.call("PATCH", paths[1], ["summary": "Changed"])
        _ = local.call("PATCH", paths[2], ["colorId": "3"], as: "grace")
        let answer: JSON = [
            "attendees": [["email": "grace@example.com", "responseStatus": "accepted"]]
        ]
        _ = local.call("PATCH", paths[3], answer, as: "grace")
        #expect(local.get(paths[1])["summary"] == "Changed")
        #expect(local.get(paths[2], as: "grace")["colorId"] == "3")
        #expect(paths.allSatisfy { status(local.get($0, as: "grace")) == "pending" })
        let done = local.control("POST", "conferences", ["outcome": .string(outcome)])
        #expect(done["completed"] == 1)
        let made = local.get(path(id))
        #expect((made["hangoutLink"] != nil) == (outcome == "success"))
        for (user, one) in ["ada", "grace"].flatMap({ user in paths.map { (user, $0) } }) {
            let instance = local.get(one, as: user)
            #expect(status(instance) == outcome)
            #expect(instance["conferenceData"] == made["conferenceData"])
            #expect(instance["hangoutLink"] == made["hangoutLink"])
        }
    }

    @Test func `an instance that asked by itself gets its own conference, at its own time`() {
        let id = series()
        local.clock.advance(seconds: 20)
        var other = request
        other["conferenceData"]?["createRequest"]?["requestId"] = "r2"
        let one = path("\(id)_20261111")
        let asked = local.call("PATCH", one + "?conferenceDataVersion=1", other)
        #expect(status(asked) == "pending")
        local.clock.advance(seconds: 10)
        #expect(status(local.get(path(id))) == "success")
        #expect(status(local.get(one)) == "pending")
        local.clock.advance(seconds: 20)
        #expect(status(local.get(one)) == "success")
        #expect(local.get(one)["hangoutLink"] != local.get(path(id))["hangoutLink"])
    }

    @Test func `an instance that still waits gets its conference after its series gave it up`() {
        let id = series()
        let one = path("\(id)_20261111")
        _ = local.call("PATCH", one, ["summary": "Changed"])
        let cleared = local.call(
            "PATCH", path(id) + "?conferenceDataVersion=1", ["conferenceData": .null])
        #expect(cleared["conferenceData"] == nil)
        local.clock.advance(seconds: 30)
        #expect(status(local.get(one)) == "success")
        #expect(local.get(path(id))["conferenceData"] == nil)
    }

    @Test func `what comes due first is made first, and what waits is in a snapshot`() throws {
        let (late, early) = (local.event("Late"), local.event("Early"))
        ask(late)
        _ = local.control("POST", "switches", ["conferencePendingSeconds": 10])
        ask(early)
        let other = Local()
        try other.google.restore(local.google.snapshot())
        for one in [local, other] {
            one.clock.advance(seconds: 10)
            #expect(status(one.get(path(early))) == "success")
            #expect(status(one.get(path(late))) == "pending")
            one.clock.advance(seconds: 20)
            #expect(status(one.get(path(late))) == "success")
        }
    }

    @Test func `the conferences of a calendar that is deleted are not waited for`() {
        let team = local.call("POST", "calendars", ["summary": "Team"])["id"]?.string ?? ""
        let there = PercentCoding.encode(team)
        let id = local.event("One", calendar: there)
        let event = local.call(
            "PATCH", "calendars/\(there)/events/\(id)?conferenceDataVersion=1", request)
        #expect(status(event) == "pending")
        #expect(local.call("DELETE", "calendars/\(there)").status == 204)
        #expect(local.control("POST", "conferences", [:])["completed"] == 0)
    }
}

/// The order in which conferences come due.
@Suite struct PendingConferenceOrderTests {
    @Test func `the first due stands first, and an event waits once`() {
        var pending = PendingConferences()
        let dues: [Int64?] = [30, nil, 10, 20, nil, 10]
        for (index, due) in dues.enumerated() {
            pending.add(.init(event: .init(calendarID: "c", eventID: "\(index)"), due: due))
        }
        pending.add(.init(event: .init(calendarID: "c", eventID: "0"), due: 1))
        #expect(pending.all.map(\.event.eventID) == ["2", "5", "3", "0", "1", "4"])
        #expect(pending.nextDue == 10)
        #expect(pending.takeDue(by: 20).map(\.event.eventID) == ["2", "5", "3"])
        #expect(pending.take(.init(calendarID: "c", eventID: "1"))?.due == nil)
        #expect(pending.take(.init(calendarID: "c", eventID: "2"))?.due == nil)
        #expect(pending.takeAll().map(\.event.eventID) == ["0", "4"])
        #expect(pending.nextDue == nil)
    }
}
