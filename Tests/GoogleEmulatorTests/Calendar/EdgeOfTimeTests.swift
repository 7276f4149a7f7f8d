import LosslessJSON
import TandemFormats
import Testing

@testable import GoogleEmulator

/// Section 6 of the Calendar contract where time ends: about the years 1 and 9999.
@Suite struct EdgeOfTimeTests {
    let local = Local()

    private func insert(_ start: JSON, _ end: JSON, _ more: JSONObject = [:]) -> Answer {
        var body: JSONObject = ["start": start, "end": end]
        for member in more { body[member.key] = member.value }
        return local.call("POST", "calendars/primary/events", .object(body))
    }

    private func timed(_ text: String) -> JSON {
        ["dateTime": .string(text), "timeZone": "UTC"]
    }

    @Test(arguments: [
        "9999-12-31T00:00:01Z", "9999-12-31T23:59:59-14:00", "0001-01-01T23:59:59Z",
        "0001-01-01T00:00:00+14:00",
    ])
    func `a time that some zone could not write is refused`(text: String) {
        let answer = insert(timed(text), timed(text))
        #expect(answer.status == 400)
        #expect(answer.reason == "invalid")
        #expect(local.get("calendars/primary/events").items.isEmpty)
    }

    @Test(arguments: ["9999-12-31T00:00:00Z", "0001-01-02T00:00:00Z"])
    func `the last time that is taken is the same in every zone`(text: String) throws {
        let event = insert(timed(text), timed(text))
        #expect(event.status == 200)
        let path = "calendars/primary/events/\(event["id"]?.string ?? "")"
        for zone in ["Pacific/Kiritimati", "America/Adak", "Asia/Kolkata", "UTC"] {
            let shown = local.get(path + "?timeZone=\(PercentCoding.encode(zone))")
            let start = try #require(shown["start"]?["dateTime"]?.string)
            let time = try #require(OffsetTime(rfc3339: start))
            #expect(time.utcSeconds == OffsetTime(rfc3339: text)?.utcSeconds)
        }
    }

    @Test func `a day that cannot end is refused`() {
        #expect(insert(["date": "9999-12-30"], ["date": "9999-12-31"]).status == 200)
        #expect(insert(["date": "0001-01-02"], ["date": "0001-01-03"]).status == 200)
        #expect(insert(["date": "9999-12-31"], ["date": "9999-12-31"]).status == 400)
        #expect(insert(["date": "9999-12-31"], ["date": "10000-01-01"]).reason == "invalid")
        #expect(insert(["date": "0001-01-01"], ["date": "0001-01-02"]).reason == "invalid")
    }

    @Test func `a series ends with the last instance that can end`() {
        let rule: JSONObject = ["id": "lastones", "recurrence": ["RRULE:FREQ=DAILY;COUNT=9"]]
        #expect(insert(["date": "9999-12-29"], ["date": "9999-12-30"], rule).status == 200)
        let path = "calendars/primary/events/lastones"
        let days = ["29", "30"].map { "lastones_999912\($0)" }
        #expect(local.get("calendars/primary/events?singleEvents=true").ids == days)
        #expect(local.get(path + "/instances").ids == days)
        #expect(local.get(path + "_99991231").status == 404)
    }

    @Test func `the instances of the first years are there`() {
        let rule: JSONObject = ["id": "firstones", "recurrence": ["RRULE:FREQ=DAILY;COUNT=3"]]
        #expect(insert(["date": "0002-01-01"], ["date": "0002-01-02"], rule).status == 200)
        let days = (1...3).map { "firstones_0002010\($0)" }
        #expect(local.get("calendars/primary/events?singleEvents=true").ids == days)
    }

