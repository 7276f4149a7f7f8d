import Foundation

/// Lives through simulated worlds of the real connector over the local Google's core.
///
/// `simulate-google [--seeds 500] [--first 1] [--steps 300] [--workers 2] [--reach N]
/// [--except SEEDS]` lives through many; those left out stand behind each other with commas.
/// `simulate-google --seed N [--about TEXT]` lives through one, shrinks what breaks it, and
/// prints that; with a text, which a thing says or is called, also that thing's life.
/// `simulate-google --digests N` prints what two lives of the same worlds have in common.
@main
struct GoogleSimulator {
    private static let known: Set<String> = [
        "seeds", "first", "steps", "workers", "reach", "except", "seed", "digests", "about",
    ]

    private let simulation: GoogleSimulation

    static func main() async throws {
        var values: [String: String] = [:]
        var rest = CommandLine.arguments.dropFirst()
        while let name = rest.popFirst() {
            guard name.hasPrefix("--"), known.contains(String(name.dropFirst(2))),
                let value = rest.popFirst()
            else {
                print("What is \(name)? There are \(known.sorted().joined(separator: ", ")).")
                exit(64)
            }
            values[String(name.dropFirst(2))] = value
        }
        exit(try await run(values) ? 0 : 1)
    }

    private static func run(_ values: [String: String]) async throws -> Bool {
        func number(_ name: String, _ standard: Int) -> Int {
            values[name].flatMap(Int.init) ?? standard
        }
        let simulator = GoogleSimulator(
            simulation: GoogleSimulation(steps: number("steps", 300)))
        if let seed = values["seed"].flatMap(UInt64.init) {
            return try await simulator.explain(seed, about: values["about"])
        }
        if values["digests"] != nil { return try await simulator.digest(number("digests", 10)) }
        let first = number("first", 1)
        let leftOut = Set((values["except"] ?? "").split(separator: ",").compactMap { Int($0) })
        return try await simulator.swarm(
            (first..<(first + number("seeds", 500))).filter { !leftOut.contains($0) },
            workers: number("workers", 2), reach: values["reach"].flatMap(Int.init))
    }

    /// What one worker came to.
    private struct Part: Sendable {
        var reach: [String: Int] = [:]
        var actions = 0
        var failures: [GoogleSimulation.Outcome] = []
    }

    /// - Returns: Whether every promise held, and everything was met often enough.
    private func swarm(_ seeds: [Int], workers: Int, reach least: Int?) async throws -> Bool {
        let parts = try await withThrowingTaskGroup(of: Part.self) { tasks in
            for worker in 0..<workers {
                tasks.addTask {
                    var part = Part()
                    for seed in seeds where seed % workers == worker {
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
        print("simulation with Google's connector: \(seeds.count) seeds, \(actions) steps")
        let isKept = tell(parts.flatMap(\.failures))
        guard let least else { return isKept }
        let reach = parts.reduce(into: [:]) { $0.merge($1.reach) { $0 + $1 } }
        for (name, count) in reach.sorted(by: { $0.key < $1.key }) { print("  \(count)  \(name)") }
        let missing = GoogleSimulation.wanted.filter { reach[$0, default: 0] < least }
        for name in missing { print("not met \(least) times: \(name)") }
        return isKept && missing.isEmpty
    }

    private func tell(_ failures: [GoogleSimulation.Outcome]) -> Bool {
        for outcome in failures.sorted(by: { $0.seed < $1.seed }).prefix(1000) {
            print(
                "seed \(outcome.seed): \(outcome.failure?.promise ?? "") "
                    + "\(outcome.failure?.message ?? "")")
        }
        print(failures.isEmpty ? "all promises held" : "\(failures.count) worlds broke a promise")
        return failures.isEmpty
    }

    /// One line a seed, to be compared with another process's.
    private func digest(_ count: Int) async throws -> Bool {
        for number in 1...UInt64(max(1, count)) {
            let outcome = try await simulation.live(number * 20)
            print(number * 20, outcome.actions.count, outcome.digest)
        }
        return true
    }

    /// - Returns: Whether every promise held.
    private func explain(_ seed: UInt64, about subject: String?) async throws -> Bool {
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
        if let subject {
            for line in try await simulation.told(actions, seed: seed, about: subject) {
                print(line)
            }
            return false
        }
        for (name, count) in last.reach.sorted(by: { $0.key < $1.key }) {
            print("  \(count)  \(name)")
        }
        return false
    }
}
