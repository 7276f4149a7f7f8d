import LosslessJSON
import Testing

/// Events that somebody else organises.
@Suite struct OrganiserTests {
    private static let bob = "ya29.scene-token-of-bob"

    /// A scene where bob invited ada; the event's id.
    private func invitation(_ more: JSON = [:]) async throws -> (scene: Scene, id: String) {
        let scene = try Scene.signedIn(
            "--empty", "--user", "ada@example.com", "--user", "bob@example.com", "--token",
            "bob@example.com=\(Self.bob)")
        let event: JSON = [
            "summary": "Review", "attendees": [["email": "ada@example.com"]],
            "start": ["dateTime": "2026-11-09T10:00:00+01:00", "timeZone": "Europe/Paris"],
            "end": ["dateTime": "2026-11-09T11:00:00+01:00", "timeZone": "Europe/Paris"],
        ]
        let made = try await scene.call(
            "POST", "/calendar/v3/calendars/primary/events", event.merging(more), token: Self.bob)
        try scene.expect(0, "sync")
        return (scene, try #require(made["id"]?.string))
    }

    @Test func `what Google refused in part says why, and what can be done`() async throws {
        let (scene, id) = try await invitation()
        try scene.expect(
            0, "events", "edit", id, "--patch",
            "{\"summary\":\"Mine\",\"transparency\":\"transparent\",\"colorId\":\"3\"}")
        try scene.expect(11, "sync")
        #expect(try await scene.remote(id)["colorId"] == "3")

        let list = try scene.expect(0, "conflicts", "list")
        #expect(list.diagnostics.contains("Review, summary: Google kept its own value."))
        #expect(list.diagnostics.contains("bob@example.com"))
        #expect(list.diagnostics.contains("Settle the others with"))
        #expect(list.diagnostics.contains("--use theirs|both\n"))
        let conflicts = try scene.json("conflicts", "list")["items"]?.array ?? []
        let title = try #require(conflicts.first { $0["field"] == "summary" })
        #expect(title["choices"] == ["theirs", "both"])
        #expect(title["reason"]?.string?.contains("Only the organiser") == true)
        // This one went down with the title, and is ada's own to change.
        let busy = try #require(conflicts.first { $0["field"] == "transparency" })
        #expect(busy["choices"] == ["mine", "theirs", "both"])

        let refused = try #require(title["id"]?.string)
        let shown = try scene.expect(0, "conflicts", "show", refused)
        #expect(shown.output.contains("reason"))
        #expect(shown.diagnostics.contains("--use theirs|both\n"))
        let error = try scene.expect(
            6, "conflicts", "resolve", refused, "--use", "mine", "--json"
        ).error()
        #expect(error["code"] == "denied")
        #expect(error["message"]?.string?.contains("Only the organiser") == true)
        #expect(error["remedy"]?.string?.contains("--use theirs") == true)

        try scene.expect(
            0, "conflicts", "resolve", try #require(busy["id"]?.string), "--use", "mine")
        try scene.expect(0, "conflicts", "resolve", refused, "--use", "theirs")
        try scene.expect(0, "sync")
        #expect(try await scene.remote(id)["transparency"] == "transparent")
        #expect(try await scene.remote(id)["summary"] == "Review")
    }

    @Test func `an edit that Google may refuse says so at once, and is kept`() async throws {
        let (scene, id) = try await invitation()
        let words = ["events", "edit", id, "--title", "Mine"]
        for more in [["--dry-run"], []] {
            let told = try RunningBinary(words + more, environment: scene.environment()).finish()
            #expect(told.status == 0)
            #expect(
                told.diagnostics.contains(
                    "Google may keep its own summary. "
                        + "Only the organiser of the event can change this: bob@example.com."))
        }
        let edited = try scene.json("events", "edit", id, "--where", "Here")
        #expect(edited["mayBeRefused"]?["fields"] == ["summary", "location"])
        #expect(edited["state"] == "dirty" && edited["data"]?["summary"] == "Mine")
        try scene.expect(0, "queue", "drop", id)
        let answered = try scene.json("events", "rsvp", id, "accepted")
        #expect(answered["mayBeRefused"] == .some(.null))
    }

    @Test func `one instance of somebody else's series is somebody else's, too`() async throws {
        let (scene, id) = try await invitation(["recurrence": ["RRULE:FREQ=DAILY;COUNT=3"]])
        let edited = try scene.json(
            "events", "edit", "\(id)_20261110T090000Z", "--title", "Mine")
        #expect(edited["mayBeRefused"]?["fields"] == ["summary"])
    }

    @Test func `where guests may modify, and of one's own events, nothing is doubted`()
        async throws
    {
        let (scene, id) = try await invitation(["guestsCanModify": true])
        let edited = try scene.json("events", "edit", id, "--title", "Ours")
        #expect(edited["mayBeRefused"] == .some(.null))
        let own = try scene.json("events", "add", "--title", "Own", "--when", "2026-11-09 10:00")
        #expect(own["mayBeRefused"] == .some(.null))
        try scene.expect(0, "sync")
        #expect(try await scene.remote(id)["summary"] == "Ours")
    }
}
