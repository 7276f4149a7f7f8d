import LosslessJSON
import Testing

/// Edits say how they are taken back.
@Suite struct WayBackTests {
    private func note(_ id: String, _ end: String = "takes it back") -> String {
        "Kept here; 'tandem sync' sends it, 'tandem queue drop \(id)' \(end).\n"
    }

    @Test func `whatever waits names the one command that takes it back`() async throws {
        let scene = try Scene.signedIn("--empty")
        let remote = try await scene.remoteEvent(
            "Review", ["attendees": [["email": "ada@example.com"]]])
        try scene.expect(0, "sync")
        let item = try scene.json("events", "get", remote)
        let id = try #require(item["id"]?.string)
        let edits = [
            ["events", "edit", id, "--title", "Mine"], ["events", "rsvp", id, "declined"],
            ["events", "delete", id],
        ]
        for words in edits {
            let told = try RunningBinary(words, environment: scene.environment()).finish()
            #expect(told.status == 0 && told.diagnostics == note(id), "\(words)")
            let drop = try #require(told.diagnostics.split(separator: "'").last { $0.contains(id) })
            #expect(
                try scene.shell(String(drop).replacing("tandem", with: "\"$TANDEM\"")).status == 0)
            #expect(try scene.json("events", "get", remote) == item)
        }
        let added = try scene.expect(
            0, "events", "add", "--title", "New", "--when", "2026-11-09 10:00")
        let made = try #require(try scene.item("New")["id"]?.string)
        #expect(added.diagnostics == note(made))
    }

    @Test func `it says so where earlier edits go with it`() async throws {
        let scene = try Scene.signedIn("--empty")
        let remote = try await scene.remoteEvent("Review")
        try scene.expect(0, "sync")
        let id = try #require(try scene.json("events", "get", remote)["id"]?.string)
        let first = try scene.expect(0, "events", "edit", id, "--title", "First")
        #expect(first.diagnostics == note(id))
        let second = try scene.expect(0, "events", "edit", id, "--where", "Second")
        #expect(second.diagnostics == note(id, "drops all of it that waits"))
        try scene.expect(0, "sync")
        let third = try scene.expect(0, "events", "edit", id, "--title", "Third")
        #expect(third.diagnostics == note(id))
    }

    @Test func `programs and the quiet are told nothing of it`() throws {
        let scene = try Scene.signedIn("--empty")
        for flag in ["--json", "-q"] {
            let told = try scene.expect(
                0, "events", "add", "--title", "New", "--when", "2026-11-09 10:00", flag)
            #expect(told.diagnostics.isEmpty)
        }
    }

    @Test func `a deleted event names the way back to whoever looks for it`() async throws {
        let scene = try Scene.signedIn("--empty")
        let remote = try await scene.remoteEvent("Review")
        try scene.expect(0, "sync")
        let id = try #require(try scene.json("events", "get", remote)["id"]?.string)
        try scene.expect(0, "events", "delete", id)
        let shown = try scene.expect(0, "events", "get", id)
        #expect(shown.diagnostics.hasSuffix("bring it back: tandem queue drop \(id)\n"))
        let refused = try scene.expect(5, "events", "edit", id, "--title", "New")
        #expect(refused.diagnostics.hasSuffix("Bring it back: tandem queue drop \(id)\n"))
        try scene.expect(0, "queue", "drop", id)
        #expect(try scene.expect(0, "events", "get", id).diagnostics.isEmpty)
        try scene.expect(0, "events", "delete", id)
        try scene.expect(0, "sync")
        #expect(try scene.expect(0, "events", "get", id).diagnostics.isEmpty)
    }
}
