import LosslessJSON
import TandemCore
import TandemTesting
import Testing

@testable import TandemStore

/// How the database finds what the store asks for, and that it asks for one user's rows only.
@Suite struct QueryPlanTests {
    /// A world whose statements are remembered.
    private func makeWorld() async throws -> (StoreWorld, RecordingDatabase) {
        let recorder = RecordingDatabase(try SQLiteDatabase())
        let world = try await StoreWorld { world in
            Store(
                database: recorder, rulebook: TestStore.rulebook, environment: world.environment,
                sealer: CredentialSealer(ephemeralKeyFrom: world.random))
        }
        return (world, recorder)
    }

    /// What SQLite means to do for a statement, step by step.
    private func plan(_ sql: String, in store: Store) throws -> [String] {
        var steps: [String] = []
        try store.readBlocking { transaction in
            try transaction.connection.query("EXPLAIN QUERY PLAN " + sql, []) { row in
                steps.append(row.text(3) ?? "")
            }
        }
        return steps
    }

    /// The plans of all statements that a piece of work runs.
    private func plans(
        _ work: @escaping @Sendable (StoreTransaction, StoreWorld) throws -> Void
    ) async throws -> [String] {
        let (world, recorder) = try await makeWorld()
        recorder.forget()
        try await world.store.read { try work($0, world) }
        return try recorder.statements.flatMap { try plan($0, in: world.store) }
    }

    /// A look-up by an index, and how many of its columns it uses.
    private func expect(
        _ steps: [String], use index: String, by columns: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(
            steps.contains { $0.contains(" \(index) (\(columns)") }, "\(steps)",
            sourceLocation: sourceLocation)
        expectNoWalk(steps, sourceLocation: sourceLocation)
    }

