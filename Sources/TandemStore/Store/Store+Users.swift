public import TandemCore

extension Store {
    /// Adds a user, whose data nobody else sees; one who is there stays as they are.
    /// - Throws: ``StoreError``.
    public func addUser(_ user: UserID) async throws {
        let now = environment.now()
        _ = try await database.write { connection in
            try connection.execute(
                "INSERT INTO users (id, created_at) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING",
                [.word(user), .moment(now)])
        }
    }

    /// Removes a user with everything that belongs to them.
    /// - Throws: ``StoreError`` with code `notFound`, or `misuse` for ``UserID/local``, who stays.
    public func removeUser(_ user: UserID) async throws {
        guard user != .local else {
            throw StoreError(.misuse, "The user of the command line cannot be removed.")
        }
        let removed = try await database.write { connection in
            try SearchIndex(connection: connection).remove(
                where: "r.user_id = ?1", [.word(user)])
            return try connection.execute("DELETE FROM users WHERE id = ?1", [.word(user)])
        }
        guard removed > 0 else { throw StoreError.notFound("user") }
    }

    /// All users, by id.
    /// - Throws: ``StoreError``.
    public func users() async throws -> [UserID] {
        try await database.read { connection in
            var users: [UserID] = []
            try connection.query("SELECT id FROM users ORDER BY id", []) { row in
                var reader = RowReader(row: row)
                users.append(try reader.word())
            }
            return users
        }
    }

    /// Seals every secret anew under a fresh key, and forgets the keys before.
    ///
    /// A crash on the way leaves every secret readable, since the old keys go last.
    /// - Throws: ``StoreError`` with code `sealed` where a secret no longer opens; its key stays.
    public func rotateSealingKey() async throws {
        try sealer.addKey(random: environment.random)
        for user in try await users() {
            try await write(as: user) { try $0.credentials.reseal() }
        }
        try sealer.dropOldKeys()
    }

    /// Removes contents that no user refers to any more, one part of the folder after another, so
    /// that others wait only briefly.
    /// - Returns: How many were removed.
    /// - Throws: ``StoreError``.
    @discardableResult
    public func removeUnusedBlobs() async throws -> Int {
        guard let blobFolder else { return 0 }
        var removed = 0
        for part in try blobFolder.parts() {
            // Inside a transaction, so that nothing is removed while it is being referred to.
            removed += try await database.write { connection in
                var removed = 0
                for digest in try blobFolder.digests(in: part) {
                    var isUsed = false
                    try connection.query(
                        "SELECT 1 FROM blobs WHERE digest = ?1 LIMIT 1", [.word(digest)]
                    ) { _ in isUsed = true }
                    guard !isUsed else { continue }
                    try blobFolder.remove(digest)
                    removed += 1
                }
                return removed
            }
        }
        return removed
    }
}
