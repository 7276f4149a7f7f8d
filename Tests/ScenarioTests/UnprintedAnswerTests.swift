import Foundation
import LosslessJSON
import Testing

/// Commands that change something, and cannot say so on standard output.
@Suite(.serialized, .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
struct UnprintedAnswerTests {
    /// Runs a command whose standard output takes nothing; what it says was changed.
    private func unprinted(
        _ scene: Scene, _ words: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        let run = try scene.shell("\"$TANDEM\" \(words) --json >/dev/full")
        #expect(run.status == 1, "\(words): \(run.diagnostics)", sourceLocation: sourceLocation)
        let lines = run.diagnostics.split(separator: "\n")
        #expect(lines.count == 1, "\(words): \(run.diagnostics)", sourceLocation: sourceLocation)
        let error = try run.error()
        #expect(
            error["message"]?.string?.contains("The change was made all the same") == true,
            "\(words): \(error.text)", sourceLocation: sourceLocation)
        #expect(error["remedy"]?.string?.hasPrefix("See it: ") == true)
        return error["changed"] ?? .null
    }

    @Test func `every command that changes something says so where its answer is lost`()
        async throws
    {
        let scene = try Scene.signedIn("--empty")
        let id = try await scene.remoteEvent("Review")
        _ = try unprinted(scene, "sync")
        let added = try unprinted(scene, "events add --title Lost --when 2026-11-09")
        let item = try #require(added["item"]?.string)
        #expect(try scene.json("events", "get", item)["data"]?["summary"] == "Lost")
        let run = try #require(added["run"]?.string)
        #expect(try scene.json("log", run)["changes"]?[0]?["item"]?.string == item)
        _ = try unprinted(scene, "events edit \(id) --where Mine")
        _ = try unprinted(scene, "queue retry \(item)")
        _ = try unprinted(scene, "queue drop \(item)")
        try scene.expect(5, "queue", "drop", item)
        try await scene.patchRemote(id, ["location": "Theirs"])
        try scene.expect(11, "sync")
        let conflict = try #require(try scene.json("conflicts", "list")["items"]?[0]?["id"]?.string)
        _ = try unprinted(scene, "conflicts resolve \(conflict) --use mine")
        _ = try unprinted(scene, "events delete \(id)")
        _ = try unprinted(scene, "config set agenda-days 3")
        _ = try unprinted(scene, "auth logout")
        _ = try unprinted(scene, "auth login --no-input")
        _ = try unprinted(scene, "emulator reset")
    }

    @Test func `what changes nothing does not say that it did`() throws {
        let scene = try Scene.signedIn("--empty")
        for words in ["events list", "events add --title A --when 2026-11-09 --dry-run"] {
            let run = try scene.shell("\"$TANDEM\" \(words) --json >/dev/full")
            #expect(run.status == 1)
            #expect(try run.error()["changed"] == nil)
        }
    }

    @Test func `people are told on one line`() throws {
        let scene = try Scene.signedIn("--empty")
        let run = try scene.shell(
            "\"$TANDEM\" events add --title Lost --when 2026-11-09 >/dev/full")
        #expect(run.status == 1)
        #expect(run.diagnostics.split(separator: "\n").count == 1)
        #expect(run.diagnostics.contains("See it: tandem log "))
        #expect(run.diagnostics.contains("take it back: tandem queue drop "))
    }

    @Test func `neither a closed output nor a reader that is gone keeps it from being said`()
        throws
    {
        let scene = try Scene.signedIn("--empty")
        let closed = try scene.shell(
            "\"$TANDEM\" events add --title Closed --when 2026-11-09 --json >&-")
        #expect(closed.status == 1)
        #expect(try closed.error()["changed"]?["item"] != nil)
        // The writer begins once the reader has closed its end.
        let gone = try scene.shell(
            """
            mkfifo ready
            { read -r go <ready; "$TANDEM" events add --title Gone --when 2026-11-09 --json; \
            echo "$?" >status; } | { exec 0<&-; echo go >ready; }
            exit "$(cat status)"
            """)
        #expect(gone.status == 1)
        #expect(try gone.error()["changed"]?["item"] != nil)
        let titles = try scene.json("events", "list")["items"]?.array?.compactMap {
            $0["data"]?["summary"]?.string
        }
        #expect(titles?.sorted() == ["Closed", "Gone"])
    }

    @Test func `an account that changes hands does so also where that cannot be said`() async throws
    {
        let scene = try Scene()
        try scene.startGoogle([
            "--auto-consent", "--empty", "--user", "ada@example.com", "--user",
            "grace@example.com",
        ])
        try scene.expect(0, "auth", "login", "--no-input", "--account", "ada@example.com")
        let file = try scene.write(
            [
                "type": "authorized_user", "client_id": "tandem-local",
                "client_secret": "tandem-local-secret",
                "refresh_token": .string(try await scene.refreshToken(of: "grace@example.com")),
            ], to: "grace.json")
        let words = "auth import '\(file)' --account ada@example.com"
        let mute = try scene.shell("\"$TANDEM\" \(words) 2>/dev/full")
        #expect(mute.status == 0)
        #expect(mute.output.contains("Imported the account"))
        #expect(try scene.json("auth", "list")["items"]?[0]?["email"] == "grace@example.com")
        let lost = try unprinted(scene, words)
        #expect(lost["run"] == .some(.null))
    }

    @Test func `a note that cannot be said does not make an edit look as if it had failed`() throws
    {
        let scene = try Scene.signedIn("--empty")
        let run = try scene.shell(
            "\"$TANDEM\" events add --title Quiet --when 2026-11-09 2>/dev/full")
        #expect(run.status == 0)
        #expect(run.output.contains("Quiet"))
    }
}
