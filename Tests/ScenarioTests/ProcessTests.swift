import Foundation
import LosslessJSON
import Testing

@Suite(.serialized) struct ProcessTests {
    @Test func `every file and folder is for the owner alone, whatever the umask`() throws {
        let scene = try Scene.withGoogle("--empty")
        let run = try scene.shell(
            """
            umask 000
            "$TANDEM" auth login --no-input && "$TANDEM" sync && "$TANDEM" config set color never \
            && "$TANDEM" events add --title X --when tomorrow && "$TANDEM" status
            """)
        #expect(run.status == 0, "\(run.diagnostics)")
        try expectPrivate(scene)
        // Rights that somebody opened are closed again by the next command.
        let store = scene.home.appending(path: "data/tandem.sqlite").path
        for (path, mode) in [(store, 0o644), (scene.home.appending(path: "data").path, 0o755)] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        }
        try scene.expect(0, "status")
        try expectPrivate(scene)
    }

    private func expectPrivate(_ scene: Scene) throws {
        let files = try #require(
            FileManager.default.enumerator(at: scene.home, includingPropertiesForKeys: nil))
        var seen = 0
        for case let file as URL in files {
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
            let mode = try #require(attributes[.posixPermissions] as? Int)
            let isFolder = attributes[.type] as? FileAttributeType == .typeDirectory
            #expect(mode == (isFolder ? 0o700 : 0o600), "\(file.path)")
            seen += 1
        }
        #expect(seen > 5)
    }

    @Test func `while one sync holds an account another one is told so, and edits go on`()
        async throws
    {
        let scene = try Scene.signedIn("--empty")
        try await scene.call("DELETE", "/_emulator/requests")
        try await scene.call(
            "POST", "/_emulator/faults",
            ["api": "calendar", "path": "/events", "delayMs": 15_000])
        let first = try scene.start("sync", "--json")
        try await scene.waitForRequests(atLeast: 1)
        let second = try scene.expect(9, "sync", "--json")
        #expect(try second.error()["code"] == "busy")
        #expect(try scene.json("status")["accounts"]?[0]?["state"] == "busy")
        let lease = try #require(try scene.json("leases", "list")["items"]?[0])
        #expect(lease["account"] == "ada")
        #expect(lease["alive"] == true)
        #expect(try scene.json("leases", "list", "--limit", "1")["next"] == .some(.null))
        #expect(try scene.json("leases", "list", "--after", "ada")["items"] == [])
        try scene.expect(9, "leases", "release", "ada")
        try scene.expect(0, "events", "add", "--title", "Meanwhile", "--when", "tomorrow 10:00")
        #expect(first.finish().status == 0)
        try scene.expect(0, "sync")
        #expect(try scene.item("Meanwhile")["state"] == "clean")
    }

    @Test func `a Google that does not answer is a temporary failure, the store stays readable`()
        throws
    {
        let scene = try Scene.signedIn("--empty")
        try scene.expect(0, "events", "add", "--title", "Offline", "--when", "tomorrow 10:00")
        scene.stopGoogle()
        let run = try scene.expect(8, "sync", "--json")
        #expect(try run.error()["remedy"]?.string?.isEmpty == false)
        #expect(try scene.item("Offline")["state"] == "dirty")
        let status = try #require(try scene.json("status")["accounts"]?[0])
        #expect(status["state"] == "stale")
        let reasons = (status["collections"]?.array ?? []).map { $0["reason"]?.string }
        #expect(reasons.contains("offline"))
        // What was not even asked for is not fresh either, and nothing rests without an end.
        let states = (status["collections"]?.array ?? []).map { $0["state"]?.string }
        #expect(states == ["stale", "stale"])
        #expect(status["lastSync"]?["exit"] == 8)
        #expect(status["lastSync"]?["error"]?["code"] == "offline")
        // The first request and one more, for whoever waits for the answer.
        let requests = try run.json()["requests"]
        #expect(requests == 2)
        let shown = try scene.expect(0, "status")
        #expect(shown.output.contains("Google could not be reached"))
        #expect(shown.diagnostics.contains("The last sync of 'ada' failed at "))
        #expect(shown.diagnostics.contains("1 edit waits to be sent"))
        #expect(shown.diagnostics.contains("tandem sync"))
    }

    @Test func `a calendar that cannot be seen any more says why, without an end`() async throws {
        let scene = try Scene.signedIn("--empty")
        try await scene.call(
            "POST", "/_emulator/faults",
            ["api": "calendar", "path": "/events", "status": 404, "times": 100])
        try scene.expect(8, "sync")
        let collections = try scene.json("status")["accounts"]?[0]?["collections"]?.array ?? []
        let hidden = try #require(collections.first { $0["state"] == "unreachable" })
        #expect(hidden["reason"] == "notFound")
        #expect(hidden["parkedUntil"] == .some(.null))
        #expect(try scene.expect(0, "status").output.contains("no longer shared"))
    }

    @Test func `a client that Google refuses is a matter of configuration`() async throws {
        let scene = try Scene.signedIn("--empty")
        try await scene.call(
            "POST", "/_emulator/faults",
            [
                "api": "calendar", "status": 403, "reason": "accessNotConfigured", "times": 1000,
            ])
        let disabled = try scene.expect(10, "sync", "--json")
        #expect(try disabled.error()["remedy"]?.string?.contains("Switch the API on") == true)
        #expect(try disabled.json()["exit"] == 10)
        try await scene.call("DELETE", "/_emulator/faults")
        try await scene.call("POST", "/_emulator/expire", ["what": "access-tokens"])
        try await scene.call(
            "POST", "/_emulator/faults",
            [
                "api": "oauth", "path": "/token", "status": 401, "reason": "invalid_client",
                "times": 1000,
            ])
        let unknown = try scene.expect(10, "sync", "--json")
        #expect(try unknown.error()["remedy"]?.string?.contains("--client-secrets") == true)
        #expect(try scene.json("auth", "list")["items"]?[0]?["state"] == "ok")
    }

    @Test func `a mass delete made here waits for a person`() async throws {
        let scene = try Scene.signedIn("--empty")
        var ids: [String] = []
        for number in 1...12 { ids.append(try await scene.remoteEvent("Event \(number)")) }
        try scene.expect(0, "sync")
        for id in ids.dropLast() { try scene.expect(0, "events", "delete", id) }
        try scene.expect(0, "events", "edit", ids[11], "--where", "Here")
        let plan = try scene.json("sync", "--dry-run")
        #expect(plan["sends"]?.array?.map { $0["verb"] } == ["patch"])
        #expect(plan["held"]?.array?.count == 11)
        #expect(try scene.expect(0, "sync", "--dry-run").output.contains("would be held"))
        try scene.expect(0, "events", "delete", ids[11])
        #expect(try scene.json("sync", "--dry-run")["held"]?.array?.count == 12)
        try scene.expect(13, "sync")
        let hold = try #require(try scene.json("holds", "list")["items"]?[0])
        #expect(hold["deletes"] == 12)
        #expect(hold["of"] == 12)
        #expect(hold["direction"] == "push")
        #expect(try scene.json("sync", "--dry-run")["sends"] == [])
        try scene.expect(0, "holds", "refuse", try #require(hold["id"]?.string))
        #expect(try scene.json("events", "list")["items"]?.array?.count == 12)
        try scene.expect(0, "sync")
        for id in ids { try scene.expect(0, "events", "delete", id) }
        try scene.expect(13, "sync")
        let again = try #require(try scene.json("holds", "list")["items"]?[0]?["id"]?.string)
        try scene.expect(0, "holds", "release", again)
        try scene.expect(0, "sync")
        let counters = try await scene.call("GET", "/_emulator/counters")
        #expect(counters["events"] == 0)
    }

    @Test func `an event that Google refuses is set aside, the others go on`() async throws {
        let scene = try Scene.signedIn("--empty")
        try scene.expect(0, "events", "add", "--title", "Refused", "--when", "tomorrow 10:00")
        try scene.expect(0, "events", "add", "--title", "Taken", "--when", "tomorrow 12:00")
        try await scene.call(
            "POST", "/_emulator/faults",
            [
                "api": "calendar", "method": "events.insert", "status": 400, "reason": "invalid",
                "nth": 1, "times": 1,
            ])
        try scene.expect(12, "sync")
        let entries = try scene.json("quarantine", "list")["items"]?.array ?? []
        #expect(entries.count == 1)
        #expect(try scene.json("sync", "--dry-run")["sends"] == [])
        let id = try #require(entries.first?["id"]?.string)
        #expect(try scene.json("quarantine", "show", id)["raw"]?.string?.isEmpty == false)
        let states = try (scene.json("events", "list")["items"]?.array ?? []).compactMap {
            $0["state"]?.string
        }
        #expect(states.sorted() == ["clean", "quarantined"])
        try scene.expect(0, "quarantine", "retry", id)
        try scene.expect(0, "sync")
        #expect(try scene.json("quarantine", "list")["items"] == [])
    }
}
