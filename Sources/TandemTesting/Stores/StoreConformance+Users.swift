import LosslessJSON
import TandemCore
import TandemStore
import Testing

extension StoreConformance {
    private static let eve = UserID(rawValue: "eve")

    /// Something of every kind that belongs to the command line's user.
    private struct Belongings: Sendable {
        let note: StoredResource
        let intent: Intent
        let conflict: ConflictID
        let quarantine: QuarantineID
        let hold: HoldID
    }

    private static func fill(_ world: StoreWorld) async throws -> Belongings {
        try await world.store.addUser(eve)
        let pulled = try await world.pull("n1", ["from": 10, "to": 20, "uid": "g1"])
        let note = try await world.edit(pulled, ["title": "Secret"])
        let intent = try await world.announce(note)
        let work = world.work.id
        return try await world.store.write { transaction throws in
            try transaction.credentials.store([1, 2, 3], for: note.account)
            try transaction.channels.save(
                PushChannelRecord(
                    id: "channel", collection: work, resourceID: "r", token: [9],
                    expires: transaction.environment.now()))
            _ = try transaction.leases.acquire(
                note.account, owner: LeaseOwner(name: "ada", process: 1, host: "here"),
                for: .seconds(60), now: transaction.environment.now())
            let conflict = try transaction.conflicts.add(
                resource: note.id, field: "title", mine: "a", theirs: "b", base: "c")
            let aside = try transaction.quarantine.add(
                collection: work, resource: note.id, remoteID: note.remoteID,
                kind: NoteRules.kind, reason: "odd", raw: "{", programVersion: "1")
            let hold = try transaction.holds.add(
                collection: work, direction: .push, resources: [note.id], of: 1)
            return Belongings(
                note: note, intent: intent, conflict: conflict.id, quarantine: aside.id,
                hold: hold.id)
        }
    }

