import Foundation
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

    @Test func `what somebody changes of the series meanwhile hinders neither half`() async throws {
        let (scene, series, third) = try await scene()
        try scene.expect(0, "events", "edit", third, "--scope", "following", "--title", "New")
        try await scene.patchRemote(series, ["location": "There"])
        try scene.expect(0, "sync")
        #expect(try await remote(scene) == Self.divided)
        let list = try await scene.call("GET", "/calendar/v3/calendars/primary/events")
        let events = list["items"]?.array ?? []
        #expect(events.map { $0["location"]?.string } == ["There", "There"])
        #expect(Set(events.compactMap { $0["iCalUID"]?.string }).count == 2)
    }

    @Test func `an instance that is as the later half has it is none of its own`() async throws {
        let (scene, _, third) = try await scene()
        try scene.expect(0, "events", "edit", third, "--title", "Odd")
        try scene.expect(0, "sync")
        try scene.expect(0, "events", "edit", third, "--scope", "following", "--title", "New")
        try scene.expect(0, "sync")
        #expect(try await remote(scene) == Self.divided)
        let list = try await scene.call("GET", "/calendar/v3/calendars/primary/events")
        let later = (list["items"]?.array ?? []).first {
            $0["summary"] == "New" && $0["recurrence"] != nil
        }
        try await scene.patchRemote(try #require(later?["id"]?.string), ["summary": "Theirs"])
        try scene.expect(0, "sync")
        #expect(try here(scene) == (try await remote(scene)))
        #expect(try here(scene).suffix(4) == (3...6).map { "0\($0) Theirs" })
    }

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

    @Test
    func `what an edit says it changed is what the log tells, the dry run, and the sync sends`()
        async throws
    {
        let (scene, _, third) = try await scene()
        let series = third.prefix { $0 != "_" }
        for day in ["02", "04", "05"] {
            try scene.expect(
                0, "events", "edit", "\(series)_202612\(day)T090000Z", "--where", "Room \(day)")
        }
        try scene.expect(0, "events", "delete", "\(series)_20261206T090000Z")
        try scene.expect(0, "sync")
        let edit = ["events", "edit", third, "--scope", "following", "--title", "New"]
        let dry = try RunningBinary(
            edit + ["--dry-run", "--json"], environment: scene.environment()
        ).finish().json()
        // The new series and the old one; two instances are dropped and made anew.
        #expect(dry["sends"]?.array?.count == 6)
        let said = try RunningBinary(edit, environment: scene.environment()).finish()
        let note = /(\d+) more items changed with it; all of them: tandem log (\w+)/
        let match = try #require(said.diagnostics.firstMatch(of: note))
        #expect(match.output.1 == "5")
        let changes = try scene.json("log", String(match.output.2))["changes"]?.array ?? []
        #expect(Set(changes.compactMap { $0["item"]?.string }).count == 6)
        #expect(try scene.json("queue", "list")["items"]?.array?.count == 6)
        let sync = try scene.expect(0, "sync").output
        #expect(sync.contains("sent 6 events;"), "\(sync)")
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

    // MARK: Between the two writes

    /// A synced series of six days, the fifth of them elsewhere, divided before the third; its id
    /// here and there.
    private func dividedScene(
        beside calendar: String? = nil
    ) async throws -> (scene: Scene, series: String, remoteID: String) {
        let (scene, remoteID, third) = try await scene()
        if let calendar {
            try await scene.call(
                "POST", "/calendar/v3/calendars", ["summary": .string(calendar)])
        }
        let series = try #require(third.split(separator: "_").first.map(String.init))
        try scene.expect(0, "events", "edit", "\(series)_20261205T090000Z", "--where", "Room 5")
        try scene.expect(0, "sync")
        try scene.expect(0, "events", "edit", third, "--scope", "following", "--title", "New")
        try await scene.call("DELETE", "/_emulator/requests")
        return (scene, series, remoteID)
    }

    /// Each day is there once, here and at Google, none of its edits is lost, and no sync has
    /// anything left to write.
    private func expectDivided(_ scene: Scene, at calendar: String? = nil) async throws {
        var days: [String] = []
        var rooms: [String] = []
        for calendar in ["primary"] + [calendar].compactMap({ $0 }) {
            let list = try await scene.call(
                "GET", "/calendar/v3/calendars/\(calendar)/events?singleEvents=true")
            for event in list["items"]?.array ?? [] {
                let start = event["start"]?["dateTime"]?.string ?? ""
                let day = "\(start.prefix(10).suffix(2)) \(event["summary"]?.string ?? "")"
                days.append(day)
                if event["location"] == "Room 5" { rooms.append(day) }
            }
        }
        #expect(days.sorted() == Self.divided)
        #expect(rooms == ["05 New"])
        #expect(try here(scene) == Self.divided)
        #expect(try scene.json("queue", "list")["items"] == [])
        try await scene.call("DELETE", "/_emulator/requests")
        let report = try scene.json("sync")
        for collection in report["collections"]?.array ?? [] {
            #expect(collection["pulled"] == ["created": 0, "updated": 0, "deleted": 0])
        }
        #expect(try await scene.writes() == 0)
    }

    @Test func `refused for a newer version the cut is sent again`() async throws {
        let (scene, _, remoteID) = try await dividedScene()
        try await scene.call(
            "POST", "/_emulator/faults",
            [
                "api": "calendar", "method": "PATCH", "path": .string("/events/\(remoteID)"),
                "status": 412, "reason": "conditionNotMet",
            ])
        for _ in 1...2 { try scene.expect(0, "sync") }
        try await expectDivided(scene)
    }

    @Test(arguments: ["POST", "PATCH"], [true, false])
    func `killed at either write, a division goes on from there`(
        method: String, applies: Bool
    ) async throws {
        let (scene, _, _) = try await dividedScene()
        var fault: JSON = ["api": "calendar", "method": .string(method), "delayMs": 60_000]
        if !applies { fault["status"] = 503 }
        try await scene.call("POST", "/_emulator/faults", fault)
        let sync = try scene.start("sync")
        // The list of calendars, the events, the later half, the cut.
        try await scene.waitForRequests(atLeast: method == "POST" ? 3 : 4)
        sync.send(SIGKILL)
        _ = sync.finish(within: 30)
        try await scene.call("DELETE", "/_emulator/faults")
        for _ in 1...2 { try scene.expect(0, "sync") }
        try await expectDivided(scene)
    }

    @Test func `with its earlier half moved a division arrives whole, in two calendars`()
        async throws
    {
        let (scene, series, _) = try await dividedScene(beside: "Other")
        try scene.expect(0, "events", "move", series, "--calendar", "Other")
        for _ in 1...2 { try scene.expect(0, "sync") }
        let list = try await scene.call("GET", "/calendar/v3/users/me/calendarList")
        let other = list["items"]?.array?.first { $0["summary"] == "Other" }
        try await expectDivided(scene, at: try #require(other?["id"]?.string))
    }
}
