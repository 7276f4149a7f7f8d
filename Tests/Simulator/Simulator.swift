import Foundation
import Synchronization
import TandemTesting

/// Lives through simulated worlds.
///
/// `simulate [--seeds 1000] [--first 1] [--steps 500] [--workers 2] [--folder PATH] [--reach N]
/// [--failures N] [--except SEEDS]` lives through many and tells what broke, and what was met less
/// than N times; it ends early when N worlds broke a promise, and leaves out those seeds that stand
/// behind each other with commas.
/// `--without HABITS` makes worlds in which nobody does what these say (``SimulatedHabit``).
/// `simulate --crashes SEEDS [--steps 60]` ends a program at each moment of so many quiet worlds.
/// `simulate --clocks SEEDS [--steps 200]` lives through so many quiet worlds twice, the second time
/// with wrong clocks.
/// `simulate --seed N [--save FILE] [--about TEXT]` lives through one, shrinks what breaks it, and
/// prints that; with a text, which a thing was made with or is called, also that thing's life, as
/// `--replay` does.
/// `simulate --replay FILE` lives through a saved one, `simulate --digests SEEDS` prints of so many
/// worlds, each 20th, what two lives of them have in common; with `--save-digests FILE` the first
/// form writes the same.
@main
struct Simulator {
    private static let known: Set<String> = [
        "seeds", "first", "steps", "workers", "folder", "reach", "crashes", "clocks", "seed",
        "save", "replay", "digests", "save-digests", "failures", "except", "without", "about",
    ]

