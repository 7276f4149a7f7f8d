import LosslessJSON
import TandemCore
import TandemTesting
import Testing

@testable import TandemStore

@Suite struct SchemaTests {
    private func rows(_ sql: String, in store: Store) throws -> [[String]] {
        var rows: [[String]] = []
        try store.readBlocking { transaction in
            try transaction.connection.query(sql, []) { row in
                rows.append((0..<8).map { row.text($0) ?? "" })
            }
        }
        return rows
    }

    private func tables(in store: Store) throws -> [String] {
        try rows(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'",
            in: store
        ).map { $0[0] }.filter { !$0.hasPrefix("sqlite_") && !$0.hasPrefix("resource_words_") }
    }

    @Test func `every word in braces is replaced`() {
        for script in [Migration0001.schema, Migration0002.schema] {
            let translated = Dialect.sqlite.translate(script)
            #expect(!translated.contains("{") && !translated.contains("}"))
        }
    }

    @Test func `every table but that of users names the user, and is strict`() throws {
        let store = try TestStore.inMemory()
        let tables = try tables(in: store)
        #expect(tables.count == 18)
        for table in tables {
            let columns = try rows("PRAGMA table_info(\(table))", in: store).map { $0[1] }
            #expect(columns.contains("user_id") || table == "users", "\(table)")
            let strict = try rows(
                "SELECT strict FROM pragma_table_list WHERE name = '\(table)'", in: store)
            #expect(strict.map { $0[0] } == ["1"], "\(table)")
        }
    }

    @Test func `rows point at others through the user and the id together`() throws {
        let store = try TestStore.inMemory()
        for table in try tables(in: store) {
            let keys = try rows("PRAGMA foreign_key_list(\(table))", in: store)
            for (number, columns) in Dictionary(grouping: keys, by: { $0[0] }) {
                let names = columns.map { $0[3] }
                #expect(names.contains("user_id"), "\(table) \(number)")
                #expect(columns.allSatisfy { $0[6] == "CASCADE" }, "\(table) \(number)")
            }
        }
        #expect(try rows("PRAGMA foreign_key_check", in: store).isEmpty)
    }

    @Test(arguments: [0, 2])
    func `every connection is set up to lose nothing and to trust nothing`(readers: Int)
        async throws
    {
        try await withTemporaryFolder { folder in
            let store = try StoreFiles.open(folder, readers: readers)
            func setting(_ name: String, _ transaction: StoreTransaction) throws -> String {
                var value = ""
                try transaction.connection.query("PRAGMA \(name)", []) { value = $0.text(0) ?? "" }
                return value
            }
            func settings(_ transaction: StoreTransaction) throws -> [String] {
                try [
                    "foreign_keys", "trusted_schema", "synchronous", "application_id",
                    "user_version", "page_size", "wal_autocheckpoint",
                ].map { try setting($0, transaction) }
            }
            let expected = [
                "1", "0", "2", "\(SQLiteSettings.applicationID)", "\(Schema.version)", "8192",
                "3072",
            ]
            #expect(try store.writeBlocking { try settings($0) } == expected)
            for _ in 0..<3 { #expect(try store.readBlocking { try settings($0) } == expected) }
            // Asking for it counts as setting it; it is the file's, not the connection's.
            #expect(try store.writeBlocking { try setting("journal_mode", $0) } == "wal")
            try store.close()
        }
    }

    @Test func `a schema ahead of the program is refused`() throws {
        let store = try TestStore.inMemory()
        let error = #expect(throws: StoreError.self) {
            try store.writeBlocking {
                try Schema.migrate(from: Schema.version + 1, on: $0.connection)
            }
        }
        #expect(error?.code == .newer)
    }

    @Test func `the index of words agrees with the rows after all kinds of writes`() async throws {
        let world = try await StoreWorld { try TestStore.inMemory(environment: $0.environment) }
        var notes: [StoredResource] = []
        for number in 0..<20 {
            notes.append(try await world.pull("n\(number)", ["body": "word\(number)"]))
        }
        let run = world.run
        for (number, note) in notes.enumerated() {
            try await world.store.write { transaction in
                switch number % 4 {
                case 0: try transaction.resources.delete(note.id)
                case 1:
                    _ = try transaction.editLocally(
                        note, to: ["id": "n\(number)", "body": "other"], run: run)
                case 2: try transaction.deleteLocally(note, run: run)
                default: break
                }
            }
        }
        let place = world.work
        try await world.store.write { transaction in
            for number in 20..<30 {
                let name = "n\(number)"
                let fresh: JSON = ["id": .string(name), "body": "fresh"]
                let note = try transaction.resources.insert(
                    ResourceDraft(
                        remoteID: RemoteID(rawValue: name), baseBytes: fresh.serialized(),
                        etag: nil, generation: 1),
                    into: place)
                if number % 2 == 0 {
                    _ = try transaction.editLocally(
                        note, to: ["id": .string(name), "body": "other"], run: run)
                }
                if number % 3 == 0 { try transaction.resources.delete(note.id) }
            }
        }
        try await world.store.write { transaction in
            // FTS5 compares its index with the rows, and fails where they differ.
            try transaction.connection.executeScript(
                "INSERT INTO resource_words (resource_words, rank) VALUES ('integrity-check', 1)")
        }
    }
}
