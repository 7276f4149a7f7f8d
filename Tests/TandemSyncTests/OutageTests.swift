import LosslessJSON
import TandemCore
import TandemStore
import TandemSync
import TandemTesting
import Testing

/// What a long time without the provider costs, and what is left afterwards.
@Suite struct OutageTests {
    private static let day = Duration.seconds(86_400)
    private static let place = RemoteID(rawValue: "place1")

    /// Syncs by the schedule for so long, whatever comes of it.
    private func live(
        _ duration: Duration, in world: SyncWorld, by schedule: inout SyncSchedule
    ) async throws {
        var chance = SplitMix64(seed: 11)
        let (id, end) = (world.account.id, world.clock.running() + duration)
        while world.clock.running() < end {
            if !schedule.due([id], at: world.environment.runningTime).isEmpty {
                let report = try await world.sync(tries: schedule.tries(of: id))
                schedule.note(
                    report, of: id, at: world.environment.runningTime, fraction: chance.fraction())
            }
            world.clock.advance(
                by: schedule.wait(for: [id], at: world.environment.runningTime))
        }
    }

    @Test(arguments: [RemoteError.Code.offline, .transient, .throttled])
    func `a day without its provider costs few requests, and loses nothing`(
        code: RemoteError.Code
    ) async throws {
        let world = try await SyncWorld(collections: (1...6).map { "place\($0)" })
        world.provider.put(RemoteID(rawValue: "n1"), ["title": "note 1"], in: Self.place)
        var schedule = SyncSchedule()
        try await live(.seconds(600), in: world, by: &schedule)
        try await world.edit("n1", in: "place1", ["title": "ours"])
        for _ in 0..<5000 { world.provider.inject(.init(RemoteError(code, "No."))) }
        world.provider.clearRequests()
        try await live(Self.day, in: world, by: &schedule)
        #expect((20...200).contains(world.provider.requests.count))
        world.provider.clearFaults()
        try await live(.seconds(4600), in: world, by: &schedule)
        #expect(world.provider.live(in: Self.place).first?.json["title"] == "ours")
        #expect(try await world.note("n1", in: "place1").isDirty == false)
    }
}
