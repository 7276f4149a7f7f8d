/// Everything behind the lock: the world, and what is done to the requests that reach it.
final class EmulatorState {
    let services: ServiceList
    private(set) var world: World
    private let signer = TokenSigner()
    var faults = FaultList()
    var quotas = QuotaBook()
    var lags = LagList()
    var log = RequestLog()

    init(
        configuration: LocalGoogleConfiguration, services: ServiceList, seed: UInt64, now: Int64
    ) {
        self.services = services
        world = World(
            configuration: configuration, services: services, seed: seed, now: now, signer: signer)
        fill()
    }

    /// Goes back to the start; the clock is real again.
    func reset(now: Int64) {
        // Posts on their way must not be taken for those of the new world.
        world = World(
            configuration: world.configuration, services: services, seed: world.seed, now: now,
            signer: signer, lastPost: world.outbox.lastID)
        faults = FaultList()
        quotas = QuotaBook()
        lags = LagList()
        log = RequestLog()
        fill()
    }

    private func fill() {
        for service in services.all { service.fill(world) }
    }
}
