import Foundation
import LosslessJSON
import Testing

/// Ctrl-C, SIGTERM and a closed terminal: whatever is under way ends soon, cleanly, and with 130.
@Suite(.serialized) struct InterruptionTests {
    @Test func `Ctrl-C stops a sync cleanly, and the next one goes on`() async throws {
        let scene = try Scene.withGoogle("--seed", "3", "--events", "600")
        try scene.expect(0, "auth", "login", "--no-input")
        try await scene.call(
            "POST", "/_emulator/faults",
            ["api": "calendar", "path": "/events", "delayMs": 120_000, "times": 5])
        let sync = try scene.start("sync", "--progress", "json")
        try await scene.waitForRequests(atLeast: 2)
        sync.send(SIGINT)
        let run = sync.finish(within: 60)
        #expect(run.status == 130, "\(run.output)\(run.diagnostics)")
        #expect(try scene.json("leases", "list")["items"] == [])
        #expect(try scene.json("log", "--limit", "1")["items"]?[0]?["exit"] == 130)
        try await scene.call("DELETE", "/_emulator/faults")
        try scene.expect(0, "sync")
        let count = try scene.json("calendars", "list")["items"]?[0]?["events"]?["count"]?.int
        #expect((count ?? 0) > 500)
    }

    /// The answer takes a minute, the wait for it must not.
    @Test(arguments: [[], ["--watch"]], [SIGINT, SIGTERM, SIGHUP])
    func `a Google that keeps silent does not keep a sync from ending`(
        flags: [String], signal: Int32
    ) async throws {
        let scene = try Scene.signedIn("--empty")
        try scene.expect(0, "events", "add", "--title", "Kept", "--when", "tomorrow 10:00")
        try await scene.call("DELETE", "/_emulator/requests")
        try await scene.call(
            "POST", "/_emulator/faults",
            ["api": "calendar", "path": "/events", "delayMs": 60_000, "times": 100])
        let sync = try RunningBinary(["sync"] + flags, environment: scene.environment())
        try await scene.waitForRequests(atLeast: 1)
        sync.send(signal)
        let run = sync.finish(within: 30)
        #expect(run.status == 130, "\(run.output)\(run.diagnostics)")
        #expect(try scene.json("leases", "list")["items"] == [])
        try await scene.call("DELETE", "/_emulator/faults")
        try scene.expect(0, "sync")
        #expect(try scene.item("Kept")["state"] == "clean")
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func `the pause between two syncs is cut short`(signal: Int32) throws {
        let scene = try Scene.signedIn("--empty")
        let sync = try scene.start("sync", "--watch", "--json")
        let first = try #require(sync.firstLine())
        #expect(try JSON(parsing: first)["exit"] == 0)
        sync.send(signal)
        let run = sync.finish(within: 30)
        #expect(run.status == 130, "\(run.diagnostics)")
        #expect(run.output.split(separator: "\n").count == 1)
    }

    @Test func `a sync that was to outlive its terminal does`() async throws {
        let scene = try Scene.signedIn("--empty")
        try await scene.call("DELETE", "/_emulator/requests")
        try await scene.call(
            "POST", "/_emulator/faults",
            ["api": "calendar", "path": "/events", "delayMs": 3000])
        let sync = try RunningBinary(
            words: ["/bin/sh", "-c", "trap '' HUP; exec \"$TANDEM\" sync"],
            environment: scene.environment(["TANDEM": Binary.path]))
        try await scene.waitForRequests(atLeast: 1)
        sync.send(SIGHUP)
        let run = sync.finish(within: 60)
        #expect(run.status == 0, "\(run.output)\(run.diagnostics)")
    }

    @Test func `the sync after a killed one need not wait, nor be helped`() async throws {
        let scene = try Scene.signedIn("--empty")
        try scene.expect(0, "events", "add", "--title", "Kept", "--when", "tomorrow 10:00")
        try await scene.call("DELETE", "/_emulator/requests")
        try await scene.call(
            "POST", "/_emulator/faults",
            ["api": "calendar", "path": "/events", "delayMs": 60_000])
        let sync = try scene.start("sync")
        try await scene.waitForRequests(atLeast: 1)
        #expect(try scene.json("status")["accounts"]?[0]?["state"] == "busy")
        #expect(try scene.run("sync").status == 9)
        sync.send(SIGKILL)
        _ = sync.finish(within: 30)
        try await scene.call("DELETE", "/_emulator/faults")
        let lease = try #require(try scene.json("leases", "list")["items"]?[0])
        #expect(lease["alive"] == false && lease["binding"] == false)
        #expect(try scene.json("status")["accounts"]?[0]?["state"] != "busy")
        try scene.expect(0, "sync")
        #expect(try scene.item("Kept")["state"] == "clean")
    }

    @Test(arguments: [
        ["events", "add", "--data", "-"], ["events", "edit", "x", "--patch", "-"],
        ["auth", "login", "--no-browser"],
    ])
    func `a command that waits for input ends on the first Ctrl-C`(words: [String]) throws {
        let scene = try Scene.withGoogle("--empty")
        let command = try RunningBinary(
            words, environment: scene.environment(), input: "{", keepsInputOpen: true)
        let deadline = Date().addingTimeInterval(60)
        while !command.hasReadInput, Date() < deadline { sched_yield() }
        try #require(command.hasReadInput, "it never read its input")
        command.send(SIGINT)
        let run = command.finish(within: 30)
        #expect(run.status == 130, "\(run.output)\(run.diagnostics)")
        #expect(run.output.isEmpty)
    }

    @Test func `Ctrl-C in the demonstration's first sync is an interruption, no failure`() throws {
        let scene = try Scene()
        let demo = try scene.start(
            "demo", "--once", "--progress", "json", environment: ["TANDEM_HOME": ""])
        _ = try #require(demo.diagnosticsLine { $0.hasPrefix("{\"progress\"") })
        demo.send(SIGINT)
        let run = demo.finish(within: 60)
        #expect(run.status == 130, "\(run.output)\(run.diagnostics)")
        #expect(run.diagnostics.contains("Interrupted"))
        #expect(!run.diagnostics.contains("sample"))
    }

    @Test func `a folder that cannot be cleaned up hides no other failure`() throws {
        let scene = try Scene()
        let temporary = scene.home.appending(path: "tmp")
        try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
        let demo = try scene.start(
            "demo", "--once", "--progress", "json",
            environment: ["TANDEM_HOME": "", "TMPDIR": temporary.path])
        _ = try #require(demo.diagnosticsLine { $0.hasPrefix("{\"progress\"") })
        for name in try FileManager.default.contentsOfDirectory(atPath: temporary.path) {
            try FileManager.default.removeItem(at: temporary.appending(path: name))
        }
        demo.send(SIGINT)
        let run = demo.finish(within: 60)
        #expect(run.status != 0)
        #expect(!run.diagnostics.contains("could not be removed"), "\(run.diagnostics)")
    }

    @Test func `a killed sync frees its account, is told as such, and nothing it stored is lost`()
        async throws
    {
        let scene = try Scene.signedIn("--empty")
        try scene.expect(0, "events", "add", "--title", "Kept", "--when", "tomorrow 10:00")
        try await scene.call("DELETE", "/_emulator/requests")
        try await scene.call(
            "POST", "/_emulator/faults",
            ["api": "calendar", "path": "/events", "delayMs": 5000])
        let sync = try scene.start("sync")
        try await scene.waitForRequests(atLeast: 1)
        #expect(try scene.json("log", "--limit", "1")["items"]?[0]?["state"] == "running")
        sync.send(SIGKILL)
        _ = sync.finish(within: 30)
        try await scene.call("DELETE", "/_emulator/faults")
        let killed = try #require(try scene.json("log", "--limit", "1")["items"]?[0])
        #expect(killed["state"] == "unfinished")
        #expect(killed["exit"] == .some(.null))
        #expect(try scene.expect(0, "log", "--limit", "1").output.contains("unfinished"))
        let released = try scene.json("leases", "release", "ada")
        #expect(released["released"] == true)
        let run = try #require(released["run"]?.string)
        #expect(try scene.json("log", run)["command"] == "leases release")
        try scene.expect(0, "sync")
        #expect(try scene.item("Kept")["state"] == "clean")
    }
}