    private let values: [String: String]

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
        let isKept = try await Simulator(values: values).run()
        exit(isKept ? 0 : 1)
    }

    private func number(_ name: String, default standard: Int) -> Int {
        values[name].flatMap(Int.init) ?? standard
    }

    private var usualSteps: Int {
        if values["crashes"] != nil { return 60 }
        return values["clocks"] != nil ? 200 : 500
    }

    private var simulation: Simulation {
        Simulation(
            steps: number("steps", default: usualSteps),
            folder: values["folder"],
            without: Set(
                (values["without"] ?? "").split(separator: ",")
                    .compactMap { SimulatedHabit(rawValue: String($0)) }))
    }

    private func run() async throws -> Bool {
        if let file = values["replay"] { return try replay(file) }
        if let seed = values["seed"].flatMap(UInt64.init) { return try explain(seed) }
        if values["crashes"] != nil { return try await crash() }
        if values["clocks"] != nil { return try await setClocks() }
        if values["digests"] != nil { return try await digest() }
        return try await swarm()
    }

    // MARK: Many

    private func swarm() async throws -> Bool {
        let simulation = simulation
        let count = number("seeds", default: 1000)
        let most = number("failures", default: .max)
        let broken = Mutex(0)
        let parts = try await inParts(count) { seed, part in
            guard !leftOut.contains(seed), broken.withLock({ $0 < most }) else { return }
            let outcome = try simulation.live(seed)
            part.worlds += 1
            part.reach.add(outcome.reach)
            part.actions += outcome.actions.count
            part.effects += outcome.effects
            if seed % Self.digested == 0 { part.digests[seed] = Self.line(of: outcome) }
            guard outcome.failure != nil else { return }
            part.failures.append(outcome)
            broken.withLock { $0 += 1 }
        }
        let worlds = parts.reduce(0) { $0 + $1.worlds }
        let actions = parts.reduce(0) { $0 + $1.actions }
        let effects = parts.reduce(0) { $0 + $1.effects }
        let place = values["folder"] == nil ? "in memory" : "on disk"
        print("simulation: \(worlds) seeds, \(actions) actions and \(effects) effects \(place)")
        let isKept = tell(parts.flatMap(\.failures))
        if let file = values["save-digests"] {
            try lines(of: parts).write(toFile: file, atomically: true, encoding: .utf8)
        }
        guard let least = values["reach"].flatMap(Int.init) else { return isKept }
        var reach = ReachCounters()
        for part in parts { reach.add(part.reach) }
        return tell(reach, atLeast: least) && isKept
    }

    /// Prints how often each row was met; whether each was met often enough.
    private func tell(_ reach: ReachCounters, atLeast least: Int) -> Bool {
        for row in ReachCounters.wanted {
            let count = String(reach.count(of: row))
            let room = String(repeating: " ", count: max(0, 10 - count.count))
            print("\(room)\(count)  \(row.table): \(row.name)")
        }
        let missing = reach.missing(atLeast: least, onDisk: values["folder"] != nil)
        for row in missing { print("not met \(least) times: \(row.table): \(row.name)") }
        return missing.isEmpty
    }

    private func crash() async throws -> Bool {
        let simulation = simulation
        let parts = try await inParts(number("crashes", default: 50)) { seed, part in
            let crashes = try simulation.crashEverywhere(seed)
            part.points += crashes.points
            part.failures += crashes.failures
        }
        print("crashes: \(parts.reduce(0) { $0 + $1.points }) points")
        return tell(parts.flatMap(\.failures))
    }

    private var leftOut: Set<UInt64> {
        Set((values["except"] ?? "").split(separator: ",").compactMap { UInt64($0) })
    }

    private func setClocks() async throws -> Bool {
        let (simulation, leftOut) = (simulation, leftOut)
        let parts = try await inParts(number("clocks", default: 1000)) { seed, part in
            guard !leftOut.contains(seed) else { return }
            let outcome = try simulation.withWrongClocks(seed)
            part.worlds += 1
            if outcome.failure != nil { part.failures.append(outcome) }
        }
        print("clocks: \(parts.reduce(0) { $0 + $1.worlds }) worlds with wrong ones")
        return tell(parts.flatMap(\.failures))
    }

    /// What one worker came to.
    private struct Part: Sendable {
        var reach = ReachCounters()
        var worlds = 0
        var actions = 0
        var effects = 0
        var points = 0
        var digests: [UInt64: String] = [:]
        var failures: [Simulation.Outcome] = []
    }

    private func inParts(
        _ count: Int, _ body: @escaping @Sendable (UInt64, inout Part) throws -> Void
    ) async throws -> [Part] {
        let first = number("first", default: 1)
        let workers = number("workers", default: 2)
        return try await withThrowingTaskGroup(of: Part.self) { tasks in
            for worker in 0..<workers {
                tasks.addTask {
                    var part = Part()
                    for seed in first..<(first + count) where seed % workers == worker {
                        try body(UInt64(seed), &part)
                    }
                    return part
                }
            }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
    }

    private func tell(_ failures: [Simulation.Outcome]) -> Bool {
        for outcome in failures.sorted(by: { $0.seed < $1.seed }).prefix(1000) {
            print(
                "seed \(outcome.seed): \(outcome.failure?.promise ?? "") "
                    + "\(outcome.failure?.message ?? "")")
        }
        print(failures.isEmpty ? "all promises held" : "\(failures.count) worlds broke a promise")
        return failures.isEmpty
    }

    /// Of so many worlds one is compared with another life of it.
    private static let digested: UInt64 = 20

    private static func line(of outcome: Simulation.Outcome) -> String {
        "\(outcome.seed) \(outcome.actions.count) \(outcome.digest)\n"
    }

    private func lines(of parts: [Part]) -> String {
        let digests = parts.flatMap(\.digests).sorted { $0.key < $1.key }
        return digests.map(\.value).joined()
    }

    /// One line a seed, to be compared with another process's.
    private func digest() async throws -> Bool {
        let simulation = simulation
        let count = number("digests", default: 10)
        let parts = try await inParts(count) { number, part in
            let seed = number * Self.digested
            part.digests[seed] = Self.line(of: try simulation.live(seed))
        }
        print(lines(of: parts), terminator: "")
        return true
    }

    // MARK: One

    private func explain(_ seed: UInt64) throws -> Bool {
        let outcome = try simulation.live(seed)
        guard let failure = outcome.failure else {
            print("All promises held.")
            return true
        }
        print("\(failure.promise): \(failure.message)")
        let actions = try simulation.shrunk(outcome)
        print("\(actions.count) of \(outcome.actions.count) actions:")
        for action in actions { print("  \(action)") }
        var last = try simulation.repeated(actions, seed: seed)
        if let again = last.failure { print("\(again.promise): \(again.message)") }
        try tellLife(in: actions, seed)
        if let file = values["save"] {
            last.reach = ReachCounters()
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try encoder.encode(last).write(to: URL(fileURLWithPath: file))
        }
        return false
    }

    private func tellLife(in actions: [SimulatedAction], _ seed: UInt64) throws {
        guard let subject = values["about"] else { return }
        for line in try simulation.told(actions, seed: seed, about: subject) { print(line) }
    }

    private func replay(_ file: String) throws -> Bool {
        let saved = try JSONDecoder().decode(
            Simulation.Outcome.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
        try tellLife(in: saved.actions, saved.seed)
        let outcome = try simulation.repeated(saved.actions, seed: saved.seed)
        guard let failure = outcome.failure else {
            print("All promises held.")
            return true
        }
        print("\(failure.promise): \(failure.message)")
        return false
    }
}
