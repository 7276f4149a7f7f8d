import LosslessJSON
import TandemCore
import TandemStore
import Testing

extension StoreConformance {
    static let logChecks: [Check] = [
        Check("an entry comes back as it was written, under the next place in the log") {
            world async throws in
            let full = entry(world, verb: .deleted, resource: ResourceID(rawValue: "r"))
            let listing = entry(world, verb: .listed, resource: nil)
            try await world.store.write { transaction throws in
                try transaction.changes.append(full)
                try transaction.changes.append(listing)
            }
            let log = try await world.log()
            #expect(log.count == 2 && log[0].sequence < log[1].sequence)
            #expect(log.map(\.verb) == [.deleted, .listed])
            #expect(log[0].changes == full.changes && log[0].actor == full.actor)
            #expect(log[0].before == full.before && log[0].after == full.after)
            #expect(log[0].cause == full.cause && log[0].operation == full.operation)
            #expect(log[0].at == full.at && log[0].origin == .remote && log[0].title == "T")
            #expect(log[1].count == 12 && log[1].resource == nil)
        },
        Check("every cause of a delete comes back") { world async throws in
            let causes: [DeleteCause] = [
                .operation(OperationID(rawValue: "op:1")), .tombstone, .sweep,
                .released(HoldID(rawValue: "h")),
            ]
            for cause in causes {
                let entry = entry(
                    world, verb: .deleted, resource: ResourceID(rawValue: "r"), cause: cause)
                try await world.store.write { try $0.changes.append(entry) }
            }
            #expect(try await world.log().map(\.cause) == causes)
        },
        Check("a delete without a cause is refused") { world async throws in
            let causeless = entry(
                world, verb: .deleted, resource: ResourceID(rawValue: "r"), cause: nil)
            await expectFailure(.misuse) {
                try await world.store.write { try $0.changes.append(causeless) }
            }
            #expect(try await world.log().isEmpty)
        },
        Check("the log is read from a place on, by run, by resource and in pages") {
            world async throws in
            let other = try await world.store.write { try $0.runs.start("other").id }
            for number in 0..<6 {
                let entry = entry(
                    world, verb: .updated, resource: ResourceID(rawValue: "r\(number % 2)"),
                    run: number < 3 ? world.run : other)
                try await world.store.write { try $0.changes.append(entry) }
            }
            let run = world.run
            try await world.store.read { transaction throws in
                let all = try transaction.changes.list().map(\.sequence)
                #expect(all == all.sorted() && all.count == 6)
                #expect(
                    try transaction.changes.list(after: all[3]).map(\.sequence) == [all[4], all[5]])
                #expect(try transaction.changes.list(run: run).map(\.sequence) == Array(all[..<3]))
                let first = ResourceID(rawValue: "r0")
                #expect(try transaction.changes.list(resource: first).count == 3)
                #expect(try transaction.changes.list(run: run, resource: first).count == 2)
                #expect(try transaction.changes.list(limit: 2).map(\.sequence) == Array(all[..<2]))
            }
        },
        Check("parts of the log are read from both ends, without whole versions") {
            world async throws in
            for number in 0..<6 {
                let entry = entry(
                    world, verb: .updated, resource: ResourceID(rawValue: "r\(number % 2)"))
                try await world.store.write { try $0.changes.append(entry) }
            }
            try await world.store.read { transaction throws in
                let all = try transaction.changes.list().map(\.sequence)
                func read(
                    _ window: ChangeWindow, newestFirst: Bool = false, limit: Int = 9
                ) throws -> [Int64] {
                    let found = try transaction.changes.read(
                        window, newestFirst: newestFirst, limit: limit)
                    #expect(found.allSatisfy { $0.before == nil && $0.after == nil })
                    #expect(found.allSatisfy { $0.changes.count == 2 && $0.title == "T" })
                    return found.map(\.sequence)
                }
                #expect(try read(ChangeWindow()) == all)
                #expect(try read(ChangeWindow(), newestFirst: true) == all.reversed())
                let inner = ChangeWindow(after: all[0], before: all[4])
                #expect(try read(inner) == Array(all[1...3]))
                #expect(try read(inner, newestFirst: true, limit: 2) == [all[3], all[2]])
                #expect(try read(inner, limit: 0).isEmpty)
                let odd = ChangeWindow(after: all[1], resource: ResourceID(rawValue: "r1"))
                #expect(try read(odd) == [all[3], all[5]])
                #expect(try read(odd, newestFirst: true, limit: 1) == [all[5]])
            }
        },
        Check("it is known where a local edit begins") { world async throws in
            let note = try await world.pull("n1")
            let operation = OperationID(rawValue: "both")
            let (first, later) = (
                world.run, try await world.store.write { try $0.runs.start("later").id }
            )
            try await world.store.write { transaction throws in
                let edited = try transaction.editLocally(
                    note, to: ["id": "n1", "title": "x"], run: first, operation: operation)
                _ = try transaction.editLocally(
                    edited, to: ["id": "n1", "title": "y"], run: later, operation: operation)
            }
            let log = try await world.log()
            try await world.store.read { transaction throws in
                let start = try transaction.changes.start(of: operation)
                #expect(start?.sequence == log.first?.sequence && start?.run == first)
                #expect(try transaction.changes.start(of: OperationID(rawValue: "?")) == nil)
            }
        },
        Check("a place in the log is never given out twice") { world async throws in
            let entry = entry(world, verb: .updated, resource: ResourceID(rawValue: "r"))
            try await world.store.write { try $0.changes.append(entry) }
            try await world.store.write { try $0.changes.append(entry) }
            let last = try #require(try await world.log().last?.sequence)
            let later = entry.at.advanced(by: .seconds(1))
            try await world.store.write { transaction throws in
                #expect(try transaction.changes.purge(before: entry.at) == 0)
                #expect(try transaction.changes.purge(before: later, limit: 1) == 1)
                #expect(try transaction.changes.list().map(\.sequence) == [last])
                #expect(try transaction.changes.purge(before: later) == 1)
                #expect(try transaction.changes.list().isEmpty)
                try transaction.changes.append(entry)
            }
            #expect(try await world.log().first.map { $0.sequence > last } == true)
        },
        Check("a run is listed newest first, with how it ended") { world async throws in
            world.world.clock.advance(by: .seconds(1))
            let run = try await world.store.write { transaction throws in
                let run = try transaction.runs.start("sync")
                try transaction.runs.finish(run.id, exit: 11, summary: ["conflicts": 1])
                return run
            }
            let (first, runs) = (world.run, try await world.store.read { try $0.runs.list() })
            #expect(runs.map(\.id) == [run.id, first])
            #expect(runs[0].exit == 11 && runs[0].summary == ["conflicts": 1])
            #expect(runs[0].finished == world.world.clock.now() && runs[1].finished == nil)
            try await world.store.write { transaction throws in
                #expect(try transaction.runs.list(limit: 1).map(\.id) == [run.id])
                #expect(try transaction.runs.list(after: run.id).map(\.id) == [first])
                #expect(try transaction.runs.purge(startedBefore: run.started) == 1)
                #expect(try transaction.runs.list().map(\.id) == [run.id])
            }
        },
        Check("the run of a command before another is found, whatever ran between") {
            world async throws in
            let clock = world.world.clock
            var runs: [RunRecord] = []
            for command in ["sync", "events add", "sync", "sync"] {
                clock.advance(by: .seconds(1))
                runs.append(try await world.store.write { try $0.runs.start(command) })
            }
            let started = runs
            try await world.store.read { transaction throws in
                #expect(try transaction.runs.last(before: started[3]) == started[2])
                #expect(try transaction.runs.last(before: started[2]) == started[0])
                #expect(try transaction.runs.last(before: started[1]) == nil)
                #expect(try transaction.runs.last(before: started[0]) == nil)
            }
        },
    ]

    private static func entry(
        _ world: StoreWorld, verb: ChangeVerb, resource: ResourceID?,
        cause: DeleteCause? = .tombstone, run: RunID? = nil
    ) -> ChangeEntry {
        ChangeEntry(
            user: .local, account: world.account.id, collection: world.work.id,
            resource: resource, kind: NoteRules.kind, verb: verb, origin: .remote, title: "T",
            actor: ChangeActor(name: "Bob", email: nil, certainty: .inferred),
            changes: [
                FieldChange(field: "a", before: nil, after: nil),
                FieldChange(field: "b", before: [1], after: ["c": "d"]),
            ],
            before: ["x": 1], after: nil, run: run ?? world.run,
            operation: OperationID(rawValue: "op"), cause: verb == .deleted ? cause : nil,
            count: verb == .listed ? 12 : nil, at: world.world.clock.now())
    }
}
