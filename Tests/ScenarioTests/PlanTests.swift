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
