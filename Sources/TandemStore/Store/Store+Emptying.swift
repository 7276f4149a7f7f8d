package import TandemCore

extension Store {
    /// A store on the same connection, with nothing left of what this one held: for simulations,
    /// which need many stores in memory one after the other.
    ///
    /// To open one makes every table and prepares every statement anew, which takes as long as a
    /// hundred transactions. This store must not be used any more.
    ///
    /// - Parameter environment: The clock, and chance.
    /// - Returns: The empty store.
    /// - Throws: ``StoreError``.
    package func emptied(for environment: TandemEnvironment) throws -> Store {
        try database.writeBlocking { connection in
            let search = SearchIndex(connection: connection)
            try search.remove(where: "r.user_id = ?1", [.word(UserID.local)])
            try search.settle()
            // These have nothing that depends on them, so that each goes at one stroke.
            for table in [
                "changes", "runs", "conflicts", "intents", "aliases", "splits", "revivals",
            ] {
                try connection.execute("DELETE FROM \(table)", [])
            }
            // What numbers itself begins at one again.
            try connection.execute("DELETE FROM sqlite_sequence", [])
            try connection.execute("DELETE FROM users", [])
            try connection.execute(
                "INSERT INTO users (id, created_at) VALUES (?1, ?2)",
                [.word(UserID.local), .integer(0)])
        }
        return Store(
            database: database, rulebook: rulebook, environment: environment,
            sealer: CredentialSealer(ephemeralKeyFrom: environment.random))
    }
}
