import LosslessJSON
import Testing

/// What dry runs and lists of what waits say of an edit.
@Suite struct PlanTests {
    @Test func `mail is asked for after the edit, without another change`() async throws {
        let scene = try Scene.signedIn("--empty")
        let id = try await scene.remoteEvent(
            "Review", ["attendees": [["email": "bob@example.org"]]])
        try scene.expect(0, "sync")
        let early = try scene.expect(64, "events", "edit", id, "--send-updates", "all", "--json")
        #expect(try early.error()["remedy"]?.string?.contains("--send-updates all") == true)
        try scene.expect(0, "events", "edit", id, "--where", "Room 1")
        let plan = try scene.json("events", "edit", id, "--send-updates", "all", "--dry-run")
        #expect(plan["sends"]?[0]?["sendUpdates"] == "all")
        #expect(try scene.json("sync", "--dry-run")["notifies"] == [])
        let wider = try scene.json("events", "edit", id, "--send-updates", "all")
        #expect(wider["notifies"] == ["bob@example.org"])
        #expect(try scene.json("sync", "--dry-run")["notifies"] == ["bob@example.org"])
        try scene.expect(64, "events", "edit", id, "--send-updates", "none")
        try scene.expect(64, "events", "edit", id)
    }

    @Test func `a dry run names nothing that will never be`() throws {
        let scene = try Scene.signedIn("--empty")
        let words = ["events", "add", "--title", "Party", "--when", "2026-11-09 18:00", "-n"]
        let json = try RunningBinary(words + ["--json"], environment: scene.environment())
            .finish().json()
        #expect(json["id"] == .some(.null) && json["remoteId"] == .some(.null))
        #expect(json["data"]?["id"] == nil && json["data"]?["summary"] == "Party")
        #expect(json["sends"]?[0]?["body"]?["id"] == nil)
        #expect(json["sends"]?[0]?["fields"] == ["summary", "time"])
        let text = try RunningBinary(words, environment: scene.environment()).finish()
        #expect(!text.output.contains("\nid "))
        #expect(text.output.contains("create: summary, time"))
    }

    @Test func `of an instance a dry run shows the id that it keeps`() async throws {
        let scene = try Scene.signedIn("--empty")
        try scene.expect(
            0, "events", "add", "--title", "Choir", "--when", "2026-11-02 18:00", "--repeat",
            "weekly")
        try scene.expect(0, "sync")
        let id = try #require(try scene.item("Choir")["id"]?.string)
        let instance = "\(id)_20261116T170000Z"
        let plan = try scene.json("events", "edit", instance, "--title", "Concert", "-n")
        #expect(plan["id"]?.string == instance)
        #expect(plan["sends"]?[0]?["verb"] == "patch" || plan["sends"]?[0]?["verb"] == "create")
        let cut = try scene.json(
            "events", "edit", instance, "--title", "Concerts", "--scope", "following", "-n")
        #expect(cut["id"] == .some(.null))
        #expect(cut["alsoChanged"] == [.string(id)])
        #expect(cut["sends"]?.array?.count == 2)
    }

    @Test func `a dry run of keeping both shows both`() async throws {
        let scene = try Scene.signedIn("--empty")
        let id = try await scene.remoteEvent("Review")
        try scene.expect(0, "sync")
        try scene.expect(0, "events", "edit", id, "--where", "Mine")
        try await scene.patchRemote(id, ["location": "Theirs"])
        try scene.expect(11, "sync")
        let conflict = try #require(try scene.json("conflicts", "list")["items"]?[0]?["id"]?.string)
        let plan = try scene.expect(0, "conflicts", "resolve", conflict, "--use", "both", "-n")
        #expect(plan.output.contains("Theirs") && plan.output.contains("Mine"))
        #expect(plan.output.contains("sends      nothing"))
        #expect(plan.output.contains("create: summary, time, location"))
        #expect(!plan.diagnostics.contains("changed with it"))
        #expect(try scene.json("conflicts", "list")["items"]?.array?.count == 1)
    }

    @Test func `an answer's word is in the dry run`() async throws {
        let scene = try Scene.signedIn("--empty")
        let id = try await scene.remoteEvent(
            "Review", ["attendees": [["email": "ada@example.com"], ["email": "bob@x.org"]]])
        try scene.expect(0, "sync")
        let plan = try scene.expect(0, "events", "rsvp", id, "yes", "--comment", "Late", "-n")
        #expect(plan.output.contains("(accepted: Late)"))
        #expect(plan.output.contains("patch: attendees"))
    }

    @Test func `the same change has the same names wherever it is listed`() async throws {
        let scene = try Scene.signedIn("--empty")
        let id = try await scene.remoteEvent("Review")
        try scene.expect(0, "sync")
        let edit = try scene.json(
            "events", "edit", id, "--when", "2026-11-10 10:00", "--title", "New")
        let run = try #require(edit["run"]?.string)
        let names: JSON = ["summary", "time"]
        #expect(try scene.json("queue", "list")["items"]?[0]?["fields"] == names)
        #expect(try scene.json("sync", "-n")["sends"]?[0]?["fields"] == names)
        let logged = try scene.json("log", run)["changes"]?[0]?["changes"]?.array ?? []
        #expect(JSON.array(logged.compactMap { $0["field"] }) == names)
        #expect(try scene.expect(0, "sync", "-n").output.contains("summary, time"))
        #expect(try scene.expect(0, "queue", "list").output.contains("summary, time"))
    }

