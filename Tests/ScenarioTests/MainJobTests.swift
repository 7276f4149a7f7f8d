import Foundation
import LosslessJSON
import Testing

@Suite(.serialized) struct MainJobTests {
    @Test func `an event made here is at Google after a sync, and the next sync is silent`()
        async throws
    {
        let scene = try Scene.signedIn("--empty")
        let added = try scene.json(
            "events", "add", "--title", "Pump inspection", "--when", "2026-11-09 10:00",
            "--duration", "1h", "--where", "North plant")
        #expect(added["state"] == "dirty")
        #expect(
            added["data"]?["start"] == [
                "dateTime": "2026-11-09T10:00:00+01:00", "timeZone": "Europe/Paris",
            ])
        let remoteID = try #require(added["remoteId"]?.string)
        let sync = try scene.json("sync")
        #expect(sync["collections"]?.array?.contains { $0["pushed"]?["created"] == 1 } == true)
        let remote = try await scene.remote(remoteID)
        #expect(remote["summary"] == "Pump inspection")
        #expect(remote["location"] == "North plant")
        #expect(try scene.item("Pump inspection")["state"] == "clean")
        try await scene.call("DELETE", "/_emulator/requests")
        let silent = try scene.json("sync")
        for collection in silent["collections"]?.array ?? [] {
            #expect(collection["requests"] == 1)
            #expect(collection["listing"] == "delta")
        }
        #expect(silent["requests"]?.int == Int64(silent["collections"]?.array?.count ?? 0))
        let requests = try await scene.call("GET", "/_emulator/requests")["items"]?.array ?? []
        #expect(
            requests.allSatisfy {
                $0["path"]?.string?.hasSuffix("/events") == true
                    || $0["path"]?.string?.hasSuffix("/calendarList") == true
                    || $0["path"]?.string?.hasPrefix("/_emulator") == true
                    || $0["path"]?.string == "/token"
            })
    }

    @Test func `changes of both sides merge field by field`() async throws {
        let scene = try Scene.signedIn("--empty")
        let id = try await scene.remoteEvent("Review", ["x-unknown": ["kept": [1, 2]]])
        try scene.expect(0, "sync")
        try scene.expect(0, "events", "edit", id, "--where", "Room 1")
        try await scene.patchRemote(id, ["description": "Bring the numbers"])
        let sync = try scene.json("sync")
        #expect(sync["exit"] == 0)
        let remote = try await scene.remote(id)
        #expect(remote["location"] == "Room 1")
        #expect(remote["description"] == "Bring the numbers")
        #expect(remote["x-unknown"] == ["kept": [1, 2]])
        let local = try scene.json("events", "get", id)
        #expect(local["data"]?["description"] == "Bring the numbers")
        #expect(local["data"]?["x-unknown"] == ["kept": [1, 2]])
        #expect(local["state"] == "clean")
    }

    @Test func `a clash keeps both values until it is settled`() async throws {
        let scene = try Scene.signedIn("--empty")
        let id = try await scene.remoteEvent("Review")
        try scene.expect(0, "sync")
        try scene.expect(0, "events", "edit", id, "--where", "Mine")
        try await scene.patchRemote(id, ["location": "Theirs"])
        try scene.expect(11, "sync")
        try scene.expect(11, "sync")
        #expect(try scene.json("events", "get", id)["state"] == "conflict")
        #expect(try scene.json("events", "get", id)["data"]?["location"] == "Theirs")
        let conflicts = try scene.json("conflicts", "list")["items"]?.array ?? []
        let conflict = try #require(conflicts.first)
        #expect(conflicts.count == 1)
        #expect(conflict["field"] == "location")
        #expect(conflict["mine"] == "Mine")
        #expect(conflict["theirs"] == "Theirs")
        let conflictID = try #require(conflict["id"]?.string)
        #expect(try scene.json("conflicts", "show", conflictID)["mine"] == "Mine")
        let settled = try scene.json("conflicts", "resolve", conflictID, "--use", "mine")
        #expect(settled["data"]?["location"] == "Mine")
        #expect(settled["run"]?.string != nil)
        #expect(try scene.json("sync")["exit"] == 0)
        #expect(try await scene.remote(id)["location"] == "Mine")
        #expect(try scene.json("conflicts", "list") == ["items": [], "next": .null])
        try scene.expect(5, "conflicts", "resolve", conflictID, "--use", "theirs")
    }

    @Test func `one instance, following ones and all are edited offline and sent`() async throws {
        let scene = try Scene.signedIn("--empty")
        let series = try scene.json(
            "events", "add", "--title", "Standup", "--when", "2026-10-19 10:00", "--duration",
            "30m", "--repeat", "FREQ=WEEKLY;BYDAY=MO;COUNT=8")
        let id = try #require(series["id"]?.string)
        try scene.expect(0, "sync")
        // This: moved by an hour. A clock change lies before it.
        let moved = try scene.json(
            "events", "edit", "\(id)_20261026T090000Z", "--when", "11:00")
        #expect(moved["data"]?["start"]?["dateTime"] == "2026-10-26T11:00:00+01:00")
        // Deleted: one instance.
        try scene.expect(0, "events", "delete", "\(id)_20261102T090000Z")
        // Following: another time.
        try scene.expect(
            0, "events", "edit", "\(id)_20261116T090000Z", "--when", "09:30", "--scope",
            "following")
        // All of what is left of the old series.
        try scene.expect(0, "events", "edit", id, "--title", "Daily")
        let expected = [
            "2026-10-19T10:00:00+02:00 Daily", "2026-10-26T11:00:00+01:00 Daily",
            "2026-11-09T10:00:00+01:00 Daily", "2026-11-16T09:30:00+01:00 Standup",
            "2026-11-23T09:30:00+01:00 Standup", "2026-11-30T09:30:00+01:00 Standup",
            "2026-12-07T09:30:00+01:00 Standup",
        ]
        func agenda() throws -> [String] {
            let items =
                try scene.json(
                    "agenda", "--from", "2026-10-01", "--to", "2027-02-01")["items"]?.array ?? []
            return items.map { item in
                let data = item["data"]
                return
                    "\(data?["start"]?["dateTime"]?.string ?? "") \(data?["summary"]?.string ?? "")"
            }
        }
        #expect(try agenda() == expected)
        try scene.expect(0, "sync")
        #expect(try agenda() == expected)
        try scene.expect(0, "sync")
        #expect(try agenda() == expected)
        // What Google itself expands is the same.
        let listed = try await scene.call(
            "GET",
            "/calendar/v3/calendars/primary/events?singleEvents=true&orderBy=startTime"
                + "&timeMin=2026-10-01T00:00:00Z&timeMax=2027-02-01T00:00:00Z&timeZone=Europe/Paris"
        )
        let remote = (listed["items"]?.array ?? []).map { event in
            "\(event["start"]?["dateTime"]?.string ?? "") \(event["summary"]?.string ?? "")"
        }
        #expect(remote == expected)
        try await scene.call("DELETE", "/_emulator/requests")
        #expect(try scene.json("sync")["requests"] == 2)
    }

    @Test func `an invitation is answered, an event moved, another deleted`() async throws {
        let scene = try Scene.signedIn()
        let invitation = try #require(
            try scene.json("events", "list")["items"]?.array?.first { item in
                item["data"]?["recurrence"] == nil && item["data"]?["recurringEventId"] == nil
                    && (item["data"]?["attendees"]?.array ?? []).contains {
                        $0["self"] == true && $0["responseStatus"] == "needsAction"
                    }
            })
        let invited = try #require(invitation["id"]?.string)
        try scene.expect(0, "events", "rsvp", invited, "yes")
        let moved = try scene.json(
            "events", "add", "--title", "To be moved", "--when", "2026-11-09 10:00")
        try scene.expect(0, "sync")
        let movedID = try #require(moved["id"]?.string)
        try scene.expect(0, "events", "move", movedID, "--to", "Home")
        try scene.expect(0, "sync")
        #expect(try scene.json("events", "get", movedID)["collection"]?["name"] == "Home")
        try scene.expect(0, "events", "delete", movedID)
        try scene.expect(0, "sync")
        let answered = try await scene.remote(try #require(invitation["remoteId"]?.string))
        #expect(
            answered["attendees"]?.array?.contains {
                $0["self"] == true && $0["responseStatus"] == "accepted"
            } == true)
        let counters = try await scene.call("GET", "/_emulator/counters")
        #expect(counters["mails"] == 0)
        let gone = try scene.json("events", "list", "--calendar", "Home")["items"]?.array ?? []
        #expect(!gone.contains { $0["id"]?.string == movedID })
    }

    @Test func `one edit gives an event another title and another calendar`() async throws {
        let scene = try Scene.signedIn()
        let made = try scene.json(
            "events", "add", "--title", "Dentist", "--when", "2026-11-09 10:00")
        let id = try #require(made["id"]?.string)
        try scene.expect(0, "sync")
        let edited = try scene.json(
            "events", "edit", id, "--calendar", "Home", "--title", "Dentist, at last")
        #expect(edited["collection"]?["name"] == "Home")
        #expect(edited["data"]?["summary"] == "Dentist, at last")
        let run = try #require(edited["run"]?.string)
        let changes = try scene.json("log", run)["changes"]?.array ?? []
        #expect(changes.compactMap { $0["verb"]?.string } == ["updated", "moved"])
        // Nothing of an edit is kept where a part of it is refused.
        try scene.expect(5, "events", "edit", id, "--calendar", "Nowhere", "--title", "Lost")
        #expect(try scene.json("events", "get", id)["data"]?["summary"] == "Dentist, at last")
        try scene.expect(0, "sync")
        try scene.expect(0, "sync")
        #expect(try scene.json("events", "get", id)["state"] == "clean")
        let calendars = try scene.json("calendars", "list")["items"]?.array ?? []
        let home = try #require(calendars.first { $0["name"] == "Home" }?["remoteId"]?.string)
        let remoteID = try #require(made["remoteId"]?.string)
        let remote = try await scene.call(
            "GET", "/calendar/v3/calendars/\(home)/events/\(remoteID)")
        #expect(remote["summary"] == "Dentist, at last")
        // The calendar alone is an edit, too; one instance cannot leave its series.
        let back = try scene.json("events", "edit", id, "--calendar", "primary")
        #expect(back["collection"]?["name"] == made["collection"]?["name"])
        let series = try scene.json(
            "events", "add", "--title", "Choir", "--when", "2026-11-02 19:00", "--repeat",
            "FREQ=WEEKLY;COUNT=3")
        let instance = try #require(series["id"]?.string) + "_20261109T180000Z"
        try scene.expect(64, "events", "edit", instance, "--calendar", "Home", "--title", "X")
        let whole = try scene.json(
            "events", "edit", instance, "--calendar", "Home", "--scope", "all")
        #expect(whole["collection"]?["name"] == "Home")
        #expect(whole["data"]?["summary"] == "Choir")
    }

    @Test func `a dry run changes nothing and names who would be mailed`() async throws {
        let scene = try Scene.signedIn("--empty")
        let dry = try scene.json(
            "events", "add", "--title", "Party", "--when", "2026-11-09 18:00", "--guest",
            "bob@example.com", "--send-updates", "all", "--dry-run")
        #expect(dry["notifies"] == ["bob@example.com"])
        #expect(dry["sends"]?[0]?["verb"] == "create")
        #expect(dry["sends"]?[0]?["body"]?["summary"] == "Party")
        #expect(try scene.json("queue", "list")["items"] == [])
        #expect(try scene.json("events", "list")["items"] == [])
        try scene.expect(
            0, "events", "add", "--title", "Party", "--when", "2026-11-09 18:00", "--guest",
            "bob@example.com", "--send-updates", "all")
        let plan = try scene.json("sync", "--dry-run")
        #expect(plan["notifies"] == ["bob@example.com"])
        #expect(try scene.json("queue", "list")["items"]?.array?.count == 1)
    }

    @Test func `an edit that waits is listed, dropped, and gone without a trace at Google`()
        async throws
    {
        let scene = try Scene.signedIn("--empty")
        let id = try await scene.remoteEvent("Review")
        try scene.expect(0, "sync")
        try scene.expect(0, "events", "edit", id, "--title", "Renamed", "--where", "Room 1")
        let waiting = try #require(try scene.json("queue", "list")["items"]?[0])
        #expect(waiting["op"] == "patch")
        #expect(waiting["fields"] == ["summary", "location"])
        #expect(waiting["state"] == "dirty")
        #expect(waiting["remoteId"]?.string == id)
        #expect(waiting["since"]?.string != nil)
        try scene.expect(0, "queue", "drop", try #require(waiting["id"]?.string))
        #expect(try scene.json("events", "get", id)["data"]?["summary"] == "Review")
        #expect(try scene.json("queue", "list") == ["items": [], "next": .null])
        try scene.expect(0, "sync")
        #expect(try await scene.remote(id)["summary"] == "Review")
    }

    @Test func `the demonstration tells what really happened`() throws {
        let scene = try Scene()
        let run = try scene.run("demo", "--once", "--json", environment: ["TANDEM_HOME": ""])
        #expect(run.status == 0, "\(run.diagnostics)")
        #expect(run.output.hasPrefix(#"{"conflicts":1,"settled":1,"thirdSyncWrites":0,"#))
        let facts = try run.json()
        #expect(facts["mails"] == 0)
        #expect(facts["calendars"] == 4)
        #expect((facts["events"]?.int ?? 0) > 300)
        #expect(facts["merged"]?.array?.count == 1)
        #expect(facts["edits"]?.array?.count == 7)
        #expect(facts["secondSync"]?["exit"] == 11)
        #expect(facts["thirdSync"]?["exit"] == 0)
        #expect(facts["agenda"]?.array?.isEmpty == false)
        #expect(run.diagnostics.isEmpty)
    }

    @Test func `the demonstration touches no home that has an account`() throws {
        let scene = try Scene.withGoogle("--empty")
        // A setting of that home does not steer the play.
        try scene.expect(0, "config", "set", "client-secrets", "/nowhere.json")
        let before = try scene.expect(0, "demo", "--once")
        #expect(before.output.contains("$ tandem sync"))
        let run = try scene.run("demo", "--once", "--json")
        #expect(run.status == 10)
        #expect(try run.error()["code"] == "homeInUse")
    }
}
