import Foundation
import LosslessJSON
import Testing

/// `sync --watch`: soon after edits of other commands, and with nothing torn when it ends.
@Suite(.serialized) struct WatchTests {
    /// A watch that has synced once.
    private func watch(_ scene: Scene) throws -> RunningBinary {
        let sync = try scene.start("sync", "--watch", "--json")
        let first = try #require(sync.firstLine())
        #expect(try JSON(parsing: first)["exit"] == 0)
        return sync
    }

    private func end(_ sync: RunningBinary, sourceLocation: SourceLocation = #_sourceLocation) {
        sync.send(SIGTERM)
        let run = sync.finish(within: 30)
        #expect(run.status == 130, "\(run.diagnostics)", sourceLocation: sourceLocation)
        for line in run.output.split(separator: "\n") {
            #expect(throws: Never.self, sourceLocation: sourceLocation) {
                try JSON(parsing: String(line))
            }
        }
    }

    /// The next run that sent something.
    private func sending(_ sync: RunningBinary) throws -> JSON {
        let line = sync.line { line in
            line.contains("\"pushed\":{\"created\":1") || line.contains("\"updated\":1")
                || line.contains("\"deleted\":1")
        }
        return try JSON(parsing: try #require(line, "nothing was sent"))
    }

    @Test func `what another command edits is sent within seconds`() throws {
        let scene = try Scene.signedIn("--empty")
        let sync = try watch(scene)
        let started = Date()
        try scene.expect(0, "events", "add", "--title", "Soon", "--when", "2026-11-09 10:00")
        let run = try sending(sync)
        #expect(Date().timeIntervalSince(started) < 60)
        #expect(run["exit"] == 0)
        #expect(try scene.item("Soon")["state"] == "clean")
        end(sync)
    }

    @Test func `an item that is to be tried again is, within seconds`() async throws {
        let scene = try Scene.signedIn("--empty")
        try scene.expect(0, "events", "add", "--title", "Refused", "--when", "2026-11-09 10:00")
        try await scene.call(
            "POST", "/_emulator/faults",
            [
                "api": "calendar", "method": "events.insert", "status": 400, "reason": "invalid",
                "nth": 1, "times": 1,
            ])
        try scene.expect(12, "sync")
        let id = try #require(try scene.json("quarantine", "list")["items"]?[0]?["id"]?.string)
        let sync = try scene.start("sync", "--watch", "--json")
        _ = try #require(sync.firstLine())
        try scene.expect(0, "quarantine", "retry", id)
        #expect(try sending(sync)["exit"] == 0)
        #expect(try scene.json("quarantine", "list")["items"] == [])
        end(sync)
    }

    @Test func `deletes that are released are sent within seconds`() async throws {
        let scene = try Scene.signedIn("--empty")
        var ids: [String] = []
        for number in 1...3 { ids.append(try await scene.remoteEvent("Event \(number)")) }
        try scene.expect(0, "sync")
        for id in ids { try scene.expect(0, "events", "delete", id) }
        let held = try scene.start("sync", "--watch", "--json")
        #expect(try JSON(parsing: try #require(held.firstLine()))["exit"] == 13)
        let hold = try #require(try scene.json("holds", "list")["items"]?[0]?["id"]?.string)
        let notes = try scene.expect(0, "holds", "list").diagnostics
        #expect(notes.contains("tandem holds release \(hold)"))
        #expect(notes.contains("tandem holds refuse \(hold)"))
        try scene.expect(0, "holds", "release", hold)
        #expect(held.line { $0.contains("\"deleted\":3") } != nil)
        let counters = try await scene.call("GET", "/_emulator/counters")
        #expect(counters["events"] == 0)
        end(held)
    }

    @Test func `another sync beside it wakes nothing, and neither loses anything`() throws {
        let scene = try Scene.signedIn("--empty")
        let sync = try watch(scene)
        for number in 1...3 {
            try scene.expect(
                0, "events", "add", "--title", "Event \(number)", "--when", "2026-11-09 10:00")
            let status = try scene.run("sync").status
            #expect([0, 9].contains(status))
        }
        let deadline = Date().addingTimeInterval(120)
        while try scene.json("queue", "list")["items"] != [], Date() < deadline {}
        #expect(try scene.json("queue", "list")["items"] == [])
        #expect(try scene.json("events", "list")["items"]?.array?.count == 3)
        end(sync)
    }
}
