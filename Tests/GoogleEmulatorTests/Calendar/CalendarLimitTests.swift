import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Section 3 of the Calendar contract: labels and other limits of calendars.
@Suite struct CalendarLimitTests {
    let local = Local()

    private func label(_ more: JSONObject = [:]) -> JSON {
        var label: JSONObject = ["backgroundColor": "#039be5"]
        for member in more { label[member.key] = member.value }
        return .object(label)
    }

    private func patch(_ labels: [JSON]) -> Answer {
        local.call(
            "PATCH", "calendars/primary", ["labelProperties": ["eventLabels": .array(labels)]])
    }

    @Test func `200 labels with names of 50 characters are the most`() {
        #expect(patch(Array(repeating: label(), count: 200)).status == 200)
        #expect(patch(Array(repeating: label(), count: 201)).status == 400)
        let name = String(repeating: "é", count: 50)
        #expect(patch([label(["name": .string(name)])]).status == 200)
        #expect(patch([label(["name": .string(name + "x")])]).status == 400)
    }

    @Test func `a label without an id gets one, and keeps what it was given`() {
        let id = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
        let answer = patch([label(["id": .string(id), "name": "Work"]), label(["new": 1])])
        let labels = answer["labelProperties"]?["eventLabels"]
        #expect(labels?[0]?["id"]?.string == id)
        #expect(labels?[0]?["name"] == "Work")
        #expect(labels?[1]?["new"] == 1)
        let made = labels?[1]?["id"]?.string ?? ""
        #expect(made.wholeMatch(of: /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/) != nil)
        let entry = local.get("users/me/calendarList/primary")
        #expect(entry["labelProperties"] == answer["labelProperties"])
    }

    static let refused = [
        #"{"labelProperties":{"eventLabels":[{"name":"no colour"}]}}"#,
        #"{"labelProperties":{"eventLabels":[{"backgroundColor":"red"}]}}"#,
        ##"{"labelProperties":{"eventLabels":[{"id":"7","backgroundColor":"#039be5"}]}}"##,
        #"{"labelProperties":{"eventLabels":[1]}}"#, #"{"labelProperties":{"eventLabels":{}}}"#,
        #"{"labelProperties":1}"#, #"{"autoAcceptInvitations":"yes"}"#,
        #"{"conferenceProperties":{"allowedConferenceSolutionTypes":["carrier pigeon"]}}"#,
        #"{"conferenceProperties":{"allowedConferenceSolutionTypes":"hangoutsMeet"}}"#,
        #"{"workingHours":[]}"#, #"{"workingHours":{"workingHoursEnabled":"yes"}}"#,
        #"{"workingHours":{"availableTimes":{}}}"#, #"{"workingHours":{"availableTimes":[1]}}"#,
        #"{"workingHours":{"availableTimes":[{"dayOfWeek":1}]}}"#,
        #"{"workingHours":{"availableTimes":[{"periodStart":"9:00"}]}}"#,
        #"{"workingHours":{"availableTimes":[{"periodEnd":1441}]}}"#,
    ]

    @Test(arguments: refused)
    func `what lies outside of the limits is refused`(body: String) {
        #expect(local.call("PATCH", "calendars/primary", json(body)).status == 400)
    }

    @Test func `one id is one label's`() {
        let one = label(["id": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"])
        #expect(patch([one, one]).reason == "invalid")
    }

    @Test func `labels and working hours stay where they are not sent anew`() {
        _ = patch([label()])
        let hours: JSON = ["workingHours": ["workingHoursEnabled": true]]
        #expect(local.call("PATCH", "calendars/primary", hours).status == 200)
        let before = local.get("calendars/primary")
        let after = local.call("PUT", "calendars/primary", ["summary": "New", "workingHours": [:]])
        for name in ["labelProperties", "workingHours"] {
            #expect(after[name] == before[name])
            #expect(after[name] != nil)
        }
        #expect(patch([])["labelProperties"] == ["eventLabels": []])
    }

    @Test func `an event keeps its label unless the client speaks of labels`() {
        let id = local.event("One")
        let path = "calendars/primary/events/\(id)"
        let label: JSON = ["eventLabelId": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"]
        #expect(local.call("PATCH", path, label)["eventLabelId"] == nil)
        let set = local.call("PATCH", path + "?eventLabelVersion=1", label)
        #expect(set["eventLabelId"] == label["eventLabelId"])
        let body: JSON = ["start": ["date": "2026-11-10"], "end": ["date": "2026-11-11"]]
        #expect(local.call("PUT", path, body)["eventLabelId"] == label["eventLabelId"])
        #expect(local.call("PUT", path + "?eventLabelVersion=1", body)["eventLabelId"] == nil)
        let bad = local.call("PATCH", path + "?eventLabelVersion=2", label)
        #expect(bad.location == "eventLabelVersion")
    }
}