    @Test func `a named date beyond the ends is no instance`() {
        let lines: JSON = ["RDATE:00010101T000000Z,20261111T100000Z,99991231T235959Z"]
        let start = timed("2026-11-10T10:00:00Z")
        let answer = insert(start, start, ["id": "named", "recurrence": lines])
        #expect(answer.status == 200)
        #expect(
            local.get("calendars/primary/events?singleEvents=true").ids
                == ["named_20261110T100000Z", "named_20261111T100000Z"])
        #expect(local.get("calendars/primary/events/named_00010101T000000Z").status == 404)
    }

    private func busy(_ first: String, _ last: String, _ more: JSONObject = [:]) -> Answer {
        var body: JSONObject = [
            "timeMin": .string(first), "timeMax": .string(last), "items": [["id": "primary"]],
        ]
        for member in more { body[member.key] = member.value }
        return local.call("POST", "freeBusy", .object(body))
    }

    @Test(arguments: [
        ("0001-01-01T00:00:00+00:01", "2026-11-10T00:00:00Z"),
        ("2026-11-10T00:00:00Z", "9999-12-31T23:59:59-00:01"),
        ("9999-12-31T23:59:59-13:00", "9999-12-31T23:59:59-14:00"),
        ("0000-12-31T23:59:59Z", "2026-11-10T00:00:00Z"),
        ("2026-11-10T00:00:00Z", "10000-01-01T00:00:00Z"),
    ])
    func `who asks when somebody is busy names a window that UTC can write`(
        first: String, last: String
    ) {
        let answer = busy(first, last)
        #expect(answer.status == 400)
        #expect(answer.reason == "badRequest")
    }

    @Test func `who is busy is told to the very ends`() {
        #expect(insert(timed("0001-01-02T00:00:00Z"), timed("0001-01-02T01:00:00Z")).status == 200)
        #expect(insert(timed("9999-12-30T00:00:00Z"), timed("9999-12-31T00:00:00Z")).status == 200)
        let answer = busy("0001-01-01T14:00:00+14:00", "9999-12-31T09:59:59-14:00")
        #expect(answer["timeMin"] == "0001-01-01T00:00:00.000Z")
        #expect(answer["timeMax"] == "9999-12-31T23:59:59.000Z")
        #expect(
            answer["calendars"]?["primary"]?["busy"] == [
                ["start": "0001-01-02T00:00:00Z", "end": "0001-01-02T01:00:00Z"],
                ["start": "9999-12-30T00:00:00Z", "end": "9999-12-31T00:00:00Z"],
            ])
    }

    @Test func `a busy time is the same in every zone, where one cannot write it, too`() throws {
        let zone: JSON = ["timeZone": "America/Adak"]
        #expect(local.call("PATCH", "calendars/primary", zone).status == 200)
        #expect(insert(["date": "9999-12-30"], ["date": "9999-12-31"]).status == 200)
        for zone in ["UTC", "America/Adak", "Pacific/Kiritimati"] {
            let answer = busy(
                "2026-11-10T00:00:00Z", "9999-12-31T23:59:59Z", ["timeZone": .string(zone)])
            let period = try #require(answer["calendars"]?["primary"]?["busy"]?[0])
            for (name, moment) in [
                ("start", "9999-12-30T10:00:00Z"), ("end", "9999-12-31T10:00:00Z"),
            ] {
                let time = OffsetTime(rfc3339: period[name]?.string ?? "")
                #expect(time?.utcSeconds == OffsetTime(rfc3339: moment)?.utcSeconds)
            }
        }
    }

    @Test func `windows of listings may reach beyond the ends`() {
        let (first, last) = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")
        #expect(insert(timed("9999-12-30T00:00:00Z"), timed("9999-12-31T00:00:00Z")).status == 200)
        let query = "timeMin=\(PercentCoding.encode(first))&timeMax=\(PercentCoding.encode(last))"
        for more in ["", "&singleEvents=true&orderBy=startTime"] {
            #expect(local.get("calendars/primary/events?\(query)\(more)").items.count == 1)
        }
        let id = local.event(
            "Daily",
            [
                "recurrence": ["RRULE:FREQ=DAILY"], "start": timed("2026-11-10T10:00:00Z"),
                "end": timed("2026-11-10T11:00:00Z"),
            ])
        for moment in [first, last] {
            let start = "originalStart=\(PercentCoding.encode(moment))"
            let answer = local.get("calendars/primary/events/\(id)/instances?\(start)")
            #expect(answer.status == 200)
            #expect(answer.items.isEmpty)
        }
    }
}
