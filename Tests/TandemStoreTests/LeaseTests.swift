import Synchronization
import TandemCore
import TandemTesting
import Testing

@testable import TandemStore

/// Leases whose holders can be seen.
@Suite struct LeaseTests {
    /// Processes of which each test says what is known.
    private final class Table: ProcessTable {
        let current = Table.process(1)
        private let lives = Mutex<[ProcessIdentity: ProcessLife]>([:])

        static func process(_ number: Int64) -> ProcessIdentity {
            ProcessIdentity(host: "here", boot: "b n", number: number, started: 7)
        }

        func set(_ number: Int64, _ life: ProcessLife) {
            lives.withLock { $0[Self.process(number)] = life }
        }

        func life(of process: ProcessIdentity) -> ProcessLife {
            lives.withLock { $0[process] ?? .unknown }
        }
    }

    private struct World {
        let table = Table()
        let clock = VirtualClock()
        let store: Store
        let account: AccountID

        init() throws {
            let environment = TandemEnvironment(
                clock: clock, random: SeededRandom(seed: 1), processes: table)
            store = try TestStore.inMemory(environment: environment)
            account = try store.writeBlocking {
                try $0.accounts.add(name: "ada", provider: "memory").id
            }
        }

        func acquire(_ number: Int64) throws -> Bool {
            try store.writeBlocking { transaction in
                try transaction.leases.acquire(
                    account, owner: LeaseOwner(name: "\(number)", process: Table.process(number)),
                    for: .seconds(60), now: transaction.environment.now())
            }
        }

        func lease() throws -> LeaseRecord {
            try #require(try store.readBlocking { try $0.leases.find(account) })
        }
    }

    @Test(arguments: [
        (ProcessLife.gone, true), (.running, false), (.unknown, false),
    ])
    func `a lease is free at once where its holder's process is gone, and only there`(
        life: ProcessLife, isFree: Bool
    ) throws {
        let world = try World()
        #expect(try world.acquire(1))
        world.table.set(1, life)
        #expect(try world.acquire(2) == isFree)
        #expect(try world.lease().owner.process == Table.process(isFree ? 2 : 1))
    }

    @Test func `a lease tells whether it binds and whether its holder lives`() throws {
        let world = try World()
        #expect(try world.acquire(1))
        let (lease, environment) = (try world.lease(), world.store.environment)
        for (life, binds) in [(ProcessLife.unknown, true), (.running, true), (.gone, false)] {
            world.table.set(1, life)
            #expect(lease.isBinding(in: environment) == binds)
            #expect(lease.isHolderAlive(in: environment) == binds)
        }
        world.clock.advance(by: .seconds(60))
        for (life, lives) in [(ProcessLife.unknown, false), (.running, true), (.gone, false)] {
            world.table.set(1, life)
            #expect(!lease.isBinding(in: environment))
            #expect(lease.isHolderAlive(in: environment) == lives)
        }
    }
}
