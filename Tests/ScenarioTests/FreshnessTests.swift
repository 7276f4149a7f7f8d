import Foundation
import LosslessJSON
import Testing

/// What a sync that failed, or was refused, says of itself, and what `status` says after it.
@Suite(.serialized) struct FreshnessTests {
    /// The states that `status` shows of ada's collections.
    private func states(_ scene: Scene) throws -> [String] {
        let collections = try scene.json("status")["accounts"]?[0]?["collections"]?.array ?? []
        return collections.compactMap { $0["state"]?.string }
    }

    @Test func `without Google nothing is called fresh`() throws {
        let scene = try Scene.signedIn("--empty")
        #expect(try states(scene) == ["fresh", "fresh"])
        scene.stopGoogle()
        try scene.expect(8, "sync")
        let states = try states(scene)
        #expect(states.count == 2 && !states.contains("fresh"))
    }

    @Test(arguments: [
        ["status": 429, "reason": "rateLimitExceeded", "retryAfter": 3600] as JSON,
        ["status": 403, "reason": "dailyLimitExceeded"] as JSON,
    ])
    func `where the list of calendars cannot be read, none of them is called fresh`(
        answer: JSON
    ) async throws {
        let scene = try Scene.signedIn("--empty")
        try await scene.call(
            "POST", "/_emulator/faults",
            answer.merging(["api": "calendar", "path": "/calendarList", "times": 100]))
        for _ in 1...2 {
            try scene.expect(7, "sync")
            let states = try states(scene)
            #expect(states.count == 2 && !states.contains("fresh"))
        }
    }

    @Test func `a used-up day is told each time, and --now ends it where Google serves again`()
        async throws
    {
        let scene = try Scene.signedIn("--empty")
        try await scene.call(
            "POST", "/_emulator/faults",
            [
                "api": "calendar", "path": "/calendarList", "status": 403,
                "reason": "dailyLimitExceeded",
            ])
        for _ in 1...2 {
            let run = try scene.expect(7, "sync", "--json")
            let error = try run.error()
            #expect(error["code"] == "dailyLimitExceeded")
            let until = try #require(
                try run.json()["accounts"]?[0]?["error"]?["retryAt"]?.string)
            #expect(error["message"]?.string?.contains("Not before \(until)") == true)
            #expect(error["remedy"] == "tandem sync --now")
        }
        let shown = try scene.expect(7, "sync").diagnostics
        #expect(shown.contains("limit for the day") && shown.contains("tandem sync --now"))
        try scene.expect(0, "sync", "--now")
        try scene.expect(0, "sync")
        #expect(try states(scene) == ["fresh", "fresh"])
    }

    @Test func `an expired cursor is made good at once, with every edit, but not twice an hour`()
        async throws
    {
        let scene = try Scene.signedIn("--empty")
        func expire() async throws {
            try await scene.call("POST", "/_emulator/expire", ["what": "calendar-cursors"])
        }
        let ids = [try await scene.remoteEvent("One"), try await scene.remoteEvent("Two")]
        try scene.expect(0, "sync")
        try scene.expect(0, "events", "edit", ids[0], "--where", "Here")
        try scene.expect(0, "events", "delete", ids[1])
        try scene.expect(0, "events", "add", "--title", "Three", "--when", "tomorrow 10:00")
        try await expire()
        let sync = try scene.json("sync")
        let events = sync["collections"]?.array?.last
        #expect(events?["listing"] == "full")
        #expect(events?["pushed"] == ["created": 1, "updated": 1, "deleted": 1])
        #expect(try await scene.remote(ids[0])["location"] == "Here")
        #expect(try await scene.remote(ids[1])["status"] == "cancelled")
        #expect(try scene.item("Three")["state"] == "clean")
        // A cursor that keeps expiring is another matter, but for a person who asks.
        try await expire()
        #expect(try scene.expect(8, "sync", "--json").error()["remedy"] == "tandem sync --full")
        try scene.expect(0, "sync", "--full")
        try scene.expect(0, "sync")
        #expect(try states(scene) == ["fresh", "fresh"])
    }
}
