import Foundation
import TandemCore
import TandemStore
import TandemTesting
import Testing

@Suite struct CrashTests {
    @Test func `a crash within a transaction leaves what was committed before it`() async throws {
        try await withTemporaryFolder { folder in
            let (home, copy) = (folder + "/home", folder + "/copy")
            let world = TestEnvironment(seed: 1)
            let store = try StoreFiles.open(home, world: world)
            for number in 0..<5 {
                world.clock.advance(by: .milliseconds(1))
                _ = try await store.write { try $0.runs.start("\(number)") }
            }
            try store.writeBlocking { transaction throws in
                for _ in 0..<500 { _ = try transaction.runs.start("never committed") }
                try StoreFiles.copy(home, to: copy)
            }
            try store.close()
            world.clock.advance(by: .milliseconds(1))
            let crashed = try StoreFiles.open(copy, world: world)
            #expect(try crashed.readBlocking { try commands($0) } == ["0", "1", "2", "3", "4"])
            _ = try crashed.writeBlocking { try $0.runs.start("on") }
            try crashed.close()
            let again = try StoreFiles.open(copy)
            #expect(try again.readBlocking { try commands($0) }.last == "on")
            try again.close()
        }
    }

    @Test func `a log that was cut anywhere leaves a store with a prefix of the commits`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let home = folder + "/home"
            let world = TestEnvironment(seed: 1)
            let store = try StoreFiles.open(home, world: world)
            try store.close()
            let reopened = try StoreFiles.open(home, world: world)
            let expected = (0..<40).map { "run \($0)" }
            for command in expected {
                world.clock.advance(by: .milliseconds(1))
                _ = try await reopened.write { try $0.runs.start(command) }
            }
            let original = folder + "/original"
            try StoreFiles.copy(home, to: original)
            try reopened.close()
            let log = try StoreFiles.bytes(original + "/tandem.sqlite-wal")
            try #require(log.count > 100_000)
            var random = SplitMix64(seed: 11)
            var lengths: Set<Int> = []
            for attempt in 0..<200 {
                let copy = "\(folder)/\(attempt)"
                try StoreFiles.copy(original, to: copy)
                let cut = Int.random(in: 0..<log.count, using: &random)
                try StoreFiles.write(Array(log.prefix(cut)), to: copy + "/tandem.sqlite-wal")
                let crashed = try StoreFiles.open(copy, world: world)
                let found = try crashed.readBlocking { try commands($0) }
                #expect(found == Array(expected.prefix(found.count)))
                _ = try crashed.writeBlocking { try $0.runs.start("on") }
                try crashed.close()
                lengths.insert(found.count)
                try FileManager.default.removeItem(atPath: copy)
            }
            #expect(lengths.count > 20)
        }
    }

    @Test func `a log with damaged bytes leaves a store with a prefix of the commits`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let home = folder + "/home"
            let store = try StoreFiles.open(home)
            for number in 0..<40 { _ = try await store.write { try $0.runs.start("\(number)") } }
            let original = folder + "/original"
            try StoreFiles.copy(home, to: original)
            try store.close()
            let log = try StoreFiles.bytes(original + "/tandem.sqlite-wal")
            var random = SplitMix64(seed: 12)
            for attempt in 0..<50 {
                let copy = "\(folder)/\(attempt)"
                try StoreFiles.copy(original, to: copy)
                var damaged = log
                let place = Int.random(in: 32..<log.count, using: &random)
                damaged[place] ^= UInt8.random(in: 1...255, using: &random)
                try StoreFiles.write(damaged, to: copy + "/tandem.sqlite-wal")
                let crashed = try StoreFiles.open(copy)
                let found = try crashed.readBlocking { try $0.runs.list().count }
                #expect(found <= 40)
                try crashed.close()
                try FileManager.default.removeItem(atPath: copy)
            }
        }
    }

    /// The runs' commands, oldest first.
    private func commands(_ transaction: StoreTransaction) throws -> [String] {
        try transaction.runs.list().reversed().map(\.command)
    }
}
