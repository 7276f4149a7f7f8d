import LosslessJSON
import Testing

/// A series that somebody else moves takes along what was edited of it here.
@Suite(.serialized) struct SeriesMoveTests {
    private func move(
        _ id: String, from: String, to other: String, in scene: Scene
    ) async throws {
        try await scene.call(
            "POST", "/calendar/v3/calendars/\(from)/events/\(id)/move?destination=\(other)")
    }

    /// Where the instances that are another at Google lie, and their places.
    private func remote(_ calendars: [String], in scene: Scene) async throws -> [String] {
        var places: [String] = []
        for calendar in calendars {
            let list = try await scene.call("GET", "/calendar/v3/calendars/\(calendar)/events")
            for event in list["items"]?.array ?? [] where event["recurringEventId"] != nil {
                places.append("\(calendar) \(event["location"]?.string ?? "")")
            }
        }
        return places
    }

    @Test(arguments: [false, true])
    func `an instance edited here goes with it, there and back`(isBack: Bool) async throws {
        let scene = try Scene.signedIn("--empty")
        let made = try await scene.call("POST", "/calendar/v3/calendars", ["summary": "Other"])
        let other = try #require(made["id"]?.string)
        try scene.expect(0, "sync")
        let series = try scene.json(
            "events", "add", "--title", "Series", "--when", "2026-12-20 10:00", "--zone",
            "Europe/Paris", "--repeat", "RRULE:FREQ=DAILY;COUNT=3")
        try scene.expect(0, "sync")
        let (id, remoteID) = (series["id"]?.string ?? "", series["remoteId"]?.string ?? "")
        try scene.expect(0, "events", "edit", "\(id)_20261221T090000Z", "--where", "Edited")
        try await move(remoteID, from: "primary", to: other, in: scene)
        try scene.expect(0, "sync")
        if isBack {
            try await move(remoteID, from: other, to: "primary", in: scene)
            try scene.expect(0, "sync")
        }
        try scene.expect(0, "sync")
        let place = isBack ? "primary" : other
        #expect(try await remote(["primary", other], in: scene) == ["\(place) Edited"])
        let shown = try scene.json("agenda", "--from", "2026-12-19", "--days", "6")["items"]?.array
        #expect(shown?.compactMap { $0["data"]?["location"]?.string } == ["Edited"])
        #expect(shown?.count == 3)
        #expect(try scene.json("conflicts", "list")["items"] == [])
    }
}
