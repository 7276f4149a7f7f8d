import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Section 1 of the Calendar contract: addresses, parameters, forms of the answer.
@Suite struct TransportTests {
    let local = Local()

    @Test func `answers are indented unless prettyPrint is false`() {
        let id = local.event("Pump inspection")
        let pretty = local.get("calendars/primary/events/\(id)").text
        let compact = local.get("calendars/primary/events/\(id)?prettyPrint=false").text
        #expect(pretty.hasPrefix("{\n \"kind\": \"calendar#event\",\n"))
        #expect(compact.hasPrefix("{\"kind\":\"calendar#event\","))
        #expect(!compact.contains("\n"))
    }

    @Test(arguments: ["colors", "calendars/primary/events", "users/me/settings"])
    func `prettyPrint is a boolean like others`(path: String) {
        let answer = local.get(path + "?prettyPrint=maybe")
        #expect(answer.status == 400)
        #expect(answer.reason == "invalidParameter")
        #expect(answer.location == "prettyPrint")
        for (value, isPretty) in [("true", true), ("1", true), ("", true), ("0", false)] {
            let text = local.get(path + "?prettyPrint=\(value)").text
            #expect(text.contains("\n") == isPretty)
        }
    }

    @Test func `the indented and the one line listing hold the same`() {
        for number in 0..<5 { _ = local.event("Event \(number) \"quoted\" {}[],:") }
        let pretty = local.get("calendars/primary/events")
        let compact = local.get("calendars/primary/events?prettyPrint=false")
        #expect(pretty.items == compact.items)
        #expect(pretty.items.count == 5)
    }

    @Test(arguments: ["", "&showDeleted=true", "&singleEvents=true", "&maxAttendees=1", "&q=none"])
    func `an indented listing is the one line one, indented`(query: String) {
        let ids = (0..<4).map { local.event("Event \($0)", ["attendees": [["email": "a@b.c"]]]) }
        for round in 0..<2 {
            let list = "calendars/primary/events?maxResults=3\(query)"
            let pretty = local.get(list).raw.body
            // The query is a part of the listing's etag.
            let compact = local.get(list + "&prettyPrint=false")
            var document = compact.json
            document["etag"] = local.get(list)["etag"]
            if let next = local.get(list)["nextPageToken"] { document["nextPageToken"] = next }
            #expect(Indenter.indented(document.serialized(.compact)) == pretty)
            _ = local.call("PATCH", "calendars/primary/events/\(ids[0])", ["summary": "New"])
            if round == 0 { _ = local.call("DELETE", "calendars/primary/events/\(ids[1])") }
        }
    }

    @Test func `a single event is the same whether it is looked up before a change or not`() {
        let path = "calendars/primary/events/\(local.event("One"))"
        #expect(local.get(path)["summary"] == "One")
        _ = local.call("PATCH", path, ["summary": "Two"])
        #expect(local.get(path)["summary"] == "Two")
        #expect(local.get(path + "?fields=summary").json == ["summary": "Two"])
        #expect(local.get(path).raw.header("ETag") == local.get(path)["etag"]?.string)
    }

    @Test func `what is too large or too deep to be kept is refused`() {
        let times = "\"start\":{\"date\":\"2026-11-10\"},\"end\":{\"date\":\"2026-11-11\"}"
        func insert(_ more: String) -> Answer {
            local.send(
                "POST", "/calendar/v3/calendars/primary/events",
                headers: [("Authorization", "Bearer token-ada")], body: "{\(times),\(more)}")
        }
        func deep(_ levels: Int) -> String {
            "\"x\":" + String(repeating: "[", count: levels)
                + String(repeating: "]", count: levels)
        }
        #expect(insert(deep(39)).status == 200)
        #expect(insert(deep(40)).reason == "parseError")
        let long = String(repeating: "x", count: APICall.bodyLimits.maxBytes)
        #expect(insert("\"description\":\"\(long)\"").status == 413)
        let guests = (0...2000).map { "{\"email\":\"g\($0)@b.c\"}" }.joined(separator: ",")
        #expect(insert("\"attendees\":[\(guests)]").reason == "invalid")
        #expect(throws: Never.self) { try local.google.restore(local.google.snapshot()) }
        let fields = String(repeating: "kind,", count: 2000) + "kind"
        #expect(local.get("colors?fields=\(fields)").reason == "invalidParameter")
    }

