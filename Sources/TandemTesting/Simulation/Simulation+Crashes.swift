import TandemCore

extension Simulation {
    /// What became of a program that was ended at each moment of a life without other faults.
    public struct Crashes: Sendable {
        /// How many moments there were.
        public var points = 0
        /// The worlds in which a promise was broken.
        public var failures: [Outcome] = []
    }

    /// Lives through a world without faults again and again, and ends a program before each effect
    /// that a run wants, and after each, before it learns of it.
    ///
    /// - Throws: `StoreError` where a store fails that was not to.
    public func crashEverywhere(_ seed: UInt64) throws -> Crashes {
        let quiet = try live(seed, isQuiet: true)
        guard quiet.failure == nil else { return Crashes(points: 1, failures: [quiet]) }
        var crashes = Crashes()
        for place in quiet.actions.indices {
            guard case .deliver(let replica, let effect, _) = quiet.actions[place] else { continue }
            var before = quiet.actions
            before.insert(.crash(replica: replica), at: place)
            var after = quiet.actions
            after[place] = .deliverAndCrash(replica: replica, effect: effect)
            for actions in [before, after] {
                let outcome = try repeated(actions, seed: seed)
                crashes.points += 1
                if outcome.failure != nil { crashes.failures.append(outcome) }
            }
        }
        return crashes
    }
}
