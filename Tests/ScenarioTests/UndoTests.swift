import LosslessJSON
import Testing

/// `undo`: what a run changed, by edits in the other direction.
@Suite struct UndoTests {
    /// The run that a writing command answers with.
    private func run(_ scene: Scene, _ words: String...) throws -> String {
        let done = try RunningBinary(words + ["--json"], environment: scene.environment())
            .finish()
        #expect(done.status == 0, "\(words): \(done.diagnostics)")
        return try #require(try done.json()["run"]?.string)
    }

    private func starts(_ scene: Scene) throws -> [String] {
        let agenda = try scene.json("agenda", "--from", "2026-11-01", "--to", "2026-12-10")
        return (agenda["items"]?.array ?? []).compactMap { item in
            guard let start = item["data"]?["start"]?["dateTime"]?.string,
                let title = item["data"]?["summary"]?.string
            else { return nil }
            return "\(start.prefix(10)) \(title)"
        }
    }

    @Test func `an edit that was sent is undone at Google, too, and that again`() async throws {
        let scene = try Scene.signedIn("--empty")
        let id = try await scene.remoteEvent("Review")
        try scene.expect(0, "sync")
        let edit = try run(scene, "events", "edit", id, "--title", "Renamed")
        try scene.expect(0, "sync")
        let plan = try scene.json("undo", edit, "-n")
        #expect(plan["run"] == .some(.null) && plan["dryRun"] == true)
        #expect(plan["sends"]?[0]?["fields"] == ["summary"])
        #expect(try scene.json("queue", "list")["items"] == [])
        let undone = try scene.json("undo", edit)
        #expect(undone["undid"]?.string == edit && undone["kept"] == [])
        try scene.expect(0, "sync")
        #expect(try await scene.remote(id)["summary"] == "Review")
        try scene.expect(0, "undo", try #require(undone["run"]?.string))
        try scene.expect(0, "sync")
        #expect(try await scene.remote(id)["summary"] == "Renamed")
    }

    @Test func `what somebody changed since stays, and is told`() async throws {
        let scene = try Scene.signedIn("--empty")
        let id = try await scene.remoteEvent("Review")
        try scene.expect(0, "sync")
        let edit = try run(scene, "events", "edit", id, "--title", "Mine", "--where", "Mine")
        try scene.expect(0, "sync")
        try await scene.patchRemote(id, ["summary": "Theirs"])
        try scene.expect(0, "sync")
        let told = try scene.expect(0, "undo", edit, "-n")
        #expect(told.diagnostics.contains("kept: Mine, summary: it was changed again since"))
        let undone = try scene.json("undo", edit)
        let kept = try #require(undone["kept"]?[0])
        #expect(kept["field"] == "summary" && kept["reason"] == "changedSince")
        #expect(kept["before"] == "Review" && kept["now"] == "Theirs")
        try scene.expect(0, "sync")
        let remote = try await scene.remote(id)
        #expect(remote["summary"] == "Theirs" && remote["location"] == nil)
        let again = try scene.expect(1, "undo", edit, "--json")
        #expect(try again.error()["code"] == "notUndone")
    }

    @Test func `an event that was deleted comes back, with its id here`() async throws {
        let scene = try Scene.signedIn("--empty")
        let remote = try await scene.remoteEvent("Review")
        try scene.expect(0, "sync")
        let id = try #require(try scene.item("Review")["id"]?.string)
        let edit = try run(scene, "events", "delete", remote)
        try scene.expect(0, "sync")
        try scene.expect(0, "undo", edit)
        try scene.expect(0, "sync")
        let item = try scene.item("Review")
        #expect(item["id"]?.string == id && item["state"] == "clean")
        #expect(item["remoteId"]?.string != remote)
    }

    @Test func `a series that was divided and sent is one again, its changed instance, too`()
        async throws
    {
        let scene = try Scene.signedIn("--empty")
        try scene.expect(
            0, "events", "add", "--title", "Choir", "--when", "2026-11-02 18:00", "--repeat",
            "weekly")
        try scene.expect(0, "sync")
        let id = try #require(try scene.item("Choir")["id"]?.string)
        try scene.expect(0, "events", "edit", "\(id)_20261130T170000Z", "--title", "Concert")
        try scene.expect(0, "sync")
        let before = try starts(scene)
        let edit = try run(
            scene, "events", "edit", "\(id)_20261116T170000Z", "--scope", "following", "--title",
            "Band")
        // The second one reads what became of the instance.
        for _ in 1...2 { try scene.expect(0, "sync") }
        #expect(try starts(scene) != before)
        try scene.expect(0, "undo", edit)
        for _ in 1...2 { try scene.expect(0, "sync") }
        #expect(try starts(scene) == before)
        #expect(try scene.json("queue", "list")["items"] == [])
        #expect(try scene.json("conflicts", "list")["items"] == [])
    }

    @Test func `a series that was deleted is there again, without the instances it lacked`()
        async throws
    {
        let scene = try Scene.signedIn("--empty")
        try scene.expect(
            0, "events", "add", "--title", "Choir", "--when", "2026-11-02 18:00", "--repeat",
            "weekly")
        try scene.expect(0, "sync")
        let id = try #require(try scene.item("Choir")["id"]?.string)
        try scene.expect(0, "events", "edit", "\(id)_20261116T170000Z", "--title", "Concert")
        try scene.expect(0, "events", "delete", "\(id)_20261123T170000Z")
        try scene.expect(0, "sync")
        let before = try starts(scene)
        let edit = try run(scene, "events", "delete", id)
        try scene.expect(0, "sync")
        #expect(try starts(scene).isEmpty)
        try scene.expect(0, "undo", edit)
        for _ in 1...2 { try scene.expect(0, "sync") }
        #expect(try starts(scene) == before)
        #expect(try scene.json("conflicts", "list")["items"] == [])
    }

    @Test func `what a sync brought is undone`() async throws {
        let scene = try Scene.signedIn("--empty")
        let first = try await scene.remoteEvent("First")
        let second = try await scene.remoteEvent("Second")
        try scene.expect(0, "sync")
        try await scene.patchRemote(first, ["summary": "Spoilt"])
        try await scene.call("DELETE", "/calendar/v3/calendars/primary/events/\(second)")
        _ = try await scene.remoteEvent("Unwanted")
        let sync = try run(scene, "sync")
        try scene.expect(0, "undo", sync)
        try scene.expect(0, "sync")
        let titles = (try scene.json("events", "list")["items"]?.array ?? []).compactMap {
            $0["data"]?["summary"]?.string
        }
        #expect(titles.sorted() == ["First", "Second"])
        #expect(try await scene.remote(first)["summary"] == "First")
    }

    @Test func `undoing mails nobody unless it is asked to, and names whom it would`() async throws
    {
        let scene = try Scene.signedIn("--empty")
        let id = try await scene.remoteEvent(
            "Review", ["attendees": [["email": "bob@example.org"]]])
        try scene.expect(0, "sync")
        let edit = try run(scene, "events", "edit", id, "--where", "Here")
        try scene.expect(0, "sync")
        #expect(try scene.json("undo", edit, "-n")["notifies"] == [])
        let loud = try scene.json("undo", edit, "-n", "--send-updates", "all")
        #expect(loud["notifies"] == ["bob@example.org"])
    }

    @Test func `a run that is not there, or changed nothing, is no run to undo`() throws {
        let scene = try Scene.signedIn("--empty")
        #expect(try scene.expect(5, "undo", "x", "--json").error()["code"] == "notFound")
        let idle = try run(scene, "sync")
        try scene.expect(64, "undo", idle)
    }
}