    static let selections: [(String, String)] = [
        ("items(id,summary)", #"{"items":[{"id":"ID","summary":"One"}]}"#),
        ("items/id", #"{"items":[{"id":"ID"}]}"#),
        (
            "kind,items(status,id)",
            #"{"kind":"calendar#events","items":[{"id":"ID","status":"confirmed"}]}"#
        ),
        (
            "items(start/dateTime)",
            #"{"items":[{"start":{"dateTime":"2026-11-10T10:00:00+01:00"}}]}"#
        ),
        ("items(creator(*))", #"{"items":[{"creator":{"email":"ada@example.com","self":true}}]}"#),
        ("accessRole", #"{"accessRole":"owner"}"#),
    ]

    @Test(arguments: selections)
    func `fields cuts the answer down`(fields: String, expected: String) {
        let id = local.event("One")
        let answer = local.get(
            "calendars/primary/events?prettyPrint=false&fields=\(PercentCoding.encode(fields))")
        #expect(answer.text == expected.replacing("ID", with: id))
    }

    @Test func `fields that leave out the tokens make them vanish`() {
        _ = local.event("One")
        _ = local.event("Two")
        let page = local.get("calendars/primary/events?maxResults=1&fields=items(id)")
        #expect(page["nextPageToken"] == nil)
        let kept = local.get("calendars/primary/events?maxResults=1&fields=items(id),nextPageToken")
        #expect(kept["nextPageToken"] != nil)
    }

    @Test(arguments: [
        ("items(nonsense)", "nonsense"), ("bogus", "bogus"), ("items(id", "items"),
        ("items(start(zone))", "zone"),
    ])
    func `an unknown field is refused by name`(fields: String, name: String) {
        let answer = local.get("calendars/primary/events?fields=\(PercentCoding.encode(fields))")
        #expect(answer.status == 400)
        #expect(answer.reason == "invalidParameter")
        #expect(answer.location == "fields")
        #expect(answer.message == "Invalid field selection \(name)")
    }

    @Test func `a bad field selection stops a write before it happens`() {
        let body: JSON = [
            "start": ["date": "2026-11-10"], "end": ["date": "2026-11-11"],
        ]
        let answer = local.call("POST", "calendars/primary/events?fields=bogus", body)
        #expect(answer.status == 400)
        #expect(local.get("calendars/primary/events").items.isEmpty)
    }

    @Test func `a long GET travels as a POST with its query in the body`() {
        let id = local.event("One")
        let answer = local.send(
            "POST", "/calendar/v3/calendars/primary/events",
            headers: [
                ("X-HTTP-Method-Override", "GET"),
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("Authorization", "Bearer token-ada"),
            ], body: "alt=json&maxResults=7&q=one")
        #expect(answer.ids == [id])
        #expect(local.google.requests.last?.apiMethod == "events.list")
    }

    @Test func `a method override keeps the body of a write`() {
        let id = local.event("One")
        let answer = local.call(
            "POST", "calendars/primary/events/\(id)", ["summary": "Two"],
            headers: [("X-HTTP-Method-Override", "PATCH")])
        #expect(answer["summary"] == "Two")
    }

    @Test func `unknown query parameters are ignored`() {
        #expect(local.get("calendars/primary/events?nonsense=1&quotaUser=a&key=b").status == 200)
    }

    @Test func `only JSON is served`() {
        #expect(local.get("calendars/primary/events?alt=json").status == 200)
        #expect(local.get("calendars/primary/events?alt=media").reason == "invalidParameter")
    }

    @Test func `JSON is labelled with its charset and a deletion has no body`() {
        let id = local.event("One")
        let list = local.get("calendars/primary/events")
        #expect(list.raw.header("content-type") == "application/json; charset=UTF-8")
        let deletion = local.call("DELETE", "calendars/primary/events/\(id)")
        #expect(deletion.status == 204)
        #expect(deletion.raw.body.isEmpty)
    }

    @Test func `escapes in bodies and percent signs in paths are read`() {
        let answer = local.send(
            "POST", "/calendar/v3/calendars/ada%40example.com/events",
            headers: [("Authorization", "Bearer token-ada")],
            body:
                "{\"summary\":\"D\\u00e9jeuner \\ud83c\\udf72\",\"start\":{\"date\":\"2026-11-10\"},"
                + "\"end\":{\"date\":\"2026-11-11\"}}")
        #expect(answer["summary"] == "Déjeuner 🍲")
        #expect(local.get("calendars/nobody%40example.com/events").status == 404)
    }

    @Test(arguments: ["{", "[]", "\"text\"", "{\"summary\":\u{1}}"])
    func `a body that is no JSON object is refused`(body: String) {
        let answer = local.send(
            "POST", "/calendar/v3/calendars/primary/events",
            headers: [("Authorization", "Bearer token-ada")], body: body)
        #expect(answer.status == 400)
        #expect(["parseError", "badRequest"].contains(answer.reason))
    }

    @Test(arguments: ["nothing/here", "calendars//events", "calendars/primary/events/a/b/c", ""])
    func `an unknown path is not found`(path: String) {
        #expect(local.get(path).status == 404)
    }

    @Test func `times are UTC with milliseconds`() {
        let local = Local(clock: StillClock(1_793_697_267_018))
        let id = local.event("One")
        let event = local.get("calendars/primary/events/\(id)")
        #expect(event["created"] == "2026-11-03T09:14:27.018Z")
        #expect(event["updated"] == "2026-11-03T09:14:27.018Z")
    }
}
