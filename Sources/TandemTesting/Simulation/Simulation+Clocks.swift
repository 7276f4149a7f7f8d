import LosslessJSON
import TandemCore

extension Simulation {
    /// Lives through a world without faults twice, the second time with clocks on the walls that are
    /// days off and set again and again, and compares what is there in the end (P13).
    ///
    /// Names are left out: what is made at a replica is named by the moment its clock shows.
    ///
    /// - Returns: How the second life ended; its failure says what was different.
    /// - Throws: `StoreError` where a store fails that was not to.
    public func withWrongClocks(_ seed: UInt64) throws -> Outcome {
        let quiet = try live(seed, isQuiet: true)
        guard quiet.failure == nil else { return quiet }
        var resting: [[Int]] = []
        var (right, wrong): ([String], [String]) = ([], [])
        let first = try inWorld(seed) {
            right = $0.namelessContent
        } _: { world, lived in
            for action in quiet.actions {
                resting.append((0..<Self.replicas(of: seed)).filter { !world.running.contains($0) })
                for action in [.pass(seconds: 1), action] {
                    lived.append(action)
                    try world.perform(action)
                }
            }
        }
        guard first.failure == nil else { return first }
        let actions = settingClocks(in: quiet.actions, at: resting, seed: seed)
        var second = try repeated(actions, seed: seed) { wrong = $0.namelessContent }
        guard second.failure == nil, wrong != right else { return second }
        let only = Set(right).symmetricDifference(wrong).sorted()
        second.failure = SimulationFailure(
            "P13", "Wrong clocks make another end: \(only.joined(separator: "; "))")
        return second
    }

    /// The same, a second apart, and clocks are set in the beginning and every now and then.
    ///
    /// No clock is set while its replica's run goes on, since that may end the run; nor is one set
    /// back later on, since people pick by the order in which names were given.
    private func settingClocks(
        in actions: [SimulatedAction], at resting: [[Int]], seed: UInt64
    ) -> [SimulatedAction] {
        var chance = SplitMix64(seed: seed)
        var ahead = Array(repeating: -Self.longestSkew, count: Self.replicas(of: seed))
        func set(_ replica: Int) -> SimulatedAction {
            ahead[replica] += Int(chance.next() % UInt64(2 * Self.longestSkew))
            return .setClock(replica: replica, ahead: ahead[replica])
        }
        var all = ahead.indices.map(set)
        for (action, free) in zip(actions, resting) {
            if !free.isEmpty, chance.next() % 20 == 0 {
                all.append(set(free[Int(chance.next() % UInt64(free.count))]))
            }
            all += [.pass(seconds: 1), action]
        }
        return all
    }

    /// Three days, in seconds.
    private static let longestSkew = 259_200
}

extension SimulatedWorld {
    /// What lives at the provider, in an order that follows from it, without what it is called.
    fileprivate var namelessContent: [String] {
        Self.collections.flatMap { name in
            provider.live(in: RemoteID(rawValue: name)).map { note in
                var json = note.json
                for member in ["id", "seriesId", "etag", "uid"] { json[member] = nil }
                return "\(name) " + String(decoding: json.serialized(), as: UTF8.self)
            }
        }.sorted()
    }
}
