import LosslessJSON

/// Everything behind the lock: the world, and what is done to the requests that reach it.
final class EmulatorState {
    let services: ServiceList
    private(set) var world: World
    private let signer = TokenSigner()
    var faults = FaultList()
    var quotas = QuotaBook()
    var lags = LagList()
    var log = RequestLog()
    /// What the answering of requests is measured with.
    let stopwatch: any Clock<Duration>
    /// How often the world was put back.
    private var round: Int64 = 0
    /// What was planted at the start, and when; a reset plants it again.
    private var start: (data: JSON, now: Int64)?

    init(
        configuration: LocalGoogleConfiguration, services: ServiceList, seed: UInt64, now: Int64,
        stopwatch: any Clock<Duration>
    ) {
        self.services = services
        self.stopwatch = stopwatch
        world = World(
            configuration: configuration, services: services, seed: seed, now: now, signer: signer)
        fill()
    }

    /// Plants data that belong to the start.
    ///
    /// - Throws: `invalidSeed`.
    func begin(with data: JSON) throws(LocalGoogleError) {
        try SeedPlanter(world: world).plant(data)
        start = (data, world.now)
    }

    /// Goes back to the start; the clock is real again.
    func reset(now: Int64) {
        // Posts on their way must not be taken for those of the new world. Planted data are planted
        // at the same moment again: then it is the same world, and nothing in them can be wrong.
        world = World(
            configuration: world.configuration, services: services, seed: world.seed,
            now: start?.now ?? now, signer: signer, lastPost: world.outbox.lastID,
            round: nextRound())
        faults = FaultList()
        quotas = QuotaBook()
        lags = LagList()
        log = RequestLog()
        fill()
        if let start {
            do throws(LocalGoogleError) { try SeedPlanter(world: world).plant(start.data) } catch {
                preconditionFailure("The data of the start are refused now: \(error.message)")
            }
        }
        world.now = now
    }

    /// Does what has come due.
    func catchUp() {
        let before = lags.isEmpty ? nil : WorldMark(world)
        for service in services.all { service.catchUp(world) }
        if let before { lags.noteOwnDoing(of: world, since: before) }
    }

    /// Puts a world that was written down in the place of this one.
    func restore(_ snapshot: SnapshotReader) {
        snapshot.restore(world)
        world.timeline.fork(now: world.now, round: nextRound())
    }

    private func nextRound() -> Int64 {
        round += 1
        return round
    }

    private func fill() {
        for service in services.all { service.fill(world) }
    }
}
