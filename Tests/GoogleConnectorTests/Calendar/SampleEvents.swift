import LosslessJSON
import TandemCore
import Testing

/// Events as Google writes them.
enum Sample {
    static let single: JSON = [
        "kind": "calendar#event", "etag": "\"3571002534036000\"", "id": "p1k7q2m3v9",
        "status": "confirmed", "htmlLink": "https://www.google.com/calendar/event?eid=cDFrN3E",
        "created": "2026-11-03T09:14:27.000Z", "updated": "2026-11-03T09:14:27.018Z",
        "summary": "Pump inspection", "creator": ["email": "ada@example.com", "self": true],
        "organizer": ["email": "ada@example.com", "self": true],
        "start": ["dateTime": "2026-11-09T10:00:00+01:00", "timeZone": "Europe/Paris"],
        "end": ["dateTime": "2026-11-09T11:00:00+01:00", "timeZone": "Europe/Paris"],
        "iCalUID": "p1k7q2m3v9@google.com", "sequence": 0, "reminders": ["useDefault": true],
        "eventType": "default",
    ]

    static let allDay: JSON = [
        "kind": "calendar#event", "etag": "\"3571002534036001\"", "id": "holiday000001",
        "status": "confirmed", "summary": "Leave", "start": ["date": "2026-12-24"],
        "end": ["date": "2026-12-27"], "transparency": "transparent",
        "iCalUID": "holiday000001@google.com", "sequence": 1,
        "reminders": ["useDefault": false], "eventType": "default",
    ]

    static let series: JSON = [
        "kind": "calendar#event", "etag": "\"3571002534036002\"", "id": "weekly0000001",
        "status": "confirmed", "summary": "Crew meeting", "location": "Hall 4",
        "organizer": ["email": "ada@example.com", "self": true],
        "start": ["dateTime": "2026-10-19T09:00:00+02:00", "timeZone": "Europe/Paris"],
        "end": ["dateTime": "2026-10-19T09:30:00+02:00", "timeZone": "Europe/Paris"],
        "recurrence": [
            "RRULE:FREQ=WEEKLY;UNTIL=20261130T225959Z;BYDAY=MO",
            "EXDATE;TZID=Europe/Paris:20261102T090000,20261116T090000",
        ],
        "iCalUID": "weekly0000001@google.com", "sequence": 2, "reminders": ["useDefault": true],
        "eventType": "default",
    ]

    static let exception: JSON = [
        "kind": "calendar#event", "etag": "\"3571002534036003\"",
        "id": "weekly0000001_20261109T080000Z", "status": "confirmed", "summary": "Crew meeting",
        "organizer": ["email": "ada@example.com", "self": true],
        "start": ["dateTime": "2026-11-09T14:00:00+01:00", "timeZone": "Europe/Paris"],
        "end": ["dateTime": "2026-11-09T14:30:00+01:00", "timeZone": "Europe/Paris"],
        "recurringEventId": "weekly0000001",
        "originalStartTime": [
            "dateTime": "2026-11-09T09:00:00+01:00", "timeZone": "Europe/Paris",
        ],
        "iCalUID": "weekly0000001@google.com", "sequence": 2, "reminders": ["useDefault": true],
        "eventType": "default",
    ]

    static let cancelledException: JSON = [
        "kind": "calendar#event", "etag": "\"3571002534036004\"",
        "id": "weekly0000001_20261123T080000Z", "status": "cancelled",
        "recurringEventId": "weekly0000001",
        "originalStartTime": [
            "dateTime": "2026-11-23T09:00:00+01:00", "timeZone": "Europe/Paris",
        ],
    ]

    /// An invitation, as it lies in a guest's calendar.
    static let invitation: JSON = [
        "kind": "calendar#event", "etag": "\"3571002534036005\"", "id": "meeting0000001",
        "status": "confirmed", "summary": "Turbine review",
        "description": "<p>Bring the <b>drawings</b> &amp; the plan.</p>",
        "creator": ["email": "grace@example.com"],
        "organizer": ["email": "grace@example.com", "displayName": "Grace"],
        "start": ["dateTime": "2026-11-10T15:00:00Z", "timeZone": "UTC"],
        "end": ["dateTime": "2026-11-10T16:00:00Z", "timeZone": "UTC"],
        "attendees": [
            ["email": "grace@example.com", "organizer": true, "responseStatus": "accepted"],
            ["email": "ada@example.com", "self": true, "responseStatus": "needsAction"],
            ["email": "Bob@example.com", "displayName": "Bob", "responseStatus": "tentative"],
            [
                "email": "room4@resource.example.com", "resource": true,
                "responseStatus": "accepted",
            ],
        ],
        "conferenceData": [
            "conferenceId": "qzx-wvut-srp",
            "conferenceSolution": ["key": ["type": "addOn"], "name": "Orbit Rooms"],
            "entryPoints": [
                ["entryPointType": "video", "uri": "https://orbit.example/r/77"]
            ],
            "parameters": ["addOnParameters": ["parameters": ["room": "77"]]],
            "signature": "AB3",
        ],
        "extendedProperties": ["private": ["x": "1"], "shared": ["y": "2"]],
        "iCalUID": "040000008200E00074C5B7101A82E008@example.com", "sequence": 3,
        "reminders": ["useDefault": false, "overrides": [["method": "popup", "minutes": 10]]],
        "attachments": [["fileUrl": "https://drive.example/1", "title": "Plan", "fileId": "f1"]],
        "colorId": "7", "guestsCanModify": false, "eventType": "default",
        "futureMember": ["a": [1, 2.50]],
    ]

    static let all = [single, allDay, series, exception, cancelledException, invitation]
}

extension JSON {
    /// The value with members replaced, `null` removing one.
    func with(_ members: JSONObject) -> JSON {
        var copy = self
        for member in members {
            copy[member.key] = member.value.isNull ? .none : .some(member.value)
        }
        return copy
    }
}

/// What validation says about a resource; `nil` when it is accepted.
func refusal(_ rules: any KindRules, _ resource: JSON) -> TandemError? {
    do throws(TandemError) {
        try rules.validate(resource)
        return nil
    } catch {
        return error
    }
}
