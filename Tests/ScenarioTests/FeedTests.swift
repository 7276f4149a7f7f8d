import Foundation
import LosslessJSON
import Testing

/// `feed`: what changed, here and at Google, told once.
@Suite(.serialized) struct FeedTests {
    private static let bob = "ya29.scene-token-of-bob"
    private static let members = [
        "id", "when", "verb", "kind", "item", "title", "actor", "origin", "changes", "account",
        "collection", "cause", "run", "count",
    ]

    /// The activities of a feed, of which each stands on a line of its own.
    private func feed(
        _ words: String..., in scene: Scene, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [JSON] {
        let run = try RunningBinary(
            ["feed", "--format", "json"] + words, environment: scene.environment()
        ).finish()
        #expect(
            run.status == 0 && run.diagnostics.isEmpty, "\(run.diagnostics)",
            sourceLocation: sourceLocation)
        return try run.output.split(separator: "\n").map { try JSON(parsing: String($0)) }
    }

    private func words(_ activities: [JSON]) -> [String] {
        activities.map { "\($0["origin"]?.string ?? "") \($0["verb"]?.string ?? "")" }
    }

    @Test func `somebody else's edit is told with its values, one's own once, and its push not`()
        async throws
    {
        let scene = try Scene.signedIn("--empty")
        let id = try await scene.remoteEvent("Review")
        try scene.expect(0, "sync")
        let first = try feed(in: scene)
        #expect(first.allSatisfy { $0.object?.keys == Self.members })
        #expect(words(first.suffix(1)) == ["remote created"])
        #expect(first.last?["actor"]?["email"] == "ada@example.com")
        #expect(first.last?["actor"]?["certainty"] == "known")
        let mark = try #require(first.last?["id"]?.string)
        let text = String(repeating: "8 KiB ", count: 1300) + "."
        try await scene.patchRemote(id, ["location": "South", "description": .string(text)])
        try scene.expect(0, "sync")
        try scene.expect(0, "events", "edit", id, "--title", "Ours")
        try scene.expect(0, "sync")
        try scene.expect(0, "sync")
        let told = try feed("--since", mark, in: scene)
        #expect(words(told) == ["remote updated", "local updated"])
        #expect(
            told[0]["changes"] == [
                ["field": "location", "before": .null, "after": "South"],
                ["field": "description", "before": .null, "after": .string(text)],
            ])
        #expect(
            told[1]["changes"] == [["field": "summary", "before": "Review", "after": "Ours"]])
        #expect(told[1]["actor"]?["certainty"] == "known")
        let item = try scene.json("events", "get", id)
        #expect(told.allSatisfy { $0["item"] == item["id"] && $0["kind"] == "event" })
        #expect(told.allSatisfy { $0["account"] == item["account"] })
        #expect(told.allSatisfy { $0["collection"] == item["collection"] })
        // All there is, then nothing new; without a gap, without a double.
        #expect(try feed(in: scene) == first + told)
        #expect(try feed("--since", told[0]["id"]?.string ?? "", in: scene) == [told[1]])
        #expect(try feed("--since", told[1]["id"]?.string ?? "", in: scene).isEmpty)
        #expect(try feed("--limit", "1", "--since", mark, in: scene) == [told[0]])
        #expect(
            try feed("--after", told[0]["id"]?.string ?? "", "--since", mark, in: scene)
                == [told[1]])
    }

    @Test func `new etags alone are told to nobody`() async throws {
        let scene = try Scene.signedIn("--seed", "4", "--events", "60")
        let before = try feed(in: scene)
        try await scene.call("POST", "/_emulator/churn", [:])
        try scene.expect(0, "sync")
        try scene.expect(0, "sync", "--full")
        #expect(try feed(in: scene) == before)
    }

    @Test func `answers, moves and deletes are told by their names, with who did them`()
        async throws
    {
        let scene = try Scene.signedIn(
            "--empty", "--user", "ada@example.com", "--user", "bob@example.com", "--token",
            "bob@example.com=\(Self.bob)")
        let id = try await scene.remoteEvent(
            "Review", ["attendees": [["email": "bob@example.com"]]])
        let invitation = try await scene.call(
            "POST", "/calendar/v3/calendars/primary/events",
            [
                "summary": "Party", "attendees": [["email": "ada@example.com"]],
                "start": ["dateTime": "2026-11-10T10:00:00+01:00"],
                "end": ["dateTime": "2026-11-10T11:00:00+01:00"],
            ], token: Self.bob)
        let party = try #require(invitation["id"]?.string)
        let other = try await scene.call("POST", "/calendar/v3/calendars", ["summary": "Other"])
        let place = try #require(other["id"]?.string)
        try scene.expect(0, "sync")
        let mark = try #require(try feed(in: scene).last?["id"]?.string)

        try await scene.call(
            "PATCH", "/calendar/v3/calendars/primary/events/\(id)",
            ["attendees": [["email": "bob@example.com", "responseStatus": "accepted"]]],
            token: Self.bob)
        try await scene.call(
            "PATCH", "/calendar/v3/calendars/primary/events/\(party)", ["summary": "Big party"],
            token: Self.bob)
        try scene.expect(0, "sync")
        try scene.expect(0, "events", "rsvp", party, "declined")
        try scene.expect(0, "sync")
        try await scene.call(
            "POST", "/calendar/v3/calendars/primary/events/\(id)/move?destination=\(place)")
        try scene.expect(0, "sync")
        try scene.expect(0, "events", "move", id, "--to", "ada@example.com")
        try scene.expect(0, "sync")
        try await scene.call("DELETE", "/calendar/v3/calendars/primary/events/\(id)")
        try scene.expect(0, "sync")
        try scene.expect(0, "sync")

        let told = try feed("--since", mark, in: scene)
        let answer = told.first { $0["verb"] == "answered" && $0["origin"] == "remote" }
        #expect(answer?["actor"]?["email"] == "bob@example.com")
        #expect(answer?["actor"]?["certainty"] == "inferred")
        let renamed = told.first { $0["title"] == "Big party" && $0["verb"] == "updated" }
        #expect(renamed?["actor"]?["email"] == "bob@example.com")
        let own = told.filter { $0["title"] == "Big party" && $0["origin"] == "local" }
        #expect(words(own) == ["local answered"])
        let moves = told.filter { $0["verb"] == "moved" }
        #expect(words(moves) == ["remote moved", "local moved"])
        #expect(moves[0]["changes"]?[0]?["after"]?["name"] == "Other")
        #expect(moves[0]["collection"]?["name"] == "Other")
        let gone = told.filter { $0["verb"] == "deleted" }
        #expect(words(gone) == ["remote deleted"] && gone[0]["cause"] == "tombstone")
        #expect(told.filter { $0["verb"] == "created" }.isEmpty)

        #expect(try feed("--verb", "moved", "--verb", "deleted", in: scene).count == 3)
        #expect(try feed("--kind", "calendar", "--since", mark, in: scene).isEmpty)
        #expect(
            try feed("--actor", "BOB@", "--since", mark, in: scene).allSatisfy {
                $0["actor"]?["email"] == "bob@example.com"
            })
        #expect(try feed("--account", "ada@example.com", "--since", mark, in: scene) == told)
    }

    @Test func `people see the latest first, by day, and how to go on`() throws {
        let scene = try Scene.signedIn("--empty")
        for number in 1...25 {
            try scene.expect(
                0, "events", "add", "--title", "E\(number)", "--when", "2026-11-09 10:00")
        }
        let run = try scene.expect(0, "feed")
        let lines = run.output.split(separator: "\n").map(String.init)
        let heads = lines.filter { $0.contains("  created   ") }
        #expect(heads.count == 20 && heads[0].contains("E25") && heads[19].contains("E6"))
        #expect(heads.allSatisfy { $0.hasSuffix(" · here") })
        #expect(lines.contains { $0.hasSuffix("2026-11-09 10:00 – 11:00") })
        let hint = try #require(run.diagnostics.split(separator: "\n").first)
        #expect(hint.hasPrefix("There is more: tandem feed --after "))
        let mark = try #require(hint.split(separator: " ").last.map(String.init))
        let rest = try scene.expect(0, "feed", "--after", mark)
        #expect(rest.output.contains("E5") && !rest.output.contains("E6"))
        #expect(rest.diagnostics.isEmpty)
        let few = try scene.expect(0, "feed", "--limit", "2", "-q", "-v")
        #expect(few.output.contains("mark ") && few.diagnostics.isEmpty)
        let plain = try scene.expect(0, "feed", "--plain", "--verb", "created").output
        let rows = plain.split(separator: "\n").map {
            $0.split(separator: "\t", omittingEmptySubsequences: false).count
        }
        #expect(rows.count == 26 && Set(rows).count == 1)
        #expect(try scene.expect(0, "feed", "--verb", "restored").output == "Nothing that fits.\n")
    }

    @Test func `what no feed gave or knows is refused with what to do`() throws {
        let scene = try Scene.signedIn("--empty")
        for words in [
            ["--since", "nonsense"], ["--since", "1-1"], ["--since", "zz-zzzzzzzzz"],
            ["--after", ""], ["--verb", "update"], ["--kind", "events"], ["--format", "xml"],
            ["--actor", ""], ["--format", "text", "--json"], ["--follow", "--after", "1-1"],
            ["--limit", "0"],
        ] {
            let run = try RunningBinary(
                ["feed"] + words, environment: scene.environment()
            ).finish()
            #expect(run.status == 64 && run.output.isEmpty, "\(words): \(run.diagnostics)")
            #expect(run.diagnostics.contains("tandem"))
        }
        let told = try scene.run("feed", "--since", "1-1", "--format", "json")
        #expect(try told.error()["code"] == "invalid")
        #expect(try told.error()["remedy"]?.string?.hasSuffix("tandem feed") == true)
    }

    @Test func `without an account, and without anything new, that is said`() throws {
        let scene = try Scene()
        #expect(try scene.expect(0, "feed").output.contains("tandem auth login"))
        #expect(try scene.expect(0, "feed", "--json").output.isEmpty)
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `a feed that is followed tells what happens, until it is ended`(signal: Int32) throws {
        let scene = try Scene.signedIn("--empty")
        let all = try feed(in: scene)
        let following = try scene.start("feed", "--follow", "--json")
        let text = try scene.start("feed", "--follow")
        #expect(try following.firstLine().map { try JSON(parsing: $0) } == all.first)
        try scene.expect(0, "events", "add", "--title", "New one", "--when", "2026-11-09 10:00")
        #expect(following.line { $0.contains("New one") } != nil)
        #expect(text.line { $0.contains("created   New one") } != nil)
        for process in [following, text] { process.send(signal) }
        let run = following.finish(within: 30)
        #expect(run.status == 130 && run.diagnostics.isEmpty, "\(run.diagnostics)")
        let told = try run.output.split(separator: "\n").map { try JSON(parsing: String($0)) }
        #expect(told == (try feed(in: scene)) && told.count == all.count + 1)
        #expect(text.finish(within: 30).status == 130)
    }
}