    static let userChecks: [Check] = [
        Check("the command line's user is there from the start, and others can be added") {
            world async throws in
            try await world.store.addUser(eve)
            try await world.store.addUser(eve)
            #expect(try await world.store.users() == [eve, .local])
            try await world.store.removeUser(eve)
            #expect(try await world.store.users() == [.local])
            await expectFailure(.notFound) { try await world.store.removeUser(eve) }
            await expectFailure(.misuse) { try await world.store.removeUser(.local) }
        },
        Check("a user who is not there can keep nothing") { world async throws in
            await expectFailure(.constraint) {
                try await world.store.write(as: UserID(rawValue: "nobody")) {
                    try $0.accounts.add(name: "x", provider: "memory")
                }
            }
        },
        Check("nothing of another user is found by its id") { world async throws in
            let things = try await fill(world)
            let (account, work, run) = (world.account.id, world.work.id, world.run)
            let note = things.note.id
            try await world.store.read(as: eve) { eve throws in
                #expect(try eve.accounts.find(account) == nil)
                #expect(try eve.accounts.find(provider: "memory", subject: "42").isEmpty)
                #expect(try eve.credentials.load(account) == nil)
                #expect(try eve.collections.find(work) == nil)
                #expect(
                    try eve.collections.find(
                        remoteID: RemoteID(rawValue: "work"), kind: NoteRules.kind, in: account)
                        == nil)
                #expect(try eve.resources.find(note) == nil)
                #expect(
                    try eve.resources.find(remoteID: RemoteID(rawValue: "n1"), in: work) == nil)
                #expect(try eve.resources.find(globalID: "g1").isEmpty)
                #expect(try eve.resources.resolve(anyID: note.rawValue) == nil)
                #expect(try eve.resources.resolve(anyID: "n1") == nil)
                #expect(try eve.intents.find(things.intent.id) == nil)
                #expect(try eve.intents.open(for: note).isEmpty)
                #expect(try eve.conflicts.find(things.conflict) == nil)
                #expect(try eve.conflicts.open(for: note).isEmpty)
                #expect(try eve.quarantine.find(things.quarantine) == nil)
                #expect(
                    try eve.quarantine.find(collection: work, resource: note, remoteID: nil)
                        == nil)
                #expect(try eve.holds.find(things.hold) == nil)
                #expect(try eve.changes.list(resource: note).isEmpty)
                #expect(try eve.changes.list(run: run).isEmpty)
                #expect(try eve.runs.find(run) == nil)
                #expect(try eve.leases.find(account) == nil)
                #expect(try eve.channels.find("channel") == nil)
            }
        },
        Check("nothing of another user is listed or counted") { world async throws in
            _ = try await fill(world)
            let (account, work) = (world.account.id, world.work.id)
            try await world.store.read(as: eve) { eve throws in
                #expect(try eve.accounts.list().isEmpty)
                #expect(try eve.collections.list().isEmpty)
                #expect(try eve.collections.list(of: account).isEmpty)
                #expect(try eve.resources.list().isEmpty)
                #expect(try eve.resources.list(ResourceFilter(words: "secret")).isEmpty)
                #expect(
                    try eve.resources.list(
                        ResourceFilter(collections: [work], includesDeleted: true)
                    ).isEmpty)
                #expect(try eve.resources.overlapping(0..<100).isEmpty)
                #expect(try eve.resources.dirty(in: work).isEmpty)
                #expect(try eve.resources.movingOut(of: work).isEmpty)
                #expect(try eve.resources.pendingDeletes(in: work).isEmpty)
                #expect(try eve.resources.unseen(in: work, before: 9).isEmpty)
                #expect(try eve.resources.count(in: work) == 0)
                #expect(try eve.resources.states(in: work).isEmpty)
                #expect(try eve.intents.open(in: work).isEmpty)
                #expect(try eve.conflicts.list(includesResolved: true).isEmpty)
                #expect(try eve.conflicts.count(in: work) == 0)
                #expect(try eve.quarantine.list().isEmpty)
                #expect(try eve.quarantine.count(in: work) == 0)
                #expect(try eve.holds.list(includesDecided: true).isEmpty)
                #expect(try eve.changes.list().isEmpty)
                #expect(try eve.runs.list().isEmpty)
                #expect(try eve.leases.list().isEmpty)
                #expect(try eve.channels.list().isEmpty)
            }
        },
        Check("nothing of another user can be changed") { world async throws in
            let things = try await fill(world)
            let (account, work) = (world.account, world.work)
            let note = things.note
            let refused: [@Sendable (StoreTransaction) throws -> Void] = [
                { try $0.accounts.update(account) },
                { try $0.accounts.remove(account.id) },
                { try $0.credentials.store([0], for: account.id) },
                { try $0.collections.update(work) },
                { try $0.collections.remove(work.id) },
                {
                    _ = try $0.collections.add(
                        CollectionDraft(
                            remoteID: RemoteID(rawValue: "x"), kind: NoteRules.kind, name: "x",
                            access: .own), to: account.id)
                },
                { try $0.resources.update(note) },
                { try $0.resources.delete(note.id) },
                { _ = try $0.editLocally(note, to: ["id": "n1"], run: nil) },
                { try $0.deleteLocally(note, run: nil) },
                { _ = try $0.revertLocally(note, run: nil) },
                { try $0.intents.markUnknown(things.intent.id) },
                { try $0.intents.remove(things.intent.id) },
                { try $0.conflicts.resolve(things.conflict, as: .mine) },
                { try $0.quarantine.remove(things.quarantine) },
                { try $0.holds.decide(things.hold, as: .released) },
                { try $0.runs.finish(world.run, exit: 0, summary: nil) },
                {
                    _ = try $0.leases.acquire(
                        account.id, owner: LeaseOwner(name: "eve", process: 2, host: "there"),
                        for: .seconds(60), now: .init(milliseconds: .max))
                },
            ]
            for attempt in refused {
                await expectFailure(.notFound) {
                    try await world.store.write(as: eve) { try attempt($0) }
                }
            }
            try await world.store.write(as: eve) { eve throws in
                #expect(try !eve.credentials.wipe(account.id))
                #expect(try eve.quarantine.remove(resource: note.id) == 0)
                #expect(try !eve.leases.breakLease(on: account.id))
                #expect(
                    try !eve.leases.release(
                        account.id, owner: LeaseOwner(name: "ada", process: 1, host: "here")))
                #expect(
                    try !eve.leases.renew(
                        account.id, owner: LeaseOwner(name: "ada", process: 1, host: "here"),
                        for: .seconds(9), now: eve.environment.now()))
                #expect(try !eve.channels.remove("channel"))
                #expect(try !eve.channels.noteMessage(7, on: "channel"))
                #expect(try eve.resources.purge(deletedBefore: .init(milliseconds: .max)) == 0)
                #expect(try eve.changes.purge(before: .init(milliseconds: .max)) == 0)
                #expect(try eve.runs.purge(startedBefore: .init(milliseconds: .max)) == 0)
                #expect(try eve.conflicts.purge(resolvedBefore: .init(milliseconds: .max)) == 0)
                #expect(try eve.holds.purge(decidedBefore: .init(milliseconds: .max)) == 0)
            }
            let after = try await world.reread(note)
            #expect(after == note)
            #expect(try await world.log().count == 1)
        },
        Check("nothing can be put into another user's places") { world async throws in
            let things = try await fill(world)
            let (note, work) = (things.note, world.work)
            let refused: [@Sendable (StoreTransaction) throws -> Void] = [
                {
                    _ = try $0.resources.insert(
                        ResourceDraft(
                            remoteID: RemoteID(rawValue: "e"), baseBytes: Array("{}".utf8),
                            etag: nil, generation: 0), into: work)
                },
                { _ = try $0.createLocally([:], kind: NoteRules.kind, in: work, run: nil) },
                {
                    _ = try $0.resources.insertBase(
                        bytes: Array("{}".utf8), remoteID: RemoteID(rawValue: "e"), etag: nil,
                        projection: Projection(title: ""), generation: 0, into: work)
                },
                {
                    _ = try $0.conflicts.add(
                        resource: note.id, field: "x", mine: nil, theirs: nil, base: nil)
                },
                {
                    _ = try $0.quarantine.add(
                        collection: work.id, resource: nil, remoteID: nil, kind: NoteRules.kind,
                        reason: "x", raw: "", programVersion: "1")
                },
                {
                    _ = try $0.holds.add(
                        collection: work.id, direction: .pull, resources: [], of: 0)
                },
                {
                    try $0.intents.add(
                        Intent(
                            id: $0.environment.makeID(), resource: note.id, collection: work.id,
                            editNumber: 1, verb: .delete, target: RemoteID(rawValue: "n1"),
                            createdAt: $0.environment.now()))
                },
                {
                    try $0.channels.save(
                        PushChannelRecord(
                            id: "e", collection: work.id, resourceID: "r", token: [1],
                            expires: $0.environment.now()))
                },
            ]
            for attempt in refused {
                await expectFailure(.constraint) {
                    try await world.store.write(as: eve) { try attempt($0) }
                }
            }
        },
        Check("a removed user's rows are gone, and nobody else's") { world async throws in
            _ = try await fill(world)
            try await world.store.write(as: eve) { eve throws in
                let account = try eve.accounts.add(name: "ada", provider: "memory")
                let place = try eve.collections.add(
                    CollectionDraft(
                        remoteID: RemoteID(rawValue: "work"), kind: NoteRules.kind, name: "W",
                        access: .own), to: account.id)
                let note = try eve.createLocally(
                    ["title": "hers"], kind: NoteRules.kind, in: place, run: nil)
                try eve.credentials.store([7], for: account.id)
                #expect(note.remoteID != nil)
            }
            try await world.store.removeUser(eve)
            let (mine, found) = try await world.store.read { transaction throws in
                (
                    try transaction.resources.list().map(\.projection.title),
                    try transaction.resources.list(ResourceFilter(words: "hers")).count
                )
            }
            #expect(mine == ["Secret"] && found == 0)
            try await world.store.addUser(eve)
            #expect(try await world.store.read(as: eve) { try $0.resources.list() }.isEmpty)
        },
    ]
}
