import GoogleSimulation

/// Lives through simulated worlds of the real connector over the local Google's core.
///
/// `simulate --google 500 [--first 1] [--steps 300] [--workers 2] [--reach N]` lives through many.
/// `simulate --google-seed N` lives through one, shrinks what breaks it, and prints that.
/// `simulate --google-digests N` prints what two lives of the same worlds have in common.
struct GoogleWorlds {
    let simulation: GoogleSimulation

    /// What one worker came to.
    private struct Part: Sendable {
        var reach: [String: Int] = [:]
        var actions = 0
        var failures: [GoogleSimulation.Outcome] = []
    }

    /// - Returns: Whether every promise held, and everything was met often enough.
    func swarm(first: Int, count: Int, workers: Int, reach least: Int?) async throws -> Bool {
        let parts = try await withThrowingTaskGroup(of: Part.self) { tasks in
            for worker in 0..<workers {
                tasks.addTask {
                    var part = Part()
                    for seed in first..<(first + count) where seed % workers == worker {
                        let outcome = try await simulation.live(UInt64(seed))
                        part.reach.merge(outcome.reach) { $0 + $1 }
                        part.actions += outcome.actions.count
                        if outcome.failure != nil { part.failures.append(outcome) }
                    }
                    return part
                }
            }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        let actions = parts.reduce(0) { $0 + $1.actions }
        print("simulation with Google's connector: \(count) seeds, \(actions) steps")
        let isKept = tell(parts.flatMap(\.failures))
        guard let least else { return isKept }
        let reach = parts.reduce(into: [:]) { $0.merge($1.reach) { $0 + $1 } }
        for (name, count) in reach.sorted(by: { $0.key < $1.key }) { print("  \(count)  \(name)") }
        let missing = GoogleSimulation.wanted.filter { reach[$0, default: 0] < least }
        for name in missing { print("not met \(least) times: \(name)") }
        return isKept && missing.isEmpty
    }

    private func tell(_ failures: [GoogleSimulation.Outcome]) -> Bool {
        for outcome in failures.sorted(by: { $0.seed < $1.seed }).prefix(20) {
            print(
                "seed \(outcome.seed): \(outcome.failure?.promise ?? "") "
                    + "\(outcome.failure?.message ?? "")")
        }
        print(failures.isEmpty ? "all promises held" : "\(failures.count) worlds broke a promise")
        return failures.isEmpty
    }

    /// One line a seed, to be compared with another process's.
    func digest(_ count: Int) async throws -> Bool {
        for number in 1...UInt64(max(1, count)) {
            let outcome = try await simulation.live(number * 20)
            print(number * 20, outcome.actions.count, outcome.digest)
        }
        return true
    }

    /// - Returns: Whether every promise held.
    func explain(_ seed: UInt64) async throws -> Bool {
        let outcome = try await simulation.live(seed)
        guard let failure = outcome.failure else {
            print("All promises held.")
            return true
        }
        print("\(failure.promise): \(failure.message)")
        let actions = try await simulation.shrunk(outcome)
        print("\(actions.count) of \(outcome.actions.count) actions:")
        for action in actions { print("  \(action)") }
        let last = try await simulation.repeated(actions, seed: seed)
        if let again = last.failure { print("\(again.promise): \(again.message)") }
        for (name, count) in last.reach.sorted(by: { $0.key < $1.key }) {
            print("  \(count)  \(name)")
        }
        return false
    }
}
