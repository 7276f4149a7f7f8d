import Foundation
import LosslessJSON
import Testing

/// What goes to standard error, and what never does.
@Suite(.serialized) struct DiagnosticsTests {
    @Test func `with --json standard error holds JSON alone, and no notes`() async throws {
        let scene = try Scene.signedIn("--empty")
        let id = try await scene.remoteEvent("Review")
        try scene.expect(0, "sync")
        try scene.expect(0, "events", "edit", id, "--where", "Mine")
        try await scene.patchRemote(id, ["location": "Theirs"])
        _ = try scene.write(["later": true], to: "config/config.json")
        let commands: [(words: [String], errors: Int)] = [
            (["sync"], 0), (["conflicts", "list"], 0), (["status"], 0), (["config", "list"], 0),
            (["events", "add", "--title", "X", "--when", "tomorrow"], 0),
            (["events", "add", "--title", "X", "--when", "tomorrow", "-n"], 0),
            (["queue", "list"], 0), (["auth", "logout"], 0), (["status"], 0), (["sync"], 1),
            (["auth", "login", "--no-input"], 0), (["auth", "status"], 0),
            (["events", "get", "x"], 1), (["bogus"], 1), (["sync", "--bogus"], 1),
        ]
        for (words, errors) in commands {
            let run = try RunningBinary(
                words + ["--json"], environment: scene.environment()
            ).finish()
            let lines = run.diagnostics.split(separator: "\n")
            #expect(lines.count == errors, "\(words): \(run.diagnostics)")
            for line in lines {
                #expect(try JSON(parsing: String(line))["error"] != nil, "\(words): \(line)")
            }
        }
        // Without it the same notes are there.
        #expect(try scene.expect(0, "config", "list").diagnostics.contains("'later'"))
    }

    @Test(arguments: ["-v", "-vv"])
    func `however much is told, no secret, no query and no content is among it`(flag: String)
        async throws
    {
        let scene = try Scene.withGoogle("--empty")
        _ = try await scene.remoteEvent("A title that is nobody's business")
        try await scene.call("DELETE", "/_emulator/requests")
        var told = try scene.expect(0, "auth", "login", "--no-input", flag).diagnostics
        told += try scene.expect(
            0, "events", "list", flag
        ).diagnostics
        told += try scene.expect(0, "sync", "-q", flag).diagnostics
        told += try scene.expect(0, "auth", "status", flag).diagnostics
        let requests = try await scene.call("GET", "/_emulator/requests")["items"]?.array ?? []
        let lines = told.split(separator: "\n").filter { $0.contains(" B ") }
        #expect(lines.count == (flag == "-vv" ? requests.count : 0), "\(told)")
        #expect(requests.count > 5)
        for secret in [
            "?", "=", "ya29.", "1//", "4/0", "Bearer", "tandem-local", "ada@", "code", "state",
            "A title", "\"",
        ] {
            #expect(!lines.contains { $0.contains(secret) }, "\(secret): \(told)")
        }
        for secret in ["ya29.", "1//", "4/0", "tandem-local", "Bearer", "A title"] {
            #expect(!told.contains(secret), "\(secret): \(told)")
        }
    }

    @Test func `with -vv and --json each request is one line of JSON`() async throws {
        let scene = try Scene.signedIn("--empty")
        let run = try scene.expect(0, "sync", "-vv", "--json")
        let lines = try run.diagnostics.split(separator: "\n").map { try JSON(parsing: String($0)) }
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { $0["request"]?["status"] == 200 })
    }

    @Test func `an error has colours where a flag, a variable or a setting says so`() throws {
        let scene = try Scene()
        func isRed(_ words: String..., environment: [String: String] = [:]) throws -> Bool {
            let run = try RunningBinary(
                ["events", "get", "x"] + words, environment: scene.environment(environment)
            ).finish()
            #expect(run.status == 5)
            return run.diagnostics.contains("\u{1B}[31m")
        }
        #expect(try !isRed())
        #expect(try isRed("--color", "always"))
        #expect(try isRed(environment: ["TANDEM_COLOR": "always"]))
        try scene.expect(0, "config", "set", "color", "always")
        #expect(try isRed())
        #expect(try !isRed(environment: ["TANDEM_COLOR": "never"]))
        #expect(try !isRed("--color", "never"))
    }
}
