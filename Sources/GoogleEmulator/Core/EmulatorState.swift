/// Everything behind the lock: the world, and what is done to the requests that reach it.
final class EmulatorState {
    private(set) var world: World
    private let signer = TokenSigner()
    var faults = FaultList()
    var log = RequestLog()

    init(configuration: LocalGoogleConfiguration, seed: UInt64, now: Int64) {
        world = World(configuration: configuration, seed: seed, now: now, signer: signer)
        ContentMaker.fill(world)
    }

    /// Goes back to the start; the clock is real again.
    func reset(now: Int64) {
        world = World(
            configuration: world.configuration, seed: world.seed, now: now, signer: signer)
        ContentMaker.fill(world)
        faults = FaultList()
        log = RequestLog()
    }
}
