import LosslessJSON

/// Requests that are right, and words that are not.
enum RequestTemplates {
    /// Method, path (`{}` stands for a word that an answer brought), query and body.
    typealias Template = (String, String, [(String, String)], JSON?)

    static let all: [Template] = events + others + signIn + control

    static let methods = [
        "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "get", "", "PROPFIND", "Ü",
    ]

    private static let list = "/calendar/v3/calendars/primary/events"

    private static let event: JSON = [
        "summary": "Pump inspection", "location": "Dock 7", "colorId": "3",
        "start": ["dateTime": "2026-11-10T10:00:00+01:00", "timeZone": "Europe/Paris"],
        "end": ["dateTime": "2026-11-10T11:00:00+01:00", "timeZone": "Europe/Paris"],
        "attendees": [
            ["email": "grace@example.com"], ["email": "x@example.org", "optional": true],
        ],
        "reminders": ["useDefault": false, "overrides": [["method": "popup", "minutes": 10]]],
        "extendedProperties": ["private": ["a": "b"], "shared": ["c": "d"]],
        "attachments": [["fileUrl": "https://example.org/a"]], "visibility": "private",
        "conferenceData": ["createRequest": ["requestId": "r1"]], "sequence": 1,
    ]

    private static let series: JSON = [
        "summary": "Stand-up",
        "start": ["dateTime": "2026-11-10T10:00:00", "timeZone": "America/New_York"],
        "end": ["dateTime": "2026-11-10T10:15:00", "timeZone": "America/New_York"],
        "recurrence": [
            "RRULE:FREQ=WEEKLY;BYDAY=MO,TU;COUNT=9", "EXDATE;TZID=America/New_York:20261117T100000",
            "RDATE;VALUE=DATE-TIME:20261201T150000Z",
        ],
    ]

    private static let days: JSON = [
        "start": ["date": "2026-11-10"], "end": ["date": "2026-11-12"],
        "recurrence": ["RRULE:FREQ=MONTHLY;BYSETPOS=-1;BYDAY=MO,WE;UNTIL=20291231"],
    ]

    private static let imported: JSON = [
        "iCalUID": "u1@example.org", "start": ["date": "2026-11-10"],
        "end": ["date": "2026-11-11"], "organizer": ["email": "boss@example.org"],
        "recurringEventId": "abcde", "originalStartTime": ["date": "2026-11-10"],
    ]

    private static let events: [Template] = [
        ("POST", list, [("conferenceDataVersion", "1"), ("sendUpdates", "all")], event),
        ("POST", list, [], series), ("POST", list, [("supportsAttachments", "true")], event),
        ("POST", list, [], days), ("POST", list + "/import", [], imported),
        ("POST", list + "/quickAdd", [("text", "Lunch tomorrow 12:30-13:30")], nil),
        ("GET", list, [], nil), ("GET", list, [("maxResults", "3")], nil),
        ("GET", list, [("singleEvents", "true"), ("orderBy", "startTime")], nil),
        (
            "GET", list,
            [("timeMin", "2026-11-01T00:00:00Z"), ("timeMax", "2026-12-01T00:00:00Z")], nil
        ),
        ("GET", list, [("q", "pump"), ("showDeleted", "true")], nil),
        ("GET", list, [("updatedMin", "2026-11-01T00:00:00Z"), ("timeZone", "Asia/Tokyo")], nil),
        ("GET", list, [("fields", "items(id,start/dateTime),nextPageToken")], nil),
        ("GET", list + "/{}", [], nil), ("GET", list + "/{}", [("maxAttendees", "1")], nil),
        ("PUT", list + "/{}", [], event), ("PATCH", list + "/{}", [], ["summary": "New"]),
        ("PATCH", list + "/{}", [("sendUpdates", "all")], series),
        (
            "PATCH", list + "/{}_20261116T150000Z", [],
            ["summary": "One", "start": ["date": "2026-11-09"]]
        ),
        ("DELETE", list + "/{}", [], nil), ("DELETE", list + "/{}_20261116T150000Z", [], nil),
        ("GET", list + "/{}/instances", [("maxResults", "2")], nil),
        ("GET", list + "/{}/instances", [("originalStart", "2026-11-16T15:00:00Z")], nil),
        ("POST", list + "/{}/move", [("destination", "{}")], nil),
        ("PATCH", "/calendar/v3/calendars/primary/events/{}", [], ["status": "cancelled"]),
        ("GET", "/calendar/v3/calendars/grace%40example.com/events", [], nil),
        (
            "PATCH", "/calendar/v3/calendars/grace%40example.com/events/{}", [],
            [
                "attendees": [["email": "grace@example.com", "responseStatus": "declined"]]
            ]
        ),
    ]

