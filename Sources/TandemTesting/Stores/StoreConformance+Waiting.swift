import LosslessJSON
import TandemCore
import TandemStore
import Testing

extension StoreConformance {
    static let waitingChecks: [Check] = [
        Check("an announced write comes back as it was, oldest first") { world async throws in
            let note = try await world.edit(try await world.pull("n1"), ["title": "x"])
            let first = try await world.announce(note)
            world.world.clock.advance(by: .seconds(1))
            let second = try await world.announce(note, verb: .move)
            let other = try await world.announce(
                try await world.pull("n2", into: try await world.collection("play")))
            let work = world.work.id
            try await world.store.write { transaction throws in
                let intents = transaction.intents
                #expect(try intents.open(in: work) == [first, second])
                #expect(try intents.open(for: note.id) == [first, second])
                #expect(first.bodyDigest == note.live?.digest)
                try intents.markUnknown(first.id)
                #expect(try intents.find(first.id)?.outcome == .unknown)
                try intents.remove(first.id)
                #expect(try intents.find(first.id) == nil)
                #expect(try intents.open(in: work) == [second])
                #expect(try intents.find(other.id) == other)
            }
            await expectFailure(.notFound) {
                try await world.store.write { try $0.intents.remove(first.id) }
            }
        },
        Check("an operation is announced once") { world async throws in
            let intent = try await world.announce(try await world.pull("n1"))
            await expectFailure(.constraint) {
                try await world.store.write { try $0.intents.add(intent) }
            }
        },
        Check("a conflict tells why a value was refused, where it was") { world async throws in
            let note = try await world.pull("n1")
            try await world.store.write { transaction throws in
                for reason in ["Only the keeper can change this: bob.", nil] {
                    let added = try transaction.conflicts.add(
                        resource: note.id, field: "title", mine: "mine", theirs: "theirs",
                        base: "theirs", refusal: reason)
                    #expect(added.refusal == reason)
                    #expect(try transaction.conflicts.find(added.id) == added)
                }
            }
        },
        Check("a conflict keeps both values, waits, and stays after it is settled") {
            world async throws in
            let note = try await world.pull("n1")
            let conflict = try await world.store.write { transaction throws in
                try transaction.conflicts.add(
                    resource: note.id, field: "title", mine: "mine", theirs: nil, base: ["b": 1])
            }
            world.world.clock.advance(by: .seconds(5))
            let settledAt = world.world.clock.now()
            try await world.store.write { transaction throws in
                let conflicts = transaction.conflicts
                #expect(try conflicts.find(conflict.id) == conflict)
                #expect(try conflicts.list() == [conflict])
                #expect(try conflicts.list(after: conflict.id).isEmpty)
                try conflicts.resolve(conflict.id, as: .mine)
                #expect(try conflicts.list().isEmpty)
                let settled = try conflicts.find(conflict.id)
                #expect(settled?.resolution == .mine && settled?.resolvedAt == settledAt)
                #expect(settled?.mine == "mine" && settled?.theirs == nil)
                #expect(try conflicts.list(includesResolved: true).count == 1)
                try conflicts.resettle(conflict.id, as: .theirs)
                #expect(try conflicts.find(conflict.id)?.resolution == .theirs)
                let later = settledAt.advanced(by: .seconds(1))
                #expect(try conflicts.purge(resolvedBefore: settledAt) == 0)
                #expect(try conflicts.purge(resolvedBefore: later, limit: 0) == 0)
                #expect(try conflicts.find(conflict.id) != nil)
                #expect(try conflicts.purge(resolvedBefore: later) == 1)
                #expect(try conflicts.find(conflict.id) == nil)
            }
            await expectFailure(.notFound) {
                try await world.store.write { try $0.conflicts.resolve(conflict.id, as: .mine) }
            }
        },
        Check("an item that is set aside again keeps its id and its moment") { world async throws in
            let note = try await world.pull("n1")
            let first = try await aside(world, note.id, nil, reason: "odd")
            world.world.clock.advance(by: .seconds(9))
            let again = try await aside(world, note.id, nil, reason: "still odd")
            #expect(again.id == first.id && again.since == first.since)
            #expect(again.reason == "still odd")
            let unread = try await aside(world, nil, RemoteID(rawValue: "x"), reason: "unreadable")
            let work = world.work.id
            try await world.store.write { transaction throws in
                let quarantine = transaction.quarantine
                #expect(try quarantine.list().map(\.id) == [first.id, unread.id].sorted())
                #expect(try quarantine.count(in: work) == 2)
                #expect(try quarantine.find(unread.id) == unread)
                #expect(
                    try quarantine.find(
                        collection: work, resource: nil, remoteID: RemoteID(rawValue: "x"))
                        == unread)
                #expect(try quarantine.remove(resource: note.id) == 1)
                #expect(try quarantine.list(in: work) == [unread])
                try quarantine.remove(unread.id)
                #expect(try quarantine.count(in: work) == 0)
            }
        },
        Check("what could not be read is told by its name, and refused writes are not among it") {
            world async throws in
            let (refused, odd) = (try await world.pull("n1"), try await world.pull("n2"))
            try await world.update(refused) { $0.hold = .quarantined }
            let other = try await world.collection("other")
            let name = RemoteID(rawValue: "x")
            _ = try await aside(world, refused.id, refused.remoteID, reason: "refused")
            let met = try await aside(world, odd.id, odd.remoteID, reason: "odd")
            let named = try await aside(world, nil, name, reason: "unreadable")
            let nameless = try await aside(world, nil, nil, reason: "unreadable")
            let all = try await world.store.read { try $0.quarantine.list() }
            let work = world.work.id
            try await world.store.read { transaction throws in
                let quarantine = transaction.quarantine
                let unread = try quarantine.unread(in: work)
                #expect(unread == [RemoteID(rawValue: "n2"): met.id, name: named.id])
                #expect(try quarantine.unread(in: other.id).isEmpty)
                #expect(try quarantine.nameless(in: work) == [nameless.id])
                #expect(try quarantine.nameless(in: other.id).isEmpty)
                #expect(try quarantine.list(in: work, notBy: "1").isEmpty)
                #expect(try quarantine.list(in: work, notBy: "2") == all)
                #expect(try quarantine.list(in: other.id, notBy: "2").isEmpty)
            }
        },
        Check("a raw text that is far too long is cut off") { world async throws in
            let long = String(repeating: "é", count: Quarantine.rawBytesKept)
            let work = world.work.id
            let record = try await world.store.write { transaction throws in
                try transaction.quarantine.add(
                    collection: work, resource: nil, remoteID: nil, kind: NoteRules.kind,
                    reason: "long", raw: long, programVersion: "1")
            }
            #expect(record.raw.utf8.count == Quarantine.rawBytesKept)
            #expect(try await world.store.read { try $0.quarantine.find(record.id) } == record)
        },
        Check("a hold names what it stopped, and is decided once") { world async throws in
            let notes = [try await world.pull("n1"), try await world.pull("n2")]
            let work = world.work.id
            let hold = try await world.store.write { transaction throws in
                try transaction.holds.add(
                    collection: work, direction: .pull, resources: notes.map(\.id), of: 7)
            }
            #expect(hold.deletes == 2 && hold.of == 7 && hold.decision == nil)
            try await world.store.write { transaction throws in
                let holds = transaction.holds
                #expect(try holds.find(hold.id) == hold)
                #expect(try holds.list(in: work) == [hold])
                #expect(try holds.list(after: hold.id).isEmpty)
                try holds.decide(hold.id, as: .released)
                #expect(try holds.list().isEmpty)
                #expect(try holds.list(includesDecided: true).map(\.decision) == [.released])
            }
            await expectFailure(.notFound) {
                try await world.store.write { try $0.holds.decide(hold.id, as: .refused) }
            }
        },
    ]

    static let withdrawalChecks: [Check] = [
        Check("a hold counts what it still stops, and is lifted with the last of it") {
            world async throws in
            var notes: [StoredResource] = []
            for number in 0..<3 { notes.append(try await world.pull("n\(number)")) }
            let (work, stopped) = (world.work.id, notes)
            let hold = try await world.store.write { transaction throws in
                try transaction.holds.add(
                    collection: work, direction: .push, resources: stopped.map(\.id), of: 9)
            }
            for left in [2, 1, 0] {
                try await world.store.write { transaction throws in
                    try transaction.holds.withdraw(stopped[left].id)
                    try transaction.holds.withdraw(stopped[left].id)
                    let now = try transaction.holds.find(hold.id)
                    #expect(now?.deletes == left && now?.of == 9)
                    #expect(now?.resources == stopped.prefix(left).map(\.id).sorted())
                    #expect(now?.decision == (left == 0 ? .lifted : nil))
                }
            }
        }
    ]

    private static func aside(
        _ world: StoreWorld, _ resource: ResourceID?, _ remoteID: RemoteID?, reason: String
    ) async throws -> QuarantineRecord {
        let work = world.work.id
        return try await world.store.write { transaction throws in
            try transaction.quarantine.add(
                collection: work, resource: resource, remoteID: remoteID, kind: NoteRules.kind,
                reason: reason, raw: "{", programVersion: "1")
        }
    }

    static let leaseChecks: [Check] = [
        Check("a lease is held by one, renewed by it, and free after its end") {
            world async throws in
            let account = world.account.id
            let clock = world.world.clock
            let (first, second) = (owner("first"), owner("second"))
            #expect(try await acquire(world, first))
            #expect(try await !acquire(world, second))
            #expect(try await acquire(world, first))
            clock.advance(by: .seconds(59))
            #expect(try await !acquire(world, second))
            let renewed = try await world.store.write { transaction throws in
                try transaction.leases.renew(
                    account, owner: first, for: .seconds(60), now: clock.now())
            }
            #expect(renewed)
            clock.advance(by: .seconds(59))
            #expect(try await !acquire(world, second))
            clock.advance(by: .seconds(1))
            #expect(try await acquire(world, second))
            let lost = try await world.store.write { transaction throws in
                try transaction.leases.renew(
                    account, owner: first, for: .seconds(60), now: clock.now())
            }
            #expect(!lost)
            let leases = try await world.store.read { try $0.leases.list() }
            #expect(leases.map(\.owner) == [second] && leases[0].since == clock.now())
            #expect(leases[0].expires == clock.now().advanced(by: .seconds(60)))
        },
        Check("a lease is given back by its holder only, or broken") { world async throws in
            let account = world.account.id
            #expect(try await acquire(world, owner("first")))
            try await world.store.write { transaction throws in
                let leases = transaction.leases
                #expect(try !leases.release(account, owner: owner("second")))
                #expect(try leases.release(account, owner: owner("first")))
                #expect(try !leases.release(account, owner: owner("first")))
                #expect(try !leases.breakLease(on: account))
            }
            #expect(try await acquire(world, owner("second")))
            #expect(try await world.store.write { try $0.leases.breakLease(on: account) })
            #expect(try await acquire(world, owner("third")))
        },
        Check("a renewal keeps the moment since when a lease is held") { world async throws in
            let since = world.world.clock.now()
            #expect(try await acquire(world, owner("first")))
            world.world.clock.advance(by: .seconds(30))
            #expect(try await acquire(world, owner("first")))
            let lease = try await world.store.read { try $0.leases.list().first }
            #expect(lease?.since == since && lease?.renewed == world.world.clock.now())
        },
        Check("a clock that was set back does not keep a dead holder's lease for days") {
            world async throws in
            #expect(try await acquire(world, owner("first")))
            let clock = world.world.clock
            clock.set(to: clock.now().advanced(by: .seconds(-30)))
            #expect(try await !acquire(world, owner("second")))
            clock.set(to: clock.now().advanced(by: .seconds(-3 * 86_400)))
            #expect(try await acquire(world, owner("second")))
        },
    ]

    private static func owner(_ name: String) -> LeaseOwner {
        LeaseOwner(name: name, process: 4_711, host: "here")
    }

    private static func acquire(_ world: StoreWorld, _ owner: LeaseOwner) async throws -> Bool {
        let account = world.account.id
        return try await world.store.write { transaction throws in
            try transaction.leases.acquire(
                account, owner: owner, for: .seconds(60), now: transaction.environment.now())
        }
    }
}
