import LosslessJSON
import Testing

@testable import GoogleEmulator

/// `calendars` and `calendarList`: what is shared and what is each user's own.
@Suite struct CalendarsTests {
    let local = Local()
    private let lists = "users/me/calendarList"

    private func make(_ summary: String) -> String {
        let answer = local.call("POST", "calendars", ["summary": .string(summary)])
        return answer["id"]?.string ?? "none"
    }

    private func encoded(_ id: String) -> String { PercentCoding.encode(id) }

    @Test func `a new calendar belongs to the caller and is on the list`() {
        let body = json(#"{"summary":"Team","timeZone":"Asia/Kolkata","newThing":{"a":1}}"#)
        let calendar = local.call("POST", "calendars", body)
        #expect(calendar["kind"] == "calendar#calendar")
        #expect(calendar["dataOwner"] == "ada@example.com")
        #expect(calendar["timeZone"] == "Asia/Kolkata")
        #expect(calendar["newThing"] == ["a": 1])
        let id = calendar["id"]?.string ?? ""
        #expect(id.hasSuffix("@group.calendar.google.com"))
        let entry = titled("Team", in: local.get(lists).items)
        #expect(entry?["accessRole"] == "owner")
        #expect(entry?["id"]?.string == id)
        #expect(local.get("calendars/\(encoded(id))")["etag"] == calendar["etag"])
    }

    @Test(arguments: [
        ("{}", "required"), (#"{"summary":""}"#, "required"),
        (#"{"summary":"A","timeZone":"Mars/Base"}"#, "invalid"),
        (#"{"summary":"A","description":5}"#, "badRequest"),
    ])
    func `a calendar needs a title and a real zone`(body: String, reason: String) {
        #expect(local.call("POST", "calendars", json(body)).reason == reason)
    }

    @Test func `a calendar is patched, replaced and guarded by its etag`() {
        let id = encoded(make("Team"))
        let path = "calendars/\(id)"
        let patched = local.call("PATCH", path, ["description": "Text"])
        #expect(patched["summary"] == "Team")
        #expect(patched["description"] == "Text")
        let stale = local.call("PATCH", path, ["summary": "X"], headers: [("If-Match", "\"1\"")])
        #expect(stale.status == 412)
        let replaced = local.call("PUT", path, ["summary": "Other"])
        #expect(replaced["description"] == nil)
        #expect(replaced["timeZone"] == "Europe/Paris")
        #expect(local.call("PUT", path, ["description": "x"]).reason == "required")
    }

    @Test func `a new zone of the calendar moves the offsets, which is seen by the etag`() {
        let id = local.event("One", at: "2026-11-10T10:00:00+01:00")
        let before = local.get("calendars/primary/events/\(id)")
        _ = local.call("PATCH", "calendars/primary", ["timeZone": "America/New_York"])
        let after = local.get("calendars/primary/events/\(id)")
        #expect(after["start"]?["dateTime"] == "2026-11-10T04:00:00-05:00")
        #expect(after["etag"] != before["etag"])
        #expect(after["updated"] == before["updated"])
        let list = local.get("calendars/primary/events?prettyPrint=false")
        #expect(list.items.first?["start"]?["dateTime"] == "2026-11-10T04:00:00-05:00")
    }

    @Test func `deleting a calendar destroys it for everybody`() {
        let id = make("Team")
        _ = local.call(
            "POST", "calendars/\(encoded(id))/acl",
            ["scope": ["type": "user", "value": "grace@example.com"], "role": "reader"])
        _ = local.call("POST", lists, ["id": .string(id)], as: "grace")
        let token = local.get(lists, as: "grace")["nextSyncToken"]?.string ?? ""
        #expect(
            local.call("DELETE", "calendars/\(encoded(id))", as: "grace").reason
                == "requiredAccessLevel")
        #expect(local.call("DELETE", "calendars/\(encoded(id))").status == 204)
        #expect(local.get("calendars/\(encoded(id))/events").status == 404)
        let delta = local.get("\(lists)?syncToken=\(token)", as: "grace")
        #expect(delta.items.map { $0["deleted"] } == [true])
        #expect(delta.ids == [id])
    }

    @Test func `a primary calendar is cleared, never deleted; others the other way round`() {
        _ = local.event("One")
        #expect(local.call("DELETE", "calendars/primary").status == 400)
        #expect(local.call("POST", "calendars/primary/clear").status == 204)
        #expect(local.get("calendars/primary/events").items.isEmpty)
        #expect(local.call("POST", "calendars/\(encoded(make("Team")))/clear").status == 400)
    }

    @Test func `the list is each user's own view`() {
        share(local, with: "grace", as: "reader")
        let body = json(#"{"id":"ada@example.com","summaryOverride":"Ada's","colorId":"9"}"#)
        let entry = local.call("POST", lists, body, as: "grace")
        #expect(entry["summaryOverride"] == "Ada's")
        #expect(entry["accessRole"] == "reader")
        #expect(entry["backgroundColor"] == "#7bd148")
        #expect(entry["primary"] == nil)
        let mine = local.get("\(lists)/primary")
        #expect(mine["primary"] == true)
        #expect(mine["summaryOverride"] == nil)
        #expect(mine["defaultReminders"] == [["method": "popup", "minutes": 10]])
        let one = "\(lists)/ada%40example.com"
        let patched = local.call("PATCH", one, ["hidden": true], as: "grace")
        #expect(patched["hidden"] == true)
        #expect(patched["selected"] == nil)
        #expect(patched["summaryOverride"] == "Ada's")
        let replaced = local.call("PUT", one, ["selected": true], as: "grace")
        #expect(replaced["summaryOverride"] == nil)
        #expect(local.call("DELETE", one, as: "grace").status == 204)
        #expect(local.get(one, as: "grace").status == 404)
        #expect(local.get("calendars/ada%40example.com", as: "grace").status == 200)
    }

    @Test func `colours as RGB need colorRgbFormat`() {
        let one = "\(lists)/primary"
        let colors = json(##"{"backgroundColor":"#123456","foregroundColor":"#ffffff"}"##)
        let ignored = local.call("PATCH", one, colors)
        #expect(ignored["backgroundColor"] == "#ac725e")
        let taken = local.call("PATCH", one + "?colorRgbFormat=true", colors)
        #expect(taken["backgroundColor"] == "#123456")
        let byID = local.call("PATCH", one, ["colorId": "2"])
        #expect(byID["backgroundColor"] == "#d06b64")
        let bad = json(##"{"backgroundColor":"red"}"##)
        #expect(local.call("PATCH", one + "?colorRgbFormat=true", bad).reason == "invalid")
        #expect(local.call("PATCH", one, ["colorId": "25"]).reason == "invalid")
    }

    @Test func `notifications are kept by a patch, and unknown ones refused`() {
        let one = "\(lists)/primary"
        let wanted = json(
            #"{"notifications":[{"type":"eventResponse","method":"email"},{"type":"agenda","method":"email"}]}"#
        )
        let set = local.call("PATCH", one, ["notificationSettings": wanted])
        #expect(set["notificationSettings"] == wanted)
        let kept = local.call("PATCH", one, ["summaryOverride": "Mine"])
        #expect(kept["notificationSettings"] == wanted)
        let refused = [
            #"[{"type":"eventBoredom","method":"email"}]"#, #"[{"type":"agenda","method":"sms"}]"#,
            #"[{"type":"agenda"}]"#, #"[{"method":"email"}]"#, "[5]",
        ]
        for text in refused {
            let body: JSON = ["notificationSettings": ["notifications": json(text)]]
            #expect(local.call("PATCH", one, body).reason == "invalid")
        }
        let none = local.call("PATCH", one, ["notificationSettings": ["notifications": 5]])
        #expect(none.reason == "badRequest")
        #expect(local.get(one)["notificationSettings"] == wanted)
    }

    @Test func `what cannot be subscribed to or left is refused`() {
        #expect(local.call("POST", lists, ["id": "nobody@example.com"]).status == 404)
        #expect(local.call("POST", lists, [:]).reason == "required")
        #expect(local.call("DELETE", "\(lists)/primary").status == 400)
    }

    @Test func `the list is filtered by role and hides the hidden`() {
        share(local, with: "grace", as: "reader")
        _ = local.call("POST", lists, ["id": "ada@example.com"], as: "grace")
        #expect(local.get(lists, as: "grace").items.count == 2)
        #expect(
            local.get("\(lists)?minAccessRole=writer", as: "grace").ids == ["grace@example.com"])
        _ = local.call("PATCH", "\(lists)/ada%40example.com", ["hidden": true], as: "grace")
        #expect(local.get(lists, as: "grace").items.count == 1)
        #expect(local.get("\(lists)?showHidden=true", as: "grace").items.count == 2)
        #expect(local.get("\(lists)?minAccessRole=king", as: "grace").reason == "invalidParameter")
    }

    @Test func `only calendars of the own organization are listed where asked`() {
        for user in ["grace", "linus"] {
            let rule: JSON = [
                "scope": ["type": "user", "value": "ada@example.com"], "role": "reader",
            ]
            _ = local.call("POST", "calendars/primary/acl", rule, as: user)
            let address = user == "grace" ? "grace@example.com" : "linus@example.org"
            _ = local.call("POST", lists, ["id": .string(address)])
        }
        #expect(local.get(lists).items.count == 3)
        let own = local.get("\(lists)?showOwnOrganizationOnly=true")
        #expect(own.ids == ["ada@example.com", "grace@example.com"])
        let token = own["nextSyncToken"]?.string ?? ""
        let both = local.get("\(lists)?syncToken=\(token)&showOwnOrganizationOnly=true")
        #expect(both.reason == "syncTokenWithRequestRestrictions")
        let page = local.get("\(lists)?showOwnOrganizationOnly=true&maxResults=1")
        let other = local.get("\(lists)?pageToken=\(page["nextPageToken"]?.string ?? "")")
        #expect(other.location == "pageToken")
    }

    @Test func `deltas of the list hold deleted and hidden entries`() {
        let first = make("First")
        let second = make("Second")
        let token = local.get(lists)["nextSyncToken"]?.string ?? ""
        #expect(local.get("\(lists)?syncToken=\(token)").items.isEmpty)
        _ = local.call("PATCH", "\(lists)/\(encoded(first))", ["hidden": true])
        _ = local.call("DELETE", "\(lists)/\(encoded(second))")
        _ = local.call("PATCH", "calendars/primary", ["description": "no change of the list"])
        let delta = local.get("\(lists)?syncToken=\(token)")
        #expect(delta.ids == [first, second])
        #expect(delta.items.map { $0["deleted"] } == [nil, true])
        for query in ["minAccessRole=reader", "showDeleted=false", "showHidden=false"] {
            let answer = local.get("\(lists)?syncToken=\(token)&\(query)")
            #expect(answer.reason == "syncTokenWithRequestRestrictions")
        }
        #expect(local.get("\(lists)?syncToken=\(token)", as: "grace").status == 410)
        #expect(local.get("\(lists)?syncToken=xyz").reason == "invalid")
    }

    @Test func `the list is paged`() {
        let ids = ["ada@example.com"] + (0..<4).map { make("Calendar \($0)") }
        var seen: [String] = []
        var token = ""
        for _ in 0..<5 {
            let page = local.get("\(lists)?maxResults=2\(token)")
            seen += page.ids
            guard let next = page["nextPageToken"]?.string else { break }
            if seen.count == 2 { _ = local.call("DELETE", "\(lists)/\(encoded(ids[1]))") }
            token = "&pageToken=\(next)"
        }
        #expect(seen == ids)
    }

    @Test func `settings and colours are served`() {
        let list = local.get("users/me/settings")
        #expect(list.ids.count == 12)
        #expect(list.ids.contains("weekStart"))
        #expect(list.items.allSatisfy { $0["value"]?.string != nil })
        #expect(local.get("users/me/settings/timezone")["value"] == "Europe/Paris")
        #expect(local.get("users/me/settings/nothing").status == 404)
        let token = list["nextSyncToken"]?.string ?? ""
        #expect(local.get("users/me/settings?syncToken=\(token)").items.isEmpty)
        let page = local.get("users/me/settings?maxResults=5")
        #expect(page["nextPageToken"] != nil)
        let colors = local.get("colors")
        #expect(colors["kind"] == "calendar#colors")
        #expect(colors["calendar"]?.object?.count == 24)
        #expect(colors["event"]?.object?.count == 11)
        #expect(colors["event"]?["1"]?["background"] == "#a4bdfc")
    }

    @Test func `settings are changed from outside and a cursor hears of it`() {
        let token = local.get("users/me/settings")["nextSyncToken"]?.string ?? ""
        func seed(_ settings: String) -> Answer {
            local.control(
                "POST", "seed",
                json(#"{"users":[{"email":"ada@example.com","settings":\#(settings)}]}"#))
        }
        #expect(
            seed(#"[{"id":"weekStart","value":"0"},{"id":"locale","value":"en"}]"#).status == 200)
        let delta = local.get("users/me/settings?syncToken=\(token)")
        #expect(delta.ids == ["weekStart"])
        #expect(delta.items.first?["value"] == "0")
        #expect(local.get("users/me/settings/weekStart")["value"] == "0")
        for bad in [#"[{"id":"weekStart","value":0}]"#, #"[{"id":"nothing","value":"x"}]"#, "5"] {
            #expect(seed(bad).status == 400)
        }
    }
}
