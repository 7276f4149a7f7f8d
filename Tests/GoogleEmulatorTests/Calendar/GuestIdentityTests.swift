import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Whose an event is does not change by what others write under its id.
@Suite struct GuestIdentityTests {
    let local = Local()

    @Test func `an event of the same id and UID elsewhere touches the organizer's own not`() {
        let id = local.event("Own", as: "ada")
        let own = local.get("calendars/primary/events/\(id)")
        let uid = own["iCalUID"]?.string ?? ""
        let attendees: JSON = [["email": "ada@example.com"]]
        let copy = local.event(
            "Stolen", as: "grace",
            ["id": .string(id), "iCalUID": .string(uid), "attendees": attendees])
        #expect(copy == id)
        #expect(local.get("calendars/primary/events/\(id)").json == own.json)
        #expect(local.call("DELETE", "calendars/primary/events/\(id)", as: "grace").status == 204)
        #expect(local.get("calendars/primary/events/\(id)").json == own.json)
    }

    @Test func `an import over an invitation keeps its organizer`() {
        let id = local.event(
            "Invited", as: "ada", ["attendees": [["email": "grace@example.com"]]])
        let uid = local.get("calendars/primary/events/\(id)")["iCalUID"] ?? .null
        let imported = local.call(
            "POST", "calendars/primary/events/import",
            [
                "iCalUID": uid, "summary": "Imported", "sequence": 9,
                "start": ["dateTime": "2026-11-10T10:00:00+01:00"],
                "end": ["dateTime": "2026-11-10T11:00:00+01:00"],
            ], as: "grace")
        #expect(imported.status == 200)
        #expect(imported["organizer"]?["email"] == "ada@example.com")
        let change: JSON = ["summary": "Taken", "attendees": [["email": "ada@example.com"]]]
        _ = local.call("PATCH", "calendars/primary/events/\(id)", change, as: "grace")
        #expect(local.get("calendars/primary/events/\(id)")["summary"] == "Invited")
    }

    @Test func `a guest stays on the own copy, and its sequence is the organizer's`() {
        let id = local.event(
            "Invited", as: "ada", ["attendees": [["email": "grace@example.com"]]])
        let path = "calendars/primary/events/\(id)"
        #expect(local.call("PATCH", path, ["attendees": []], as: "grace").status == 403)
        _ = local.call("PATCH", path, ["sequence": 7, "colorId": "3"], as: "grace")
        #expect(local.get(path, as: "grace")["sequence"] == local.get(path)["sequence"])
    }

    @Test func `an instance has one id, however its time could be spelled`() {
        let id = local.event(
            "Daily",
            [
                "recurrence": ["RRULE:FREQ=DAILY;COUNT=3"],
                "start": ["dateTime": "2026-11-10T10:00:00Z", "timeZone": "UTC"],
                "end": ["dateTime": "2026-11-10T11:00:00Z", "timeZone": "UTC"],
            ])
        let path = "calendars/primary/events/\(id)_"
        #expect(local.get(path + "20261111T100000Z").status == 200)
        for suffix in ["20261111t100000z", "20261111T095960Z", "20261111"] {
            #expect(local.get(path + suffix).status == 404, "\(suffix)")
        }
    }

    @Test func `who sees no details finds nothing by hidden properties`() {
        _ = local.event(
            "Secret", ["extendedProperties": ["private": ["pin": "1234"]]])
        let rule: JSON = [
            "role": "freeBusyReader", "scope": ["type": "user", "value": "grace@example.com"],
        ]
        #expect(local.call("POST", "calendars/primary/acl", rule).status == 200)
        let query = "calendars/ada@example.com/events?privateExtendedProperty=pin%3D1234"
        #expect(local.get(query, as: "grace").items.isEmpty)
        #expect(local.get(query, as: "ada").items.count == 1)
    }
}
