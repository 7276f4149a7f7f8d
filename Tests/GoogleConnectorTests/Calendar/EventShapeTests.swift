import LosslessJSON
import Testing

@testable import GoogleConnector

struct EventShapeTests {
    private func fault(_ event: JSON) throws -> String? {
        let root = try JSONDocument(parsing: event.serialized()).root
        return EventShape.faultOfName(of: root) ?? EventShape(root).fault
    }

    @Test(arguments: Sample.all)
    func `what Google sends is no fault`(event: JSON) throws {
        #expect(try fault(event) == nil)
    }

    /// What may be new or odd, but can be kept.
    static let kept: [JSONObject] = [
        ["status": "postponed"], ["visibility": "friends"], ["eventType": "lunarEclipse"],
        ["start": ["dateTime": "2026-11-09T10:00:00+01:00", "timeZone": "Mars/Base"]],
        ["start": ["date": .null, "dateTime": "2026-11-09T10:00:00Z", "future": [1]]],
        ["end": ["dateTime": "2026-11-09T10:00:00+01:00"]], ["recurrence": ["RRULE:FREQ=LUNAR"]],
        ["attendees": [["displayName": "No address"], ["email": "x", "future": ["a": 1]]]],
        ["reminders": ["overrides": [["method": "drone", "minutes": 1e3]]]], ["future": [[[1]]]],
        ["extendedProperties": ["private": ["a": .null], "public": 5]], ["sequence": -1],
        ["conferenceData": ["future": true]], ["summary": .null, "attendees": .null],
        ["summary": "\u{0}\u{1B}[31m"], ["organizer": ["email": ""]], ["colorId": "999"],
    ]

    @Test(arguments: kept)
    func `what is unknown or odd is kept`(members: JSONObject) throws {
        var event = Sample.single
        for member in members { event[member.key] = member.value }
        #expect(try fault(event) == nil)
    }

    @Test func `of a deleted event nothing but its id is needed`() throws {
        #expect(try fault(["id": "gone1", "status": "cancelled"]) == nil)
        #expect(try fault(["id": "gone1", "status": "cancelled", "summary": 5]) == nil)
    }

    @Test func `a reason says what, and repeats none of people's own words`() throws {
        let event = Sample.single.with([
            "extendedProperties": ["private": ["my secret": ["x": "y"]]]
        ])
        #expect(
            try fault(event)
                == "Its 'extendedProperties.private' has a value that is not a text.")
        #expect(
            try fault(Sample.single.with(["attendees": [["email": "a@b.c", "self": "yes"]]]))
                == "Its 'attendees[].self' is not true or false.")
    }
}
