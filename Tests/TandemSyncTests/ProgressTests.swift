import LosslessJSON
import Synchronization
import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

/// What a sync tells of how far it has come.
@Suite struct ProgressTests {
    /// What was told, in order, as `pulling 3/7`.
    private final class Told: Sendable {
        private let steps = Mutex<[String]>([])

        func take(_ step: SyncProgress) {
            let total = step.total.map { "/\($0)" } ?? ""
            steps.withLock { $0.append("\(step.phase) \(step.done)\(total)") }
        }

        func all() -> [String] { steps.withLock { $0 } }
    }

    private func steps(of world: SyncWorld, full: Bool = false) async throws -> [String] {
        let told = Told()
        var options = SyncOptions(run: world.run)
        options.full = full
        let synchronizer = Synchronizer(
            store: world.store, environment: world.environment,
            owner: LeaseOwner(name: "test", process: 1, host: "here"), programVersion: "1",
            observer: { told.take($0) })
        _ = try await synchronizer.sync(world.account, through: world.connector, options: options)
        return told.all()
    }

    private func world() async throws -> SyncWorld {
        let world = try await SyncWorld()
        for number in 1...7 { world.put("n\(number)", "note \(number)") }
        return world
    }

    @Test func `of a first listing nobody knows the end before it is there`() async throws {
        #expect(
            try await steps(of: world()) == [
                "pulling 0", "pulling 3", "pulling 6", "pulling 7/7", "finished 7/7",
            ])
    }

    @Test(arguments: [true, false])
    func `a later full listing counts what is read, changed or not, up to what is known`(
        full: Bool
    ) async throws {
        let world = try await world()
        try await world.sync()
        world.put("n8", "note 8")
        if !full { world.provider.expireCursors() }
        #expect(
            try await steps(of: world, full: full) == [
                "pulling 0/7", "pulling 3/7", "pulling 6/7", "pulling 8/8", "finished 8/8",
            ])
    }

    @Test func `what is sent is known before the first write`() async throws {
        let world = try await world()
        try await world.sync()
        for number in 1...3 { try await world.edit("n\(number)", ["title": "ours"]) }
        #expect(
            try await steps(of: world) == [
                "pulling 0/0", "pushing 0/3", "pushing 2/3", "pushing 2/3", "pushing 3/3",
                "finished 3/3",
            ])
    }
}
