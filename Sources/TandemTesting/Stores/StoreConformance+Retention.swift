import LosslessJSON
import TandemCore
import TandemStore
import Testing

extension StoreConformance {
    static let retentionChecks: [Check] = [
        Check("what is over is forgotten after its days, what waits never") { world async throws in
            let past = try await makePast(world)
            try await startSyncing(world, after: 90)
            let purged = try await sync(world)
            #expect(purged?.resources == 2 && purged?.conflicts == 1 && purged?.holds == 1)
            #expect(purged?.changes == 1 && purged?.runs == 1)
            try await world.store.read { transaction throws in
                #expect(try transaction.resources.find(past.gone) == nil)
                #expect(try transaction.resources.find(past.released) == nil)
                for kept in past.kept {
                    #expect(try transaction.resources.find(kept) != nil)
                }
                #expect(try transaction.conflicts.list(includesResolved: true).count == 1)
                #expect(try transaction.holds.list(includesDecided: true).count == 1)
                #expect(try transaction.quarantine.list().count == 1)
                #expect(try transaction.changes.list().isEmpty)
                #expect(try transaction.runs.find(world.run) == nil)
                #expect(try transaction.resources.dirty(in: world.work.id).count == 1)
            }
        },
        Check("nothing is forgotten before its days are over") { world async throws in
            _ = try await makePast(world)
            try await startSyncing(world, after: 88)
            #expect(try await sync(world) == Retention.Purged())
            #expect(try await sync(world, after: 4, days: 100) == Retention.Purged())
            #expect(try await sync(world, days: 1)?.resources == 2)
        },
        Check("a purge is once a day, and waits where somebody was away or the clock ran ahead") {
            world async throws in
            let past = try await makePast(world)
            #expect(try await sync(world) == nil)
            #expect(try await sync(world, after: 200) == nil)
            #expect(try await sync(world, after: 0) == nil)
            #expect(try await world.store.read { try $0.resources.find(past.gone) } != nil)
            #expect(try await sync(world)?.resources == 2)
            #expect(try await sync(world, after: 0) == nil)
            world.world.clock.set(to: world.world.clock.now().advanced(by: .seconds(-864_000)))
            #expect(try await sync(world, after: 0) == nil)
        },
        Check("a purge takes as many batches as there is to forget") { world async throws in
            let first = try await world.pull("n1", ["title": "0"])
            let (work, run) = (world.work, world.run)
            try await world.store.write { transaction throws in
                var note = first
                for number in 1...1_201 {
                    note = try transaction.editLocally(
                        note, to: ["id": "n1", "title": .string("\(number)")], run: run)
                }
                for number in 0..<600 {
                    let draft = ResourceDraft(
                        remoteID: RemoteID(rawValue: "gone \(number)"),
                        baseBytes: Array("{}".utf8), etag: nil, generation: 1)
                    var gone = try transaction.resources.insert(draft, into: work)
                    gone.deletedAt = Timestamp(milliseconds: 1)
                    try transaction.resources.update(gone)
                }
            }
            try await startSyncing(world, after: 100)
            let purged = try await sync(world)
            #expect(purged?.changes == 1_201 && purged?.resources == 600)
            let left = try await world.store.read {
                try $0.resources.list(ResourceFilter(includesDeleted: true)).map(\.id)
            }
            #expect(left == [first.id])
        },
    ]

    /// What happened long ago.
    private struct Past {
        /// Gone on both sides.
        var gone: ResourceID
        /// Gone by a mass delete that a person released.
        var released: ResourceID
        /// Gone as well, but something waits for them, or still there.
        var kept: [ResourceID]
    }

    private static func makePast(_ world: StoreWorld) async throws -> Past {
        let live = try await world.edit(try await world.pull("live"), ["title": "edited"])
        var gone: [StoredResource] = []
        for name in ["gone", "released", "clashing", "aside", "held", "sent"] {
            let note = try await world.pull(name)
            gone.append(try await world.update(note) { $0.deletedAt = world.world.clock.now() })
        }
        let (work, rows) = (world.work.id, gone)
        try await world.store.write { transaction throws in
            let settled = try transaction.conflicts.add(
                resource: live.id, field: "title", mine: "a", theirs: "b", base: nil)
            try transaction.conflicts.resolve(settled.id, as: .theirs)
            let released = try transaction.holds.add(
                collection: work, direction: .pull, resources: [rows[1].id], of: 9)
            try transaction.holds.decide(released.id, as: .released)
            _ = try transaction.conflicts.add(
                resource: rows[2].id, field: "title", mine: "a", theirs: "b", base: nil)
            _ = try transaction.quarantine.add(
                collection: work, resource: rows[3].id, remoteID: nil, kind: NoteRules.kind,
                reason: "odd", raw: "", programVersion: "1")
            _ = try transaction.holds.add(
                collection: work, direction: .push, resources: [rows[4].id], of: 9)
        }
        try await world.announce(gone[5])
        return Past(
            gone: gone[0].id, released: gone[1].id, kept: gone[2...].map(\.id) + [live.id])
    }

    /// Lets days pass, with a sync on the last of them, so that the next one is a day's first.
    private static func startSyncing(_ world: StoreWorld, after days: Int) async throws {
        #expect(try await sync(world, after: days) == nil)
    }

    /// A sync's run so many days and a second later, and what it forgets.
    private static func sync(
        _ world: StoreWorld, after later: Int = 1, days: Int = 90
    ) async throws -> Retention.Purged? {
        world.world.clock.advance(by: .seconds(86_400 * Int64(later) + 1))
        let run = try await world.store.write { try $0.runs.start("sync") }
        return try await Retention(days: days).apply(to: world.store, after: run)
    }
}
