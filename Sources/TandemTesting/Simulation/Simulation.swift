import Foundation
import TandemCore

/// Lives through simulated worlds and judges them.
public struct Simulation: Sendable {
    /// How one world ended.
    public struct Outcome: Codable, Hashable, Sendable {
        /// What it was made from.
        public var seed: UInt64
        /// All that happened.
        public var actions: [SimulatedAction]
        /// What was met.
        public var reach: ReachCounters
        /// What two lives of the same world have in common.
        public var digest: UInt64
        /// A promise that was broken; `nil` where none was.
        public var failure: SimulationFailure?
        /// How many effects runs had: transactions, requests with their answers, and waits; not
        /// saved.
        public var effects = 0

        private enum CodingKeys: CodingKey { case seed, actions, reach, digest, failure }
    }

    /// How many things happen before everything comes to rest.
    public var steps: Int
    /// Where the stores of one world lie while it lasts; in memory where it is `nil`.
    public var folder: String?
    /// What nobody does in any world.
    public var without: Set<SimulatedHabit>
    private let stores = SimulatedStores()

    /// Makes worlds of that length.
    public init(
        steps: Int = 500, folder: String? = nil, without: Set<SimulatedHabit> = []
    ) {
        self.steps = steps
        self.folder = folder
        self.without = without
    }

    static func replicas(of seed: UInt64) -> Int { 2 + Int(seed % 3) }

    /// Lives through the world of a seed.
    ///
    /// - Parameters:
    ///   - seed: What it is made from.
    ///   - isQuiet: Whether nothing goes wrong in it.
    /// - Returns: How it ended.
    /// - Throws: `StoreError` where a store fails that was not to.
    public func live(_ seed: UInt64, isQuiet: Bool = false) throws -> Outcome {
        try live(seed, isQuiet: isQuiet) { _ in }
    }

    /// The same; `atRest` sees what it came to where no promise was broken.
    func live(
        _ seed: UInt64, isQuiet: Bool, atRest: (SimulatedWorld) -> Void
    ) throws -> Outcome {
        let count = Self.replicas(of: seed)
        var generator = ActionGenerator(seed: seed, replicas: count, without: without)
        return try inWorld(seed, atRest: atRest) { world, actions in
            for step in 0..<steps {
                let action = generator.next(
                    running: world.running, isCalm: isQuiet || step >= steps * 4 / 5,
                    sort: world.sort(ofEffect:at:))
                actions.append(action)
                try world.perform(action)
            }
        }
    }

    /// Lives through a list of actions again.
    ///
    /// - Returns: How it ended.
    /// - Throws: `StoreError` where a store fails that was not to.
    public func repeated(_ actions: [SimulatedAction], seed: UInt64) throws -> Outcome {
        try repeated(actions, seed: seed) { _ in }
    }

    /// The same; `atRest` sees what it came to where no promise was broken.
    func repeated(
        _ actions: [SimulatedAction], seed: UInt64, atRest: (SimulatedWorld) -> Void
    ) throws -> Outcome {
        try inWorld(seed, atRest: atRest) { world, lived in
            lived = actions
            for action in actions { try world.perform(action) }
        }
    }

    /// Lives through a list of actions again, and tells what happens to one thing.
    ///
    /// - Parameters:
    ///   - actions: What happens.
    ///   - seed: What the world is made from.
    ///   - subject: The text that the thing was made with, another that it says, or its name.
    /// - Returns: A line for each action, request and state.
    /// - Throws: `StoreError` where a store fails that was not to.
    public func told(
        _ actions: [SimulatedAction], seed: UInt64, about subject: String
    ) throws -> [String] {
        let teller = WorldTeller(about: subject)
        _ = try inWorld(seed) { world, lived in
            world.teller = teller
            lived = actions
            for action in actions { try world.perform(action) }
        }
        return teller.lines
    }

    /// Makes a world, lets something happen in it, and brings it to rest.
    func inWorld(
        _ seed: UInt64, atRest: (SimulatedWorld) -> Void = { _ in },
        _ body: (SimulatedWorld, inout [SimulatedAction]) throws -> Void
    ) throws -> Outcome {
        let place = folder.map { "\($0)/\(seed)" }
        if let place {
            try FileManager.default.createDirectory(
                atPath: place, withIntermediateDirectories: true)
        }
        let world = try SimulatedWorld(
            replicas: Self.replicas(of: seed), seed: seed, folder: place, stores: stores)
        var outcome = Outcome(
            seed: seed, actions: [], reach: ReachCounters(), digest: 0, failure: nil)
        do {
            try body(world, &outcome.actions)
            try world.comeToRest()
            atRest(world)
        } catch {
            // What a transaction did not expect stops a program, too.
            outcome.failure =
                error as? SimulationFailure
                ?? SimulationFailure("P4", "A transaction failed: \(error)")
        }
        try world.close()
        if let place { try FileManager.default.removeItem(atPath: place) }
        outcome.reach = world.reach
        outcome.digest = world.trace.digest
        outcome.effects = world.effects
        return outcome
    }

    /// The promise that a list of actions breaks; `nil` where it breaks none.
    private func promise(_ actions: [SimulatedAction], seed: UInt64) throws -> String? {
        try repeated(actions, seed: seed).failure?.promise
    }

    /// The shortest list that breaks the same promise: parts are left out as long as it still does.
    ///
    /// - SeeAlso: Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002.
    public func shrunk(_ outcome: Outcome) throws -> [SimulatedAction] {
        guard let promise = outcome.failure?.promise else { return outcome.actions }
        var actions = outcome.actions
        func stillFails(_ candidate: [SimulatedAction]) throws -> Bool {
            try self.promise(candidate, seed: outcome.seed) == promise
        }
        var size = actions.count / 2
        while size > 0 {
            var start = 0
            while start < actions.count {
                var candidate = actions
                candidate.removeSubrange(start..<min(start + size, actions.count))
                if try stillFails(candidate) { actions = candidate } else { start += size }
            }
            size /= 2
        }
        for place in actions.indices {
            guard case .deliver(let replica, let effect, .some) = actions[place] else { continue }
            var candidate = actions
            candidate[place] = .deliver(replica: replica, effect: effect, fault: nil)
            if try stillFails(candidate) { actions = candidate }
        }
        return actions
    }
}
