import Foundation
import LosslessJSON
import Testing

/// What every list has in common.
@Suite(.serialized) struct ListTests {
    /// A home in which every list has two things at least.
    private func fullScene() async throws -> Scene {
        let scene = try Scene()
        try scene.startGoogle([
            "--auto-consent", "--empty", "--token", "ada@example.com=\(Scene.token)", "--user",
            "ada@example.com", "--user", "grace@example.com",
        ])
        try scene.expect(0, "auth", "login", "--no-input")
        try scene.expect(0, "auth", "login", "--no-input", "--account", "grace@example.com")
        let clashing = [try await scene.remoteEvent("A"), try await scene.remoteEvent("B")]
        try scene.expect(0, "sync")
        for id in clashing {
            try scene.expect(0, "events", "edit", id, "--where", "Mine")
            try await scene.patchRemote(id, ["location": "Theirs"])
        }
        for title in ["C", "D"] {
            try scene.expect(
                0, "events", "add", "--account", "ada", "--title", title, "--when",
                "2026-11-09 12:00")
        }
        try await scene.call(
            "POST", "/_emulator/faults",
            [
                "api": "calendar", "method": "events.insert", "status": 400, "reason": "invalid",
                "times": 2,
            ])
        try scene.expect(12, "sync")
        for title in ["E", "F"] {
            try scene.expect(
                0, "events", "add", "--account", "grace@example.com", "--title", title, "--when",
                "2026-11-10 12:00")
        }
        return scene
    }

    private func items(_ words: [String], of scene: Scene) throws -> [JSON] {
        try RunningBinary(words + ["--json"], environment: scene.environment()).finish().items()
    }

    @Test func `every list goes on page by page`() async throws {
        let scene = try await fullScene()
        for list in [
            ["events", "list"], ["calendars", "list"], ["agenda", "--from", "2026-11-09"],
            ["queue", "list"], ["conflicts", "list"], ["quarantine", "list"], ["auth", "list"],
            ["log"], ["log", "--account", "ada"], ["exit-codes"],
        ] {
            let whole = try items(list, of: scene)
            #expect(whole.count > 1, "\(list)")
            var seen: [JSON] = []
            var next: String?
            repeat {
                let words =
                    list + ["--json", "--limit", "1"] + (next.map { ["--after", $0] } ?? [])
                let page = try RunningBinary(words, environment: scene.environment()).finish()
                let shown = try page.items()
                #expect(shown.count == 1, "\(words)")
                seen += shown
                next = try page.json()["next"]?.string
            } while next != nil && seen.count <= whole.count
            #expect(seen == whole, "\(list)")
        }
        #expect(try items(["holds", "list", "--limit", "1"], of: scene).isEmpty)
    }

    @Test func `events come by start, and a page says how to go on`() throws {
        let scene = try Scene.signedIn("--empty")
        for (title, when) in [
            ("Third", "2026-11-11"), ("First", "2026-11-09 10:00"), ("Last", "2026-11-12 08:00"),
            ("Second", "2026-11-10 09:00"),
        ] {
            try scene.expect(0, "events", "add", "--title", title, "--when", when)
        }
        func titles(_ words: String...) throws -> [String] {
            try items(["events", "list"] + words, of: scene)
                .compactMap { $0["data"]?["summary"]?.string }
        }
        #expect(try titles() == ["First", "Second", "Third", "Last"])
        #expect(try titles("--from", "2026-11-10", "--to", "2026-11-12") == ["Second", "Third"])
        let page = try scene.expect(
            0, "events", "list", "--from", "2026-11-10", "--limit", "2")
        let hint = "There is more: tandem "
        let line = try #require(
            page.diagnostics.split(separator: "\n").first { $0.hasPrefix(hint) })
        #expect(line.contains("events list --from 2026-11-10 --limit 2 --after "))
        let rest = try scene.shell("\"$TANDEM\" \(line.dropFirst(hint.count))")
        #expect(rest.output.contains("Last") && !rest.output.contains("Third"))
        #expect(rest.diagnostics.isEmpty)
        try scene.expect(64, "events", "list", "--after", "nonsense")
    }

    @Test func `an account that is named leaves the others out of every list`() async throws {
        let scene = try await fullScene()
        let grace = ["--account", "grace@example.com"]
        for list in [["conflicts", "list"], ["quarantine", "list"]] {
            #expect(try items(list + grace, of: scene).isEmpty, "\(list)")
            #expect(try items(list + ["--account", "ada"], of: scene).count == 2)
        }
        let waiting = try items(["queue", "list"] + grace, of: scene)
        #expect(waiting.compactMap { $0["title"]?.string } == ["E", "F"])
        #expect(try items(["auth", "list"] + grace, of: scene).count == 1)
        // Ada's edits are not Grace's runs; the syncs are both's.
        let all = try items(["log"], of: scene)
        let runs = try items(["log"] + grace, of: scene)
        #expect(runs.filter { $0["command"] == "events add" }.count == 2)
        #expect(!runs.contains { $0["command"] == "events edit" })
        #expect(
            runs.filter { $0["command"] == "sync" } == all.filter { $0["command"] == "sync" })
        let sync = try #require(runs.first { $0["command"] == "sync" }?["id"]?.string)
        let changes = try scene.json("log", sync, "--account", "ada")["changes"]?.array ?? []
        #expect(!changes.isEmpty)
        let others = try scene.json("log", sync, "--account", "grace@example.com")["changes"]
        #expect(others?.array?.isEmpty == true)
    }

    @Test func `times in --plain are exact, with their offset`() async throws {
        let scene = try await fullScene()
        let exact = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/
        for (words, columns) in [
            (["events", "list"], ["start", "end"]), (["log"], ["started"]),
            (["status"], ["last read"]), (["queue", "list"], ["since"]),
            (["conflicts", "list"], ["when"]), (["quarantine", "list"], ["since"]),
            (["agenda", "--from", "2026-11-09"], ["start", "end"]),
        ] {
            let run = try RunningBinary(
                words + ["--plain"], environment: scene.environment()
            ).finish()
            let rows = run.output.split(separator: "\n").map {
                $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            }
            #expect(rows.count > 1, "\(words)")
            for column in columns {
                let place = try #require(rows.first?.firstIndex(of: column), "\(words) \(column)")
                for row in rows.dropFirst() {
                    #expect(row[place].wholeMatch(of: exact) != nil, "\(words): \(row[place])")
                }
            }
            let shown = try RunningBinary(words, environment: scene.environment()).finish()
            #expect(shown.output.firstMatch(of: exact) == nil, "\(words): \(shown.output)")
        }
        let id = try #require(try items(["events", "list"], of: scene).first?["id"]?.string)
        let event = try scene.expect(0, "events", "get", id, "--plain").output
        #expect(event.matches(of: exact).count == 2, "\(event)")
    }
}