    /// No table that grows is read from end to end, nor all of one user's rows of it.
    private func expectNoWalk(
        _ steps: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for step in steps {
            #expect(
                !step.hasPrefix("SCAN") || step.contains("VIRTUAL TABLE")
                    || step.hasPrefix("SCAN CONSTANT"), "\(steps)",
                sourceLocation: sourceLocation)
            #expect(
                !step.hasSuffix("resources_by_id (user_id=?)")
                    && !step.hasSuffix("resources_by_remote_id (user_id=?)"), "\(steps)",
                sourceLocation: sourceLocation)
        }
    }

    @Test func `a resource is found by its ids at once`() async throws {
        let id = ResourceID(rawValue: "r")
        expect(
            try await plans { transaction, _ throws in _ = try transaction.resources.find(id) },
            use: "resources_by_id", by: "user_id=? AND id=?")
        let byRemoteID = try await plans { transaction, world throws in
            _ = try transaction.resources.find(
                remoteID: RemoteID(rawValue: "x"), in: world.work.id)
        }
        expect(
            byRemoteID, use: "resources_by_remote_id",
            by: "user_id=? AND collection_id=? AND remote_id=?")
        expect(
            byRemoteID, use: "sqlite_autoindex_aliases_1",
            by: "user_id=? AND collection_id=? AND remote_id=?")
        let resolved = try await plans { transaction, _ throws in
            _ = try transaction.resources.resolve(anyID: "x")
        }
        expect(
            resolved, use: "resources_by_remote_id",
            by: "user_id=? AND collection_id=? AND remote_id=?")
        #expect(resolved.contains("SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"))
        expect(
            try await plans { transaction, _ throws in
                _ = try transaction.resources.find(globalID: "g")
            }, use: "resources_by_global_id", by: "user_id=? AND global_id=?")
    }

    @Test func `a window reads what ends behind its start, and its series' exceptions`()
        async throws
    {
        for collections in [nil, [CollectionID(rawValue: "c")]] {
            let steps = try await plans { transaction, _ throws in
                _ = try transaction.resources.overlapping(0..<9, collections: collections)
            }
            expect(steps, use: "resources_by_time", by: "user_id=? AND span_end>?")
            expect(steps, use: "resources_series", by: "user_id=? AND span_end>?")
            expect(
                steps, use: "resources_of_series",
                by: "user_id=? AND collection_id=? AND series_remote_id=?")
            #expect(steps.contains("SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"))
        }
    }

    @Test func `what was brought to life again is found without reading what was not`()
        async throws
    {
        let row = ResourceID(rawValue: "r")
        expect(
            try await plans { transaction, _ throws in
                _ = try transaction.revivals.list(of: row)
            }, use: "sqlite_autoindex_revivals_1", by: "user_id=? AND resource_id=?")
        let inPlace = try await plans { transaction, world throws in
            _ = try transaction.revivals.list(in: world.work.id)
        }
        expect(inPlace, use: "resources_by_id", by: "user_id=? AND id=?")
        expect(
            try await plans { transaction, world throws in
                _ = try transaction.resources.names(in: world.work.id)
            }, use: "resources_by_remote_id", by: "user_id=? AND collection_id=?")
        let returned = try await plans { transaction, world throws in
            _ = try transaction.resources.mayHaveReturned(to: world.work.id)
        }
        expect(returned, use: "resources_pending_delete", by: "user_id=?")
    }

    @Test func `what waits is found without reading what does not`() async throws {
        let queries: [(String, @Sendable (StoreTransaction, StoreWorld) throws -> Void)] = [
            ("resources_dirty", { _ = try $0.resources.dirty(in: $1.work.id) }),
            ("resources_dirty", { _ = try $0.resources.waiting(in: $1.work.id, limit: 9) }),
            ("resources_dirty", { _ = try $0.resources.countWaiting(in: $1.work.id) }),
            ("resources_deleting", { _ = try $0.resources.unreleasedDeletes(in: $1.work.id) }),
            ("resources_pending_delete", { _ = try $0.resources.pendingDeletes(in: $1.work.id) }),
            ("resources_pending_delete", { _ = try $0.resources.hasPlainDeletes(in: $1.work.id) }),
        ]
        for (index, query) in queries {
            expect(try await plans(query), use: index, by: "user_id=? AND collection_id=?")
        }
        let moving: [@Sendable (StoreTransaction, StoreWorld) throws -> Void] = [
            { _ = try $0.resources.movingOut(of: $1.work.id) },
            { _ = try $0.resources.waiting(in: $1.work.id, limit: 9) },
            { _ = try $0.resources.countWaiting(in: $1.work.id) },
            { _ = try $0.resources.unreleasedDeletes(in: $1.work.id) },
        ]
        for query in moving {
            expect(try await plans(query), use: "resources_moved", by: "user_id=? AND moved_from=?")
        }
        let states: [(ResourceState, String)] = [
            (.dirty, "resources_dirty"), (.held, "resources_held"),
            (.quarantined, "resources_held"), (.unreachable, "resources_held"),
            (.conflict, "conflicts_open"), (.pushing, "intents_of_resource"),
            (.unconfirmed, "intents_of_resource"),
        ]
        for (state, index) in states {
            let steps = try await plans { transaction, _ throws in
                _ = try transaction.resources.list(ResourceFilter(state: state))
            }
            expect(steps, use: index, by: "user_id=?")
            #expect(steps.contains("SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"), "\(state)")
        }
    }

    @Test func `what was set aside is found by its collection`() async throws {
        let queries: [@Sendable (StoreTransaction, StoreWorld) throws -> Void] = [
            { _ = try $0.quarantine.list(in: $1.work.id, limit: 9) },
            { _ = try $0.quarantine.list(in: $1.work.id, notBy: "1") },
            { _ = try $0.quarantine.unread(in: $1.work.id) },
            { _ = try $0.quarantine.nameless(in: $1.work.id) },
        ]
        for query in queries {
            expect(
                try await plans(query), use: "quarantine_of_collection",
                by: "user_id=? AND collection_id=?")
        }
    }

    @Test func `counting reads no row that agrees`() async throws {
        let steps = try await plans { _ = try $0.resources.states(in: $1.work.id) }
        #expect(
            steps.contains(
                "SEARCH resources USING COVERING INDEX resources_by_remote_id "
                    + "(user_id=? AND collection_id=?)"))
        expect(steps, use: "resources_hidden", by: "user_id=? AND collection_id=?")
        expect(steps, use: "resources_by_id", by: "user_id=? AND id=?")
    }

    @Test func `lists go by what narrows them down most`() async throws {
        let place = CollectionID(rawValue: "c")
        let mark = StartMark(start: 5, id: ResourceID(rawValue: "r"))
        func steps(_ filter: ResourceFilter) async throws -> [String] {
            try await plans { transaction, _ throws in
                _ = try transaction.resources.list(filter)
            }
        }
        expect(
            try await steps(ResourceFilter(collections: [place])), use: "resources_by_remote_id",
            by: "user_id=? AND collection_id=?")
        expect(
            try await steps(ResourceFilter(collections: [place], limit: 9)),
            use: "resources_by_id", by: "user_id=? AND id>?")
        expect(
            try await steps(ResourceFilter(from: 1, to: 2)), use: "resources_by_time",
            by: "user_id=? AND span_end>?")
        for filter in [
            ResourceFilter(kinds: [NoteRules.kind], limit: 9, order: .start(after: mark)),
            ResourceFilter(collections: [place], limit: 9, order: .start(after: mark)),
            ResourceFilter(from: 1, limit: 9, order: .start(after: mark)),
        ] {
            let found = try await steps(filter)
            expect(found, use: "resources_by_start", by: "user_id=? AND <expr>>?")
            #expect(!found.contains { $0.contains("TEMP B-TREE") }, "\(found)")
        }
        let before = try await steps(ResourceFilter(from: 1, to: 2, limit: 9, order: .start()))
        expect(before, use: "resources_by_start", by: "user_id=? AND <expr><?")
        #expect(!before.contains { $0.contains("TEMP B-TREE") }, "\(before)")
        let search = try await steps(ResourceFilter(words: "pump"))
        #expect(search.contains("SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"), "\(search)")
        expectNoWalk(search)
    }

    @Test func `the log is read by place, by resource and by run`() async throws {
        let (run, item) = (RunID(rawValue: "r"), ResourceID(rawValue: "i"))
        expect(
            try await plans { transaction, _ throws in
                _ = try transaction.changes.list(resource: item)
            }, use: "changes_of_resource", by: "resource_id=? AND sequence>?")
        expect(
            try await plans { transaction, _ throws in
                _ = try transaction.changes.list(run: run)
            }, use: "changes_of_run", by: "run_id=? AND sequence>?")
        let all = try await plans { transaction, _ throws in
            _ = try transaction.changes.list(after: 5)
        }
        #expect(all == ["SEARCH changes USING INTEGER PRIMARY KEY (rowid>?)"])
        for newestFirst in [false, true] {
            let piece = try await plans { transaction, _ throws in
                _ = try transaction.changes.read(
                    ChangeWindow(after: 5, before: 9), newestFirst: newestFirst, limit: 9)
            }
            #expect(piece.count == 1 && piece[0].hasPrefix("SEARCH changes USING"), "\(piece)")
        }
        expect(
            try await plans { transaction, _ throws in
                _ = try transaction.changes.start(of: OperationID(rawValue: "o"))
            }, use: "changes_of_operation", by: "operation_id=?")
    }

    @Test func `an edit and a push find their rows by indexes`() async throws {
        let (world, recorder) = try await makeWorld()
        let note = try await world.pull("n1")
        recorder.forget()
        let run = world.run
        try await world.store.write { transaction in
            let edited = try transaction.editLocally(
                note, to: ["id": "n1", "title": "x"], run: run)
            _ = try transaction.intents.open(in: edited.collection)
            _ = try transaction.conflicts.open(for: edited.id)
            _ = try transaction.quarantine.find(
                collection: edited.collection, resource: edited.id, remoteID: nil)
            try transaction.holds.withdraw(edited.id)
            try transaction.deleteLocally(edited, run: run)
            try transaction.resources.delete(edited.id)
        }
        for statement in recorder.statements {
            expectNoWalk(try plan(statement, in: world.store))
        }
    }

    @Test func `a purge reads the oldest rows, and no row that is still there`() async throws {
        let horizon = Timestamp(milliseconds: 1)
        expect(
            try await plans { transaction, _ throws in
                _ = try transaction.resources.purge(deletedBefore: horizon, limit: 9)
            }, use: "resources_hidden", by: "user_id=?")
        let (world, recorder) = try await makeWorld()
        recorder.forget()
        try await world.store.write { transaction in
            try transaction.changes.purge(before: horizon, limit: 9)
            try transaction.runs.purge(startedBefore: horizon, limit: 9)
            try transaction.conflicts.purge(resolvedBefore: horizon, limit: 9)
            try transaction.holds.purge(decidedBefore: horizon, limit: 9)
            _ = try transaction.runs.last(
                before: try #require(try transaction.runs.list().first))
        }
        #expect(recorder.statements.count == 6)
        for statement in recorder.statements {
            expectNoWalk(try plan(statement, in: world.store))
        }
    }

    @Test func `every statement of every promise asks for one user's rows`() async throws {
        var statements: Set<String> = []
        for check in StoreConformance.checks {
            let (world, recorder) = try await makeWorld()
            try await check(on: world)
            statements.formUnion(recorder.statements)
        }
        #expect(statements.count > 80)
        // Users themselves, and the words of rows that were just written with their users.
        let exempt = ["INTO users", "FROM users", "last_insert_rowid()", "r.row_key >= ?1"]
        for statement in statements where !exempt.contains(where: statement.contains) {
            #expect(
                statement.contains("user_id = ?1") || statement.contains("(user_id,"),
                "\(statement)")
        }
    }
}
