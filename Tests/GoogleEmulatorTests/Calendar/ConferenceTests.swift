import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Section 10 of the Calendar contract: conferences.
@Suite struct ConferenceTests {
    private let request = json(
        #"""
        {"conferenceData":{"createRequest":{"requestId":"r1",
          "conferenceSolutionKey":{"type":"hangoutsMeet"}}}}
        """#)

    private let addOn = json(
        #"""
        {"conferenceData":{"conferenceId":"qzx-wvut-srp",
          "conferenceSolution":{"key":{"type":"addOn"},"name":"Orbit Rooms"},
          "entryPoints":[{"entryPointType":"video","uri":"https://orbit.example/r/77"}],
          "parameters":{"addOnParameters":{"parameters":{"room":"77"}}},"signature":"AB3"}}
        """#)

    private func patch(_ local: Local, _ id: String, _ body: JSON, version: Int = 1) -> Answer {
        local.call(
            "PATCH", "calendars/primary/events/\(id)?conferenceDataVersion=\(version)", body)
    }

    @Test func `a create request succeeds at once`() {
        let local = Local()
        let id = local.event("One")
        let event = patch(local, id, request)
        let data = event["conferenceData"]
        #expect(data?["createRequest"]?["status"]?["statusCode"] == "success")
        #expect(data?["conferenceSolution"]?["key"]?["type"] == "hangoutsMeet")
        let code = data?["conferenceId"]?.string ?? ""
        #expect(code.wholeMatch(of: /[a-z]{3}-[a-z]{4}-[a-z]{3}/) != nil)
        #expect(event["hangoutLink"]?.string == "https://meet.google.com/\(code)")
        #expect(data?["entryPoints"]?[0]?["uri"] == event["hangoutLink"])
        let again = patch(local, id, request)
        #expect(again["conferenceData"] == data)
        #expect(again["etag"] == event["etag"])
    }

    @Test func `version 0 ignores the body's conference and keeps the event's`() {
        let local = Local()
        let id = local.event("One")
        #expect(patch(local, id, request, version: 0)["conferenceData"] == nil)
        let made = patch(local, id, request)
        let kept = patch(local, id, ["conferenceData": .null, "summary": "Two"], version: 0)
        #expect(kept["conferenceData"] == made["conferenceData"])
        let body = json(
            #"{"summary":"Three","start":{"date":"2026-11-10"},"end":{"date":"2026-11-11"}}"#)
        let put = local.call("PUT", "calendars/primary/events/\(id)", body)
        #expect(put["conferenceData"] == made["conferenceData"])
        #expect(put["hangoutLink"] == made["hangoutLink"])
    }

    @Test func `version 1 clears with null`() {
        let local = Local()
        let id = local.event("One")
        _ = patch(local, id, request)
        let cleared = patch(local, id, ["conferenceData": .null])
        #expect(cleared["conferenceData"] == nil)
        #expect(cleared["hangoutLink"] == nil)
    }

    @Test func `a third party's conference is stored as it came`() {
        let local = Local()
        let id = local.event("One")
        let event = patch(local, id, addOn)
        #expect(event["conferenceData"] == addOn["conferenceData"])
        #expect(event["hangoutLink"] == nil)
    }

    @Test func `a patch with a new request makes a new conference`() {
        let local = Local()
        let id = local.event("One")
        let first = patch(local, id, request)
        var other = request
        other["conferenceData"] = [
            "createRequest": [
                "requestId": "r2", "conferenceSolutionKey": ["type": "hangoutsMeet"],
            ]
        ]
        let second = patch(local, id, other)
        let data = second["conferenceData"]
        #expect(data?["createRequest"]?["requestId"] == "r2")
        #expect(data?["createRequest"]?["status"]?["statusCode"] == "success")
        #expect(data?["conferenceId"] != first["conferenceData"]?["conferenceId"])
        #expect(second["hangoutLink"] != first["hangoutLink"])
        #expect(data?["entryPoints"]?[0]?["uri"] == second["hangoutLink"])
        #expect(patch(local, id, other)["etag"] == second["etag"])
    }

    @Test func `a third party's conference takes nothing over from a Meet before it`() {
        let local = Local()
        let id = local.event("One")
        _ = patch(local, id, request)
        let event = patch(local, id, addOn)
        #expect(event["conferenceData"] == addOn["conferenceData"])
        #expect(event["hangoutLink"] == nil)
        let meet = patch(local, id, request)
        #expect(meet["conferenceData"]?["parameters"] == nil)
        #expect(meet["conferenceData"]?["conferenceSolution"]?["name"] == "Google Meet")
    }

    @Test func `a patch of one part leaves the rest of a conference`() {
        let local = Local()
        let id = local.event("One")
        var data = patch(local, id, request)["conferenceData"] ?? .null
        data["notes"] = "Ring twice"
        let event = patch(local, id, ["conferenceData": ["notes": "Ring twice"]])
        #expect(event["conferenceData"] == data)
        #expect(event["hangoutLink"] != nil)
    }

    @Test func `in pending mode the conference comes later and is a change`() {
        let local = Local {
            $0.switches.conferenceCreation = .pending
            $0.switches.conferencePendingSeconds = 30
        }
        let id = local.event("One")
        let event = patch(local, id, request)
        #expect(
            event["conferenceData"]?["createRequest"]?["status"]?["statusCode"] == "pending")
        #expect(event["hangoutLink"] == nil)
        let token = local.get("calendars/primary/events")["nextSyncToken"]?.string ?? ""
        local.clock.advance(seconds: 29)
        #expect(local.get("calendars/primary/events?syncToken=\(token)").items.isEmpty)
        local.clock.advance(seconds: 1)
        let delta = local.get("calendars/primary/events?syncToken=\(token)")
        #expect(delta.ids == [id])
        #expect(delta.items.first?["hangoutLink"] != nil)
        #expect(delta.items.first?["etag"] != event["etag"])
    }

    @Test(arguments: ["success", "failure"])
    func `a pending conference can wait for a command`(outcome: String) {
        let local = Local {
            $0.switches.conferenceCreation = .pending
            $0.switches.conferencePendingSeconds = nil
        }
        let id = local.event("One")
        _ = patch(local, id, request)
        _ = patch(local, id, request)
        local.clock.advance(seconds: 86_400)
        let waiting = local.get("calendars/primary/events/\(id)")["conferenceData"]
        #expect(waiting?["createRequest"]?["status"]?["statusCode"] == "pending")
        let done = local.control("POST", "conferences", ["outcome": .string(outcome)])
        #expect(done["completed"] == 1)
        let made = local.get("calendars/primary/events/\(id)")["conferenceData"]
        #expect(made?["createRequest"]?["status"]?["statusCode"] == .string(outcome))
        #expect((made?["entryPoints"] != nil) == (outcome == "success"))
        #expect(local.control("POST", "conferences", [:])["completed"] == 0)
    }

    @Test func `a conference can fail at once`() {
        let local = Local { $0.switches.conferenceCreation = .failure }
        let event = patch(local, local.event("One"), request)
        #expect(
            event["conferenceData"]?["createRequest"]?["status"]?["statusCode"] == "failure")
        #expect(event["conferenceData"]?.object?.keys == ["createRequest"])
        #expect(event["hangoutLink"] == nil)
    }

    static let refused = [
        #"""
        {"conferenceSolution":{"key":{"type":"addOn"}},
         "entryPoints":[{"entryPointType":"phone","uri":"tel:+331","entryPointFeatures":["TOLL",
                         "TOLL_FREE"]}]}
        """#,
        #"{"createRequest":{"requestId":"r","conferenceSolutionKey":{"type":"eventHangout"}}}"#,
        #"{"createRequest":{"conferenceSolutionKey":{"type":"hangoutsMeet"}}}"#,
        #"{"conferenceSolution":{"key":{"type":"addOn"}}}"#,
        #"{"entryPoints":[{"entryPointType":"video","uri":"https://a.example"}]}"#,
        #"""
        {"conferenceSolution":{"key":{"type":"addOn"}},
         "entryPoints":[{"entryPointType":"video","uri":"ftp://a.example"}]}
        """#,
        #"""
        {"conferenceSolution":{"key":{"type":"addOn"}},
         "entryPoints":[{"entryPointType":"video","uri":"https://a.example"},
                        {"entryPointType":"video","uri":"https://b.example"}]}
        """#,
        #"""
        {"conferenceSolution":{"key":{"type":"addOn"}},
         "entryPoints":[{"entryPointType":"more","uri":"https://a.example"}]}
        """#,
        #"""
        {"conferenceSolution":{"key":{"type":"addOn"}},
         "entryPoints":[{"entryPointType":"phone","uri":"https://a.example"}]}
        """#,
    ]

    @Test(arguments: refused)
    func `an impossible conference is refused`(text: String) {
        let local = Local()
        let id = local.event("One")
        let answer = patch(local, id, ["conferenceData": json(text)])
        #expect(answer.status == 400)
        #expect(answer.reason == "invalid")
        #expect(local.get("calendars/primary/events/\(id)")["conferenceData"] == nil)
    }

    static let badParameters = [
        #"{"addOnParameters":{"parameters":{"room":77}}}"#,
        #"{"addOnParameters":{"parameters":["room"]}}"#, #"{"addOnParameters":"room"}"#, "7",
    ]

    @Test(arguments: badParameters)
    func `an add-on keeps texts by name and nothing else`(text: String) {
        let local = Local()
        let id = local.event("One")
        var body = addOn
        var data = body["conferenceData"] ?? .null
        data["parameters"] = json(text)
        body["conferenceData"] = data
        #expect(patch(local, id, body).reason == "badRequest")
    }

    @Test(arguments: [
        ("uri", 1300, "https://a.example/"), ("label", 512, ""), ("meetingCode", 128, ""),
        ("accessCode", 128, ""), ("passcode", 128, ""), ("password", 128, ""), ("pin", 128, ""),
    ])
    func `texts of an entry point have their limits`(name: String, most: Int, prefix: String) {
        let local = Local()
        let id = local.event("One")
        for (length, status) in [(most, 200), (most + 1, 400)] {
            var point: JSON = ["entryPointType": "video", "uri": "https://a.example"]
            let text = prefix + String(repeating: "x", count: length - prefix.count)
            point[name] = .string(text)
            let body: JSON = [
                "conferenceData": [
                    "conferenceSolution": ["key": ["type": "addOn"]], "entryPoints": [point],
                    "notes": .string(String(repeating: "n", count: 2048)),
                ]
            ]
            #expect(patch(local, id, body).status == status)
        }
    }
}
