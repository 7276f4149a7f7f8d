import LosslessJSON
import TandemCore
import TandemStore
import Testing

extension StoreConformance {
    private struct Stop: Error {}

    static let transactionChecks: [Check] = [
        Check("a throw undoes everything that was written before it") { world async throws in
            await #expect(throws: Stop.self) {
                try await world.store.write { transaction throws in
                    _ = try transaction.accounts.add(name: "bob", provider: "memory")
                    _ = try transaction.runs.start("lost")
                    throw Stop()
                }
            }
            let (names, runs) = try await world.store.read { transaction throws in
                (
                    try transaction.accounts.list().map(\.name),
                    try transaction.runs.list().map(\.command)
                )
            }
            #expect(names == ["ada"] && runs == ["test"])
        },
        Check("a refused row undoes only its own statement") { world async throws in
            try await world.store.write { transaction throws in
                _ = try transaction.accounts.add(name: "bob", provider: "memory")
                #expect(throws: StoreError.self) {
                    try transaction.accounts.add(name: "ada", provider: "memory")
                }
            }
            let names = try await world.store.read { try $0.accounts.list().map(\.name) }
            #expect(names == ["ada", "bob"])
        },
        Check("a reader cannot write") { world async throws in
            await #expect(throws: StoreError.self) {
                try await world.store.read { try $0.runs.start("secretly") }
            }
            _ = try await world.store.write { try $0.runs.start("openly") }
            let runs = try await world.store.read { try $0.runs.list().map(\.command) }
            #expect(runs.sorted() == ["openly", "test"])
        },
        Check("threads that wait see the same store") { world async throws in
            let id = try world.store.writeBlocking { try $0.runs.start("waiting").id }
            let found = try world.store.readBlocking { try $0.runs.find(id) }
            #expect(found?.command == "waiting")
            #expect(throws: Stop.self) {
                try world.store.writeBlocking { transaction throws in
                    _ = try transaction.runs.start("lost")
                    throw Stop()
                }
            }
            #expect(try world.store.readBlocking { try $0.runs.list().count } == 2)
        },
        Check("many tasks write one after another, and none is lost") { world async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        _ = try await world.store.write { try $0.runs.start("run \(number)") }
                    }
                }
                try await group.waitForAll()
            }
            let commands = try await world.store.read { try $0.runs.list().map(\.command) }
            #expect(Set(commands) == Set((0..<50).map { "run \($0)" } + ["test"]))
        },
        Check("a cancelled task's write is kept whole") { world async throws in
            let store = world.store
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await store.write { try $0.runs.start("cancelled").id }
            }
            let id = try await task.value
            let found = try await store.read { try $0.runs.find(id) }
            #expect(found?.command == "cancelled")
        },
        Check("a closed store says so") { world async throws in
            try world.store.close()
            await expectFailure(.closed) { try await world.store.read { try $0.accounts.list() } }
            await expectFailure(.closed) { try await world.store.write { try $0.runs.start("") } }
        },
    ]
}
