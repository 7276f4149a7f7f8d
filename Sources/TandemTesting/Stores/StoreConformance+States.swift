import LosslessJSON
import TandemCore
import TandemStore
import Testing

extension StoreConformance {
    /// One note in each state that programs can read, by what makes it so.
    private static func oneInEachState(
        _ world: StoreWorld
    ) async throws -> [(StoredResource, ResourceState)] {
        var notes: [(StoredResource, ResourceState)] = []
        func pulled(_ name: String) async throws -> StoredResource { try await world.pull(name) }
        func edited(_ name: String) async throws -> StoredResource {
            try await world.edit(try await world.pull(name), ["title": "edited"])
        }
        func held(_ name: String, _ hold: ResourceHold) async throws -> StoredResource {
            try await world.update(try await world.pull(name)) { $0.hold = hold }
        }
        notes.append((try await pulled("clean"), .clean))
        notes.append((try await edited("dirty"), .dirty))
        notes.append((try await world.delete(try await pulled("deleted")), .dirty))
        notes.append((try await world.create(["id": "made"]), .dirty))
        let pushing = try await edited("pushing")
        try await world.announce(pushing)
        notes.append((pushing, .pushing))
        let unconfirmed = try await edited("unconfirmed")
        try await world.announce(unconfirmed, outcome: .unknown)
        notes.append((unconfirmed, .unconfirmed))
        notes.append((try await held("push held", .pushHeld), .held))
        notes.append((try await held("pull held", .pullHeld), .held))
        notes.append((try await held("quarantined", .quarantined), .quarantined))
        notes.append((try await held("unreachable", .unreachable), .unreachable))
        notes.append((try await held("asked", .conflict), .conflict))
        let clashing = try await pulled("clashing")
        let settled = try await pulled("settled")
        try await world.store.write { transaction throws in
            _ = try transaction.conflicts.add(
                resource: clashing.id, field: "title", mine: "a", theirs: "b", base: nil)
            let old = try transaction.conflicts.add(
                resource: settled.id, field: "title", mine: "a", theirs: "b", base: nil)
            try transaction.conflicts.resolve(old.id, as: .theirs)
        }
        notes.append((clashing, .conflict))
        notes.append((settled, .clean))
        return notes
    }

    static let stateChecks: [Check] = [
        Check("each state is told, listed and counted alike") { world async throws in
            let notes = try await oneInEachState(world)
            try await world.pull("cancelled", ["cancelled": true])
            try await world.update(try await world.pull("gone")) {
                $0.deletedAt = Timestamp(milliseconds: 1)
            }
            let work = world.work.id
            try await world.store.read { transaction throws in
                let resources = transaction.resources
                for (note, state) in notes {
                    #expect(try resources.state(of: note) == state, "\(note.projection.title)")
                }
                for state in ResourceState.allCases {
                    let expected = notes.filter { $0.1 == state && $0.0.live != nil }
                    let listed = try resources.list(ResourceFilter(state: state))
                    #expect(listed.map(\.id) == expected.map(\.0.id).sorted(), "\(state)")
                }
                let counts = Dictionary(grouping: notes, by: \.1).mapValues(\.count)
                #expect(try resources.states(in: work) == counts)
                let count = notes.count - 1
                #expect(try resources.count(in: work) == count)
                for limit in 0...count + 1 {
                    #expect(try resources.count(in: work, atMost: limit) == min(limit, count))
                }
                #expect(try transaction.conflicts.count(in: work) == 1)
            }
        },
        Check("what keeps a resource weighs more than what waits") { world async throws in
            let note = try await world.edit(try await world.pull("n1"), ["title": "x"])
            let intent = try await world.announce(note, outcome: .unknown)
            func state() async throws -> ResourceState {
                try await world.store.read { transaction throws in
                    guard let row = try transaction.resources.find(note.id) else { return .clean }
                    let state = try transaction.resources.state(of: row)
                    let listed = try transaction.resources.list(ResourceFilter(state: state))
                    #expect(listed.map(\.id) == [row.id], "\(state)")
                    return state
                }
            }
            #expect(try await state() == .unconfirmed)
            try await world.update(note) { $0.hold = .unreachable }
            #expect(try await state() == .unreachable)
            try await world.store.write { transaction throws in
                _ = try transaction.conflicts.add(
                    resource: note.id, field: "title", mine: nil, theirs: nil, base: nil)
            }
            #expect(try await state() == .conflict)
            try await world.update(note) { $0.hold = .pullHeld }
            #expect(try await state() == .held)
            try await world.update(note) { $0.hold = .quarantined }
            #expect(try await state() == .quarantined)
            try await world.store.write { try $0.intents.remove(intent.id) }
            #expect(try await state() == .quarantined)
        },
        Check("an empty collection has no states and no items") { world async throws in
            let work = world.work.id
            try await world.store.read { transaction throws in
                #expect(try transaction.resources.states(in: work).isEmpty)
                #expect(try transaction.resources.count(in: work) == 0)
                #expect(try transaction.resources.count(in: work, atMost: 9) == 0)
            }
        },
    ]
}