    @Test func `a dry run of a sync shows what follows from a write, and what waits`() async throws
    {
        let scene = try Scene.signedIn("--empty")
        try await scene.call("POST", "/calendar/v3/calendars", ["summary": "Home"])
        let id = try await scene.remoteEvent("Review")
        let guest = try await scene.remoteEvent("Dinner", ["location": "Base"])
        try scene.expect(0, "sync")
        try scene.expect(0, "events", "move", id, "--to", "Home")
        try scene.expect(0, "events", "edit", id, "--title", "Moved")
        let plan = try scene.json("sync", "-n")
        let sends = plan["sends"]?.array ?? []
        #expect(sends.compactMap { $0["verb"]?.string } == ["move", "patch"])
        #expect(sends.first?["movedTo"] == "Home")
        #expect(sends.last?["fields"] == ["summary"])
        #expect(plan["waits"] == [])
        #expect(try scene.json("queue", "list")["items"]?.array?.count == 1)
        try scene.expect(0, "events", "edit", guest, "--where", "Here")
        try await scene.call(
            "POST", "/_emulator/faults",
            [
                "api": "calendar", "method": "events.patch", "status": 400, "reason": "invalid",
                "times": 100,
            ])
        try scene.expect(12, "sync")
        let waits = try scene.json("sync", "-n")["waits"]?.array ?? []
        #expect(waits.contains { $0["reason"] == "quarantined" && $0["title"] == "Dinner" })
        #expect(try scene.expect(0, "sync", "-n").output.contains("set aside"))
    }

    @Test func `what is deleted is so in one way, for people and programs`() async throws {
        let scene = try Scene.signedIn("--empty")
        let id = try await scene.remoteEvent("Review")
        try scene.expect(0, "sync")
        try scene.expect(0, "events", "delete", id)
        #expect(try scene.json("queue", "list")["items"]?[0]?["state"] == "dirty")
        let item = try scene.json("events", "get", id)
        #expect(item["state"] == "dirty" && item["deleted"] == true)
        #expect(try scene.expect(0, "events", "get", id).output.contains("dirty, deleted"))
        try scene.expect(0, "sync")
        #expect(try scene.expect(0, "events", "get", id).output.contains("clean, deleted"))
        #expect(try scene.expect(0, "events", "list", "--all").output.contains("clean, deleted"))
    }

    @Test func `what is not there has one code, the exit's own name`() throws {
        let scene = try Scene()
        let codes = try scene.json("exit-codes")["items"]?.array ?? []
        let name = codes.first { $0["code"] == 5 }?["name"]
        for words in [["events", "get", "x"], ["auth", "logout"], ["log", "x"]] {
            let run = try RunningBinary(words + ["--json"], environment: scene.environment())
                .finish()
            #expect(try run.error()["code"] == name, "\(words)")
        }
    }

    @Test func `a series moved through an instance shows that one, and names what is lost`()
        async throws
    {
        let scene = try Scene.signedIn("--empty")
        try scene.expect(
            0, "events", "add", "--title", "Choir", "--when", "2026-11-02 18:00", "--repeat",
            "weekly")
        try scene.expect(0, "sync")
        let id = try #require(try scene.item("Choir")["id"]?.string)
        try scene.expect(0, "events", "edit", "\(id)_20261109T170000Z", "--title", "Concert")
        try scene.expect(0, "sync")
        let words = [
            "events", "edit", "\(id)_20261116T170000Z", "--scope", "all", "--when",
            "2026-11-17 20:00",
        ]
        let plan = try RunningBinary(words + ["-n"], environment: scene.environment()).finish()
        #expect(plan.output.contains("when         2026-11-17 20:00 – 21:00"))
        #expect(plan.output.contains("series from  2026-11-03 20:00 – 21:00"))
        #expect(
            plan.diagnostics.contains(
                "1 changed instance would no longer fit the series, and Google may drop it: "
                    + "'Concert' of 2026-11-09 18:00."))
        let done = try RunningBinary(words + ["--json"], environment: scene.environment())
            .finish().json()
        #expect(done["leftBehind"]?.array?.count == 1)
        #expect(done["instance"]?["id"]?.string == "\(id)_20261117T190000Z")
    }

    @Test func `a delete that an edit there overrules is told by the sync, and stays told`()
        async throws
    {
        let scene = try Scene.signedIn("--empty")
        let id = try await scene.remoteEvent("Review")
        try scene.expect(0, "sync")
        try scene.expect(0, "events", "delete", id)
        try await scene.patchRemote(id, ["location": "Theirs"])
        let sync = try scene.expect(0, "sync")
        #expect(sync.diagnostics.contains("brought back: Review (edited by "))
        let run = try #require(try scene.json("log")["items"]?[0]?["id"]?.string)
        #expect(try scene.expect(0, "log", run).diagnostics.contains("brought back: Review"))
        #expect(try scene.json("conflicts", "list")["items"] == [])
        let settled = try #require(try scene.json("conflicts", "list", "--all")["items"]?[0])
        #expect(settled["field"] == "delete" && settled["resolution"] == "theirs")
        #expect(settled["mine"] == .some(.null))
        #expect(settled["theirs"]?["location"] == "Theirs")
    }
}