    private static let others: [Template] = [
        ("GET", "/calendar/v3/users/me/calendarList", [("minAccessRole", "reader")], nil),
        ("POST", "/calendar/v3/users/me/calendarList", [], ["id": "grace@example.com"]),
        (
            "PATCH", "/calendar/v3/users/me/calendarList/{}", [("colorRgbFormat", "true")],
            [
                "backgroundColor": "#112233",
                "defaultReminders": [["method": "email", "minutes": 5]],
            ]
        ),
        ("DELETE", "/calendar/v3/users/me/calendarList/{}", [], nil),
        ("POST", "/calendar/v3/calendars", [], ["summary": "New", "timeZone": "Asia/Tokyo"]),
        ("PATCH", "/calendar/v3/calendars/{}", [], ["timeZone": "Australia/Lord_Howe"]),
        ("DELETE", "/calendar/v3/calendars/{}", [], nil),
        ("GET", "/calendar/v3/calendars/{}", [], nil),
        ("GET", "/calendar/v3/calendars/{}/acl", [], nil),
        (
            "POST", "/calendar/v3/calendars/primary/acl", [],
            [
                "role": "writer", "scope": ["type": "user", "value": "grace@example.com"],
            ]
        ),
        ("DELETE", "/calendar/v3/calendars/primary/acl/user%3Agrace%40example.com", [], nil),
        ("GET", "/calendar/v3/users/me/settings", [("maxResults", "3")], nil),
        ("GET", "/calendar/v3/users/me/settings/locale", [], nil),
        ("GET", "/calendar/v3/colors", [], nil),
        (
            "POST", "/calendar/v3/freeBusy", [],
            [
                "timeMin": "2026-11-01T00:00:00Z", "timeMax": "2026-12-01T00:00:00Z",
                "items": [["id": "primary"], ["id": "grace@example.com"]],
            ]
        ),
        (
            "POST", list + "/watch", [],
            [
                "id": "c1", "type": "web_hook", "address": "http://127.0.0.1:9/x",
                "params": ["ttl": "60"],
            ]
        ),
        ("POST", "/calendar/v3/channels/stop", [], ["id": "c1", "resourceId": "r"]),
        ("POST", "/batch/calendar/v3", [], nil), ("GET", "/drive/v3/files", [], nil),
        ("GET", "/v1/people/me", [], nil), ("GET", "/", [], nil), ("GET", "", [], nil),
    ]

    private static let signIn: [Template] = [
        (
            "GET", "/o/oauth2/v2/auth",
            [
                ("client_id", "desktop"), ("redirect_uri", "http://127.0.0.1:9/"),
                ("response_type", "code"), ("scope", "openid email"), ("state", "s"),
            ], nil
        ),
        ("POST", "/token", [("grant_type", "refresh_token")], nil),
        ("POST", "/device/code", [("client_id", "desktop"), ("scope", "email")], nil),
        ("GET", "/device", [("user_code", "AAAA-BBBB")], nil), ("POST", "/revoke", [], nil),
        ("GET", "/tokeninfo", [("access_token", "x")], nil),
        ("GET", "/oauth2/v3/userinfo", [], nil), ("GET", "/oauth2/v2/userinfo", [], nil),
        ("GET", "/oauth2/v3/certs", [], nil), ("GET", "/.well-known/openid-configuration", [], nil),
    ]

