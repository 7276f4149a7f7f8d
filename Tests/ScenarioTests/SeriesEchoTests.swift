import LosslessJSON
import Testing

/// What Google makes of an edit of a series sent from here is no news from there.
@Suite(.serialized) struct SeriesEchoTests {
    /// A synced series of six days, the fifth of them moved elsewhere, and what its instances' ids
    /// begin with.
    private func scene() async throws -> (scene: Scene, id: String, remoteID: String) {
        let scene = try Scene.signedIn("--empty")
        let made = try scene.json(
            "events", "add", "--title", "Series", "--when", "2026-12-01 10:00", "--zone",
            "Europe/Paris", "--repeat", "RRULE:FREQ=DAILY;COUNT=6")
        try scene.expect(0, "sync")
        let id = try #require(made["id"]?.string)
        try scene.expect(0, "events", "edit", "\(id)_20261205T090000Z", "--where", "Elsewhere")
        try scene.expect(0, "sync")
        try scene.expect(0, "sync")
        return (scene, id, try #require(made["remoteId"]?.string))
    }

    /// How many things a sync created, updated and deleted here and there, and its log.
    private func sync(
        _ scene: Scene, _ flags: String...
    ) throws -> (changes: Int, log: [JSON]) {
        let run = try RunningBinary(
            ["sync", "--json"] + flags, environment: scene.environment()
        ).finish()
        #expect(run.status == 0, "\(run.output)\(run.diagnostics)")
        let report = try run.json()
        let counts = (report["collections"]?.array ?? []).flatMap { collection in
            ["pulled", "pushed"].flatMap { side in
                ["created", "updated", "deleted"].map { collection[side]?[$0]?.int ?? 0 }
            }
        }
        let log = try scene.json("log", try #require(report["run"]?.string))["changes"]
        return (Int(counts.reduce(0, +)), log?.array ?? [])
    }

    @Test(arguments: [
        ["delete", "ID_20261204T090000Z", "--scope", "following"],
        ["edit", "ID_20261204T090000Z", "--scope", "following", "--title", "New"],
        ["edit", "ID", "--patch", #"{"recurrence":["RRULE:FREQ=DAILY;COUNT=3"]}"#],
        ["edit", "ID", "--when", "2026-12-01 15:00", "--zone", "Europe/Paris"],
        [
            "edit", "ID_20261202T090000Z", "--when", "2026-12-02 15:00", "--zone",
            "Europe/Paris", "--scope", "all",
        ],
        ["delete", "ID"],
    ])
    func `the sync after one that sent an edit of a series reports nothing`(
        words: [String]
    ) async throws {
        let (scene, id, _) = try await scene()
        let arguments = words.map { $0.replacing("ID", with: id) }
        let edit = try RunningBinary(["events"] + arguments, environment: scene.environment())
            .finish()
        #expect(edit.status == 0, "\(edit.output)\(edit.diagnostics)")
        #expect(try sync(scene).changes > 0)
        try await scene.call("DELETE", "/_emulator/requests")
        for flags in [[], ["--full"]] {
            let again = try flags.isEmpty ? sync(scene) : sync(scene, "--full")
            #expect(again.changes == 0)
            #expect(again.log == [])
        }
        #expect(try await scene.writes() == 0)
    }

    @Test func `cut short and made longer again, the series has its own instance`() async throws {
        let (scene, id, _) = try await scene()
        for count in [3, 6] {
            try scene.expect(
                0, "events", "edit", id, "--patch",
                #"{"recurrence":["RRULE:FREQ=DAILY;COUNT=\#(count)"]}"#)
            _ = try sync(scene)
            #expect(try sync(scene).changes == 0)
        }
        let agenda = try scene.json("agenda", "--from", "2026-12-01", "--days", "9")
        let items = agenda["items"]?.array ?? []
        #expect(items.count == 6)
        #expect(items.allSatisfy { $0["data"]?["location"] == nil })
    }

    @Test(arguments: ["03", "05"])
    func `what somebody else cancels is counted, and told with its title`(
        day: String
    ) async throws {
        let (scene, _, remoteID) = try await scene()
        try await scene.call(
            "DELETE",
            "/calendar/v3/calendars/primary/events/\(remoteID)_202612\(day)T090000Z")
        let (changes, log) = try sync(scene)
        #expect(changes == 1)
        #expect(log.map { $0["verb"] } == ["deleted"])
        #expect(log.map { $0["title"] } == ["Series"])
        #expect(try sync(scene).changes == 0)
    }
}
