import LosslessJSON
import TandemCore
import TandemTesting
import Testing

@testable import TandemStore

/// What the store knows of things that were brought to life again.
@Suite struct RevivalsTests {
    private func makeWorld() async throws -> StoreWorld {
        try await StoreWorld { world in try TestStore.inMemory(environment: world.environment) }
    }

    @Test func `a name follows from the one before, on every machine`() async throws {
        let note: JSON = ["title": "note"]
        let rules = NoteRules()
        func names(_ seed: UInt64) async throws -> [RemoteID?] {
            let world = try await StoreWorld(seed: seed) { world in
                try TestStore.inMemory(environment: world.environment)
            }
            return try await world.store.read { transaction throws in
                var names: [RemoteID?] = [RemoteID(rawValue: "n1")]
                for _ in 1...3 {
                    names.append(
                        transaction.revivals.nextName(
                            after: names.last ?? nil, of: note, rules: rules))
                }
                return names
            }
        }
        let (first, second) = (try await names(1), try await names(2))
        #expect(first == second)
        #expect(Set(first).count == 4 && !first.contains(nil))
    }

    @Test func `what a person brings back is known by its names, and another's are passed over`()
        async throws
    {
        let world = try await makeWorld()
        let pulled = try await world.pull("n1", ["title": "old"])
        let deleted = try await world.store.write { transaction in
            var row = pulled
            row.deletedAt = transaction.environment.now()
            return try transaction.resources.update(row)
        }
        let next = try await world.store.read { transaction throws in
            transaction.revivals.nextName(
                after: deleted.remoteID, of: ["title": "old"], rules: NoteRules())
        }
        let taken = try #require(next)
        _ = try await world.pull(taken.rawValue, ["title": "another machine's"])
        let run = world.run
        let back = try await world.store.write { transaction in
            try transaction.restoreLocally(deleted, to: ["title": "old"], run: run)
        }
        let own = try #require(back.remoteID)
        #expect(own != taken && own != deleted.remoteID)
        let place = world.work.id
        let known = try await world.store.read { transaction in
            (
                try transaction.revivals.list(of: back.id),
                try transaction.revivals.list(in: place)
            )
        }
        #expect(Set(known.0.map(\.remoteID)) == [RemoteID(rawValue: "n1"), taken, own])
        #expect(known.0.allSatisfy { $0.agreed == deleted.base && $0.adopted == nil })
        #expect(known.1 == known.0)
    }

    @Test func `what gave way is no longer listed, and its delete asks nobody`() async throws {
        let world = try await makeWorld()
        let (left, kept) = (try await world.pull("n1"), try await world.pull("n2"))
        try await world.store.write { transaction in
            try transaction.revivals.note([RemoteID(rawValue: "n0")], of: left)
            try transaction.revivals.note(left, adoptedBy: kept.id)
        }
        let (place, run) = (world.work.id, world.run)
        _ = try await world.store.write { try $0.deleteLocally(left, run: run) }
        try await world.store.read { transaction in
            #expect(try transaction.revivals.list(in: place).isEmpty)
            #expect(try transaction.resources.unreleasedDeletes(in: place).isEmpty)
            let names = try transaction.revivals.list(of: left.id)
            #expect(names.map { $0.remoteID.rawValue } == ["n0", "n1"])
            #expect(names.allSatisfy { $0.adopted == kept.id })
        }
    }

    @Test func `what left a place and came back may be there again once it is gone`() async throws {
        let world = try await makeWorld()
        let note = try await world.pull("n1")
        let (name, work) = (try #require(note.remoteID), world.work.id)
        let other = try await world.collection("other")
        func go(to place: CollectionID) async throws {
            try await world.store.write { transaction in
                var row = try #require(try transaction.resources.find(note.id))
                row.collection = place
                try transaction.resources.update(row)
            }
        }
        func formerPlaces() async throws -> [CollectionID] {
            try await world.store.read { transaction in
                let row = try #require(try transaction.resources.find(note.id))
                return try transaction.resources.formerPlaces(of: row)
            }
        }
        try await go(to: other.id)
        #expect(try await formerPlaces() == [work])
        try await world.store.write { try $0.resources.noteLeft(name, from: work) }
        #expect(try await formerPlaces().isEmpty)
        try await go(to: work)
        try await go(to: other.id)
        #expect(try await formerPlaces() == [work])
    }
}