    /// Commands that leave the answers of Google's APIs in their form.
    private static let control: [Template] = [
        ("POST", "/_emulator/clock", [], ["advance": 3600]),
        ("POST", "/_emulator/clock", [], ["set": "2026-11-09T08:00:00Z"]),
        ("POST", "/_emulator/churn", [], ["user": "ada@example.com"]),
        ("POST", "/_emulator/expire", [], ["what": "calendar-cursors"]),
        ("POST", "/_emulator/quotas", [], ["perUserPerMinute": 1000]),
        ("DELETE", "/_emulator/quotas", [], nil),
        ("POST", "/_emulator/switches", [], ["corruptedSyncToken": "gone"]),
        ("POST", "/_emulator/conferences", [], ["outcome": "failure"]),
        (
            "POST", "/_emulator/seed", [],
            [
                "calendars": [["owner": "ada@example.com", "events": [["start": [:]]]]]
            ]
        ),
        ("GET", "/_emulator/switches", [], nil), ("GET", "/_emulator/nothing", [], nil),
    ]

    static let names = [
        "maxResults", "pageToken", "syncToken", "timeMin", "timeMax", "timeZone", "orderBy",
        "singleEvents", "showDeleted", "updatedMin", "q", "fields", "alt", "prettyPrint", "iCalUID",
        "maxAttendees", "eventTypes", "privateExtendedProperty", "sharedExtendedProperty",
        "conferenceDataVersion", "sendUpdates", "destination", "text", "originalStart", "key", "",
        "client_id", "scope", "redirect_uri", "code", "refresh_token", "grant_type",
        "client_secret",
    ]

    static let members = [
        "id", "etag", "status", "start", "end", "date", "dateTime", "timeZone", "recurrence",
        "attendees", "email", "responseStatus", "self", "organizer", "reminders", "overrides",
        "conferenceData", "entryPoints", "extendedProperties", "private", "sequence", "iCalUID",
        "recurringEventId", "originalStartTime", "eventType", "scope", "role", "items", "", "x",
    ]

    static let nasty = [
        "", "0", "-1", "1", "2147483648", "9223372036854775807", "-9223372036854775808",
        "99999999999999999999", "true", "null", "NaN", "*", "a,b(c", "items(((((", "a/b/c/d/e",
        "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00-14:00", "2026-11-10T10:00:00",
        "2026-02-30", "0000-00-00", "9999-12-31", "0001-01-01", "24:00", "Europe/Paris",
        "Etc/GMT+12", "../../etc/passwd", "\u{0}", "\u{FFFD}\u{1F600}\u{202E}", "é\u{301}\u{301}",
        "RRULE:FREQ=SECONDLY", "RRULE:FREQ=YEARLY;BYYEARDAY=-366;INTERVAL=2147483647",
        "RRULE:FREQ=DAILY;COUNT=2147483647;BYHOUR=0,1,2;BYMINUTE=0,1;BYSETPOS=-366",
        "RRULE:FREQ=WEEKLY;UNTIL=99991231T235959Z;WKST=SU", "EXDATE:19700101T000000Z",
        "RDATE;TZID=Nowhere/Land:20261110T100000", "RRULE:", ":", ";;;", "bearer", "Bearer  x",
        "gzip", "multipart/mixed", "multipart/mixed; boundary=\"", "GET", "PATCH", "text/html",
        "again.1.", "again.0.again.0.", "CAAAA", "x_20261116T150000Z", "_", "__20261116",
        "_20261116",
        "ada@example.com", "@", "a@b@c", "user:ada@example.com", "default", "a=b", "=", "urn:x",
        String(repeating: "x", count: 3000), String(repeating: "[", count: 3000),
    ]
}
