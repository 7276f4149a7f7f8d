import LosslessJSON
import Testing

/// "This and following" against the local Google: two writes that are one edit.
@Suite(.serialized) struct DivisionTests {
    /// A synced series of six days and the id of its third instance.
    private func scene() async throws -> (scene: Scene, series: String, third: String) {
        let scene = try Scene.signedIn("--empty")
        let made = try scene.json(
            "events", "add", "--title", "Series", "--when", "2026-12-01 10:00", "--zone",
            "Europe/Paris", "--repeat", "RRULE:FREQ=DAILY;COUNT=6")
        try scene.expect(0, "sync")
        let id = try #require(made["id"]?.string)
        return (scene, try #require(made["remoteId"]?.string), "\(id)_20261203T090000Z")
    }

    /// The title and the day of every instance at Google.
    private func remote(_ scene: Scene) async throws -> [String] {
        let list = try await scene.call(
            "GET", "/calendar/v3/calendars/primary/events?singleEvents=true&orderBy=startTime")
        return (list["items"]?.array ?? []).map { event in
            let start = event["start"]?["dateTime"]?.string ?? ""
            return "\(start.prefix(10).suffix(2)) \(event["summary"]?.string ?? "")"
        }
    }

    private func here(_ scene: Scene) throws -> [String] {
        let agenda = try scene.json("agenda", "--from", "2026-12-01", "--days", "9")
        return (agenda["items"]?.array ?? []).map { item in
            let start = item["data"]?["start"]?["dateTime"]?.string ?? ""
            return "\(start.prefix(10).suffix(2)) \(item["data"]?["summary"]?.string ?? "")"
        }
    }

    private static let whole = (1...6).map { "0\($0) Series" }
    private static let divided = (1...2).map { "0\($0) Series" } + (3...6).map { "0\($0) New" }

    @Test(arguments: ["patch", "create"])
    func `dropped by either half it is dropped whole`(op: String) async throws {
        let (scene, _, third) = try await scene()
        try scene.expect(0, "events", "edit", third, "--scope", "following", "--title", "New")
        #expect(try here(scene) == Self.divided)
        let queue = try scene.json("queue", "list")["items"]?.array ?? []
        let half = try #require(queue.first { $0["op"]?.string == op }?["id"]?.string)
        try scene.expect(0, "queue", "drop", half)
        #expect(try here(scene) == Self.whole)
        try await scene.call("DELETE", "/_emulator/requests")
        try scene.expect(0, "sync")
        #expect(try await scene.writes() == 0)
        #expect(try await remote(scene) == Self.whole)
    }

    @Test(arguments: ["POST", "PATCH"])
    func `refused in either half nothing is lost or doubled for good`(method: String) async throws {
        let (scene, _, third) = try await scene()
        try scene.expect(0, "events", "edit", third, "--scope", "following", "--title", "New")
        try await scene.call(
            "POST", "/_emulator/faults",
            ["api": "calendar", "method": .string(method), "status": 400, "reason": "invalid"])
        try scene.expect(12, "sync")
        // Whatever was refused, no instance is missing there.
        let days = Set(try await remote(scene).map { $0.prefix(2) })
        #expect(days.count == 6)
        let aside = try scene.json("quarantine", "list")["items"]?.array ?? []
        #expect(aside.count == 1)
        try scene.expect(0, "quarantine", "drop", try #require(aside.first?["id"]?.string))
        try scene.expect(0, "sync")
        #expect(try await remote(scene) == Self.whole)
        #expect(try here(scene) == Self.whole)
    }

    @Test func `lost answers to both halves leave one of each`() async throws {
        let (scene, series, third) = try await scene()
        try scene.expect(0, "events", "edit", third, "--scope", "following", "--title", "New")
        for method in ["POST", "PATCH"] {
            try await scene.call(
                "POST", "/_emulator/faults",
                ["api": "calendar", "method": .string(method), "cut": "after"])
        }
        try scene.expect(0, "sync")
        #expect(try await remote(scene) == Self.divided)
        #expect(try here(scene) == Self.divided)
        try await scene.patchRemote(series, ["location": "Room 1"])
        try scene.expect(0, "sync")
        let items = try scene.json("events", "list")["items"]?.array ?? []
        let places = items.map { $0["data"]?["location"]?.string }
        // Whole at Google, each half stands alone.
        #expect(places.compactMap { $0 } == ["Room 1"])
    }
}
