import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

/// When edits of other programs are sent by one that goes on syncing.
@Suite struct EditWatchTests {
    private let world: SyncWorld

    init() async throws { world = try await SyncWorld() }

    private func mark() async throws -> StoreMark {
        try await world.store.read { try StoreMark($0) }
    }

    private func begin(_ command: String) async throws {
        _ = try await world.store.write { try $0.runs.start(command) }
    }

    private func at(_ seconds: Double) -> RunningTime {
        RunningTime(wall: world.clock.now(), running: .seconds(seconds))
    }

    @Test func `a sync of somebody else is no news`() async throws {
        let before = try await mark()
        try await begin("sync")
        var watch = EditWatch(after: before)
        #expect(try await mark() == before)
        let isDue = watch.look(try await mark(), at: at(60))
        #expect(!isDue)
    }

    @Test func `an edit is sent once no further one comes`() async throws {
        var watch = EditWatch(after: try await mark())
        try await begin("events edit")
        let one = try await mark()
        let early = [watch.look(one, at: at(1)), watch.look(one, at: at(1.5))]
        #expect(early == [false, false])
        try await begin("queue retry")
        let two = try await mark()
        let later = [watch.look(two, at: at(1.9)), watch.look(two, at: at(2.5))]
        #expect(later == [false, false])
        let isDue = watch.look(two, at: at(3))
        #expect(isDue)
    }

    @Test func `edits without end are sent all the same`() async throws {
        var watch = EditWatch(after: try await mark())
        var due: [Double] = []
        for second in stride(from: 0.5, through: 11, by: 0.5) {
            try await begin("events edit")
            if watch.look(try await mark(), at: at(second)) { due.append(second) }
        }
        #expect(due.first == 10.5)
    }

    @Test func `an edit under a clock that was set back is news, too`() async throws {
        try await begin("events edit")
        let before = try await mark()
        world.clock.set(to: world.clock.now().advanced(by: .seconds(-86_400)))
        try await begin("events edit")
        #expect(try await mark() != before)
    }

    @Test func `an account that signed in anew is let in`() async throws {
        let id = world.account.id
        func set(_ state: AccountState) async throws {
            try await world.store.write { transaction in
                var account = try #require(try transaction.accounts.find(id))
                account.state = state
                try transaction.accounts.update(account)
            }
        }
        try await set(.needsConsent)
        var watch = EditWatch(after: try await mark())
        #expect(watch.letIn([id]).isEmpty)
        try await set(.ok)
        _ = watch.look(try await mark(), at: at(1))
        #expect(watch.letIn([id]) == [id])
    }
}
