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
}
