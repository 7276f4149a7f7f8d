import LosslessJSON
import Testing

/// Settling conflicts, and whom Google then mails.
@Suite struct SettlingTests {
    /// A scene with one conflict about an event with a guest; the event's and the conflict's ids.
    private func clash() async throws -> (scene: Scene, id: String, conflict: String) {
        let scene = try Scene.signedIn("--empty")
        let id = try await scene.remoteEvent(
            "Review", ["attendees": [["email": "bob@example.org"]]])
        try scene.expect(0, "sync")
        try scene.expect(0, "events", "edit", id, "--where", "Mine")
        try await scene.patchRemote(id, ["location": "Theirs"])
        try scene.expect(11, "sync")
        let conflict = try #require(try scene.json("conflicts", "list")["items"]?[0]?["id"]?.string)
        return (scene, id, conflict)
    }

    @Test func `a conflict is shown side by side, and part by part for programs`() async throws {
        let (scene, _, conflict) = try await clash()
        let shown = try scene.expect(0, "conflicts", "show", conflict)
        #expect(shown.output.contains("          MINE  THEIRS  BASE\n"))
        #expect(shown.output.contains("location  Mine  Theirs  (nothing)\n"))
        let json = try scene.json("conflicts", "show", conflict)
        #expect(json["mine"] == "Mine" && json["theirs"] == "Theirs")
        #expect(
            json["fields"] == [
                ["field": "location", "mine": "Mine", "theirs": "Theirs", "base": .null]
            ])
        let plain = try scene.expect(0, "conflicts", "show", conflict, "--plain").output
        #expect(plain.contains("mine\tMine\n"))
    }

    private func mails(_ scene: Scene) async throws -> JSON? {
        try await scene.call("GET", "/_emulator/counters")["mails"]
    }

    @Test func `settling mails nobody unless that is asked for`() async throws {
        let (scene, _, conflict) = try await clash()
        let before = try await mails(scene)
        let settled = try scene.json("conflicts", "resolve", conflict, "--use", "mine")
        #expect(settled["notifies"] == [])
        #expect(settled["conflict"]?.string == conflict)
        try scene.expect(0, "sync")
        #expect(try await mails(scene) == before)
    }

    @Test func `who is to be mailed is planned, kept with the settlement, and mailed`()
        async throws
    {
        let (scene, id, conflict) = try await clash()
        let before = try #require(try await mails(scene)?.number?.text)
        let words = ["conflicts", "resolve", conflict, "--use", "mine", "--send-updates", "all"]
        let plan = try RunningBinary(
            words + ["--dry-run", "--json"], environment: scene.environment()
        ).finish()
        #expect(plan.status == 0, "\(plan.diagnostics)")
        #expect(try plan.json()["dryRun"] == true)
        #expect(try plan.json()["run"] == .some(.null))
        #expect(try plan.json()["notifies"] == ["bob@example.org"])
        let sends = try plan.json()["sends"]
        #expect(sends?[0]?["body"] == ["location": "Mine"])
        #expect(sends?[0]?["sendUpdates"] == "all")
        #expect(try scene.json("conflicts", "list")["items"]?.array?.count == 1)

        let settled = try RunningBinary(
            words + ["--json"], environment: scene.environment()
        ).finish().json()
        #expect(settled["notifies"] == ["bob@example.org"])
        #expect(try scene.json("sync", "--dry-run")["notifies"] == ["bob@example.org"])
        try scene.expect(0, "sync")
        #expect(try await scene.remote(id)["location"] == "Mine")
        let after = try #require(try await mails(scene)?.number?.text)
        #expect(Int(after) ?? 0 > Int(before) ?? 0)
    }

    @Test func `keeping both mails about the new one alone`() async throws {
        let (scene, id, conflict) = try await clash()
        let settled = try scene.json(
            "conflicts", "resolve", conflict, "--use", "both", "--send-updates", "all")
        #expect(settled["notifies"] == [])
        let other = try #require(settled["alsoChanged"]?[0]?.string)
        let made = try scene.json("events", "get", other)
        #expect(made["notifies"] == ["bob@example.org"])
        #expect(made["data"]?["location"] == "Mine")
        #expect(made["remoteId"]?.string != id)
    }

    @Test func `who settled for theirs is told the one step back, and can take it`()
        async throws
    {
        let (scene, id, conflict) = try await clash()
        let settled = try scene.expect(0, "conflicts", "resolve", conflict, "--use", "theirs")
        let step = "conflicts resolve \(conflict) --use mine"
        #expect(settled.diagnostics.contains("tandem \(step)\n"))
        try scene.expect(0, "sync")
        #expect(try await scene.remote(id)["location"] == "Theirs")
        // It is kept on the list of the settled ones, which is settled with theirs for good.
        let list = try scene.json("conflicts", "list", "--all")["items"]?[0]
        #expect(list?["choices"] == ["mine"] && list?["mine"] == "Mine")
        try scene.expect(5, "conflicts", "resolve", conflict, "--use", "both")
        let back = try scene.json("conflicts", "resolve", conflict, "--use", "mine")
        #expect(back["state"] == "dirty" && back["resolution"] == "mine")
        try scene.expect(0, "sync")
        #expect(try await scene.remote(id)["location"] == "Mine")
        // What is gone for good says so, and where the value is.
        try scene.expect(0, "events", "delete", id)
        let waiting = try scene.expect(
            5, "conflicts", "resolve", conflict, "--use", "mine", "--json"
        ).error()
        #expect(waiting["remedy"]?.string?.contains("tandem queue drop") == true)
        try scene.expect(0, "sync")
        let gone = try scene.expect(
            5, "conflicts", "resolve", conflict, "--use", "mine", "--json"
        ).error()
        #expect(gone["remedy"]?.string?.contains("tandem queue drop") == false)
        #expect(gone["remedy"]?.string?.contains("conflicts show \(conflict)") == true)
    }

    @Test func `whom to mail is said in the contract's words`() throws {
        let scene = try Scene()
        try scene.expect(
            64, "conflicts", "resolve", "x", "--use", "mine", "--send-updates", "everybody")
    }
}
