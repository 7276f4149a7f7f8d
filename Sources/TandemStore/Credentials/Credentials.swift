public import TandemCore

/// The sealed secrets of a user's accounts, such as refresh tokens.
public struct Credentials {
    let transaction: StoreTransaction

    /// The largest secret, in bytes.
    public static let largestSecret = 1 << 16

    /// Keeps an account's secret, in place of the one before.
    /// - Throws: ``StoreError`` with code `notFound` for an unknown account, `misuse` for a secret
    ///   over ``largestSecret``, or where the key cannot be read or made.
    public func store(_ secret: [UInt8], for account: AccountID) throws {
        guard secret.count <= Self.largestSecret else {
            throw StoreError(.misuse, "A secret of \(secret.count) bytes is too large to keep.")
        }
        guard try transaction.accounts.find(account) != nil else {
            throw StoreError.notFound("account")
        }
        let sealed = try transaction.sealer.seal(
            secret, for: label(account), random: transaction.environment.random)
        try transaction.gate.execute(
            """
            INSERT INTO credentials (user_id, account_id, sealed, updated_at)
            VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (account_id) DO UPDATE
            SET sealed = excluded.sealed, updated_at = excluded.updated_at
            """,
            [.word(account), .blob(sealed.bytes), .moment(transaction.environment.now())])
    }

    /// An account's secret; `nil` where none is kept.
    /// - Throws: ``StoreError`` with code `sealed` where the key is missing or the row was changed.
    public func load(_ account: AccountID) throws -> [UInt8]? {
        let sealed = try transaction.gate.first(
            "SELECT sealed FROM credentials WHERE user_id = ?1 AND account_id = ?2",
            [.word(account)]
        ) { SealedBytes(bytes: try $0.bytes()) }
        guard let sealed else { return nil }
        return try transaction.sealer.open(sealed, for: label(account))
    }

    /// Forgets an account's secret.
    /// - Returns: Whether there was one.
    /// - Throws: ``StoreError``.
    @discardableResult
    public func wipe(_ account: AccountID) throws -> Bool {
        try transaction.gate.execute(
            "DELETE FROM credentials WHERE user_id = ?1 AND account_id = ?2", [.word(account)]) > 0
    }

    /// Seals everything of the user anew, under the newest key.
    /// - Throws: ``StoreError`` with code `sealed` where something no longer opens.
    func reseal() throws {
        let accounts = try transaction.gate.all(
            "SELECT account_id FROM credentials WHERE user_id = ?1 ORDER BY account_id", []
        ) { try $0.word(AccountID.self) }
        for account in accounts {
            if let secret = try load(account) { try store(secret, for: account) }
        }
        for channel in try transaction.channels.list() { try transaction.channels.save(channel) }
    }

    private func label(_ account: AccountID) -> SealLabel {
        SealLabel(purpose: "credential", parts: [transaction.user.rawValue, account.rawValue])
    }
}
