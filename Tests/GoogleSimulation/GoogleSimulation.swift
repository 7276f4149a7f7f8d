import TandemCore
import TandemStore
import TandemTesting

/// Lives through simulated worlds in which the real connector asks the local Google's core, and
/// judges them.
public struct GoogleSimulation: Sendable {
    /// How one world ended.
    public struct Outcome: Hashable, Sendable {
        /// What it was made from.
        public var seed: UInt64
        /// All that happened.
        public var actions: [GoogleAction] = []
        /// How often each thing was met, by its name.
        public var reach: [String: Int] = [:]
        /// What two lives of the same world have in common.
        public var digest: UInt64 = 0
        /// A promise that was broken; `nil` where none was.
        public var failure: GoogleSimulationFailure?
    }

    /// What has to be met: each fault of each sort of request that it means something to, and what
    /// the engine hears of them.
    public static let wanted: [String] = {
        let faults = GoogleFault.allCases.filter { $0 != .overtaken }
        let reads = faults.filter(\.meetsReads).map { "\($0.rawValue) of a page" }
        let writes = faults.filter(\.meetsWrites).map { "\($0.rawValue) of a write" }
        return (reads + writes + others).sorted()
    }()

    private static let others = [
        "crash after an effect", "crash before an effect", "storeFailed",
        "a request that was given up", "overtaken of a patch", "overtaken of a delete",
        "look-up: present", "look-up: absent", "edit here, edit there", "edit here, delete there",
        "delete here, edit there", "conflict: summary", "conflict: time", "conflict: delete",
    ]

    /// How many things happen before everything comes to rest.
    public var steps: Int

    /// Makes worlds of that length.
    public init(steps: Int = 300) { self.steps = steps }

    private static func replicas(of seed: UInt64) -> Int { 2 + Int(seed % 2) }

    /// Lives through the world of a seed.
    ///
    /// - Parameter seed: What it is made from.
    /// - Returns: How it ended.
    /// - Throws: `StoreError` where a store fails that was not to.
    public func live(_ seed: UInt64) async throws -> Outcome {
        let count = Self.replicas(of: seed)
        var generator = GoogleActionGenerator(seed: seed, replicas: count)
        return try await inWorld(seed) { world, actions in
            for step in 0..<steps {
                let action = generator.next(
                    running: world.running, isCalm: step >= steps * 4 / 5,
                    sort: world.sort(ofEffect:at:))
                actions.append(action)
                try await world.perform(action)
            }
        }
    }

    /// Lives through a list of actions again.
    ///
    /// - Returns: How it ended.
    /// - Throws: `StoreError` where a store fails that was not to.
    public func repeated(_ actions: [GoogleAction], seed: UInt64) async throws -> Outcome {
        try await inWorld(seed) { world, lived in
            lived = actions
            for action in actions { try await world.perform(action) }
        }
    }

    /// Lives through a list of actions again, and tells what happens to one thing.
    ///
    /// - Parameters:
    ///   - actions: What happens.
    ///   - seed: What the world is made from.
    ///   - subject: Any text that the thing says or was made with, or its name.
    /// - Returns: A line for each action, request and state.
    /// - Throws: `StoreError` where a store fails that was not to.
    public func told(
        _ actions: [GoogleAction], seed: UInt64, about subject: String
    ) async throws -> [String] {
        let teller = WorldTeller(about: subject, but: Self.boring)
        _ = try await inWorld(seed) { world, lived in
            world.teller = teller
            lived = actions
            for action in actions { try await world.perform(action) }
        }
        return teller.lines
    }

    /// What events say, but tells nothing of what becomes of them.
    private static let boring: Set<String> = [
        "kind", "htmlLink", "created", "updated", "creator", "reminders", "eventType", "iCalUID",
        "sequence",
    ]

    /// Makes a world, lets something happen in it, and brings it to rest.
    private func inWorld(
        _ seed: UInt64, _ body: (GoogleWorld, inout [GoogleAction]) async throws -> Void
    ) async throws -> Outcome {
        let world = try GoogleWorld(replicas: Self.replicas(of: seed), seed: seed)
        var outcome = Outcome(seed: seed)
        do {
            try await body(world, &outcome.actions)
            try await world.comeToRest()
        } catch {
            // What a transaction did not expect stops a program, too.
            outcome.failure =
                error as? GoogleSimulationFailure
                ?? GoogleSimulationFailure("P4", "A transaction failed: \(error)")
        }
        try world.close()
        outcome.reach = world.reach
        outcome.digest = world.digest
        return outcome
    }

    /// The shortest list found that breaks the same promise: parts are left out as long as it still
    /// does.
    ///
    /// - SeeAlso: Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002.
    public func shrunk(_ outcome: Outcome) async throws -> [GoogleAction] {
        guard let sort = outcome.failure?.sort else { return outcome.actions }
        var actions = outcome.actions
        func breaks(_ candidate: [GoogleAction]) async throws -> Bool {
            try await repeated(candidate, seed: outcome.seed).failure?.sort == sort
        }
        var size = actions.count / 2
        while size > 0 {
            var start = 0
            while start < actions.count {
                var candidate = actions
                candidate.removeSubrange(start..<min(start + size, actions.count))
                if try await breaks(candidate) {
                    actions = candidate
                } else {
                    start += size
                }
            }
            size /= 2
        }
        for place in actions.indices {
            guard case .deliver(let replica, let effect, .some) = actions[place] else { continue }
            var candidate = actions
            candidate[place] = .deliver(replica: replica, effect: effect, fault: nil)
            if try await breaks(candidate) { actions = candidate }
        }
        return actions
    }
}
