public import TandemCore

/// The leases on a user's accounts.
public struct Leases {
    let transaction: StoreTransaction

    private static let columns =
        "account_id, owner, process_id, process_started, host, boot, since, renewed, expires"

    /// Takes an account where it is free, was left behind, or is one's own already.
    ///
    /// It was left behind where its lease has ended, and where its holder's process is gone.
    ///
    /// - Parameters:
    ///   - account: The account.
    ///   - owner: Who takes it.
    ///   - duration: For how long, unless it is renewed.
    ///   - now: The moment it is.
    /// - Returns: Whether it was taken.
    /// - Throws: ``StoreError`` with code `notFound` for an unknown account.
    public func acquire(
        _ account: AccountID, owner: LeaseOwner, for duration: Duration, now: Timestamp
    ) throws -> Bool {
        guard try transaction.accounts.find(account) != nil else {
            throw StoreError.notFound("account")
        }
        let held = try find(account)
        if let held, held.owner.name != owner.name,
            held.isBinding(in: transaction.environment, at: now)
        {
            return false
        }
        let isOwn = held?.owner.name == owner.name
        try transaction.gate.execute(
            """
            INSERT INTO leases
            (user_id, account_id, owner, process_id, process_started, host, boot, since, renewed,
            expires)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            ON CONFLICT (account_id) DO UPDATE SET owner = excluded.owner,
            process_id = excluded.process_id, process_started = excluded.process_started,
            host = excluded.host, boot = excluded.boot, since = excluded.since,
            renewed = excluded.renewed, expires = excluded.expires
            """,
            [
                .word(account), .text(owner.name), .integer(owner.process.number),
                .integer(owner.process.started), .text(owner.process.host),
                .text(owner.process.boot), .moment(isOwn ? held?.since ?? now : now), .moment(now),
                .moment(now.advanced(by: duration)),
            ])
        return true
    }

    /// Lengthens a lease that is still one's own.
    ///
    /// - Parameters:
    ///   - account: The account.
    ///   - owner: Who holds it.
    ///   - duration: For how long from now.
    ///   - now: The moment it is.
    /// - Returns: Whether it was still one's own; if not, stop at once: somebody else may work.
    /// - Throws: ``StoreError``.
    public func renew(
        _ account: AccountID, owner: LeaseOwner, for duration: Duration, now: Timestamp
    ) throws -> Bool {
        try transaction.gate.execute(
            """
            UPDATE leases SET renewed = ?4, expires = ?5
            WHERE user_id = ?1 AND account_id = ?2 AND owner = ?3
            """,
            [
                .word(account), .text(owner.name), .moment(now),
                .moment(now.advanced(by: duration)),
            ]) > 0
    }

    /// Gives a lease back, where it is still one's own.
    /// - Returns: Whether it was.
    /// - Throws: ``StoreError``.
    @discardableResult
    public func release(_ account: AccountID, owner: LeaseOwner) throws -> Bool {
        try transaction.gate.execute(
            "DELETE FROM leases WHERE user_id = ?1 AND account_id = ?2 AND owner = ?3",
            [.word(account), .text(owner.name)]) > 0
    }

    /// Takes a lease away from whoever holds it: for a person who knows that the holder is dead.
    /// - Returns: Whether there was one.
    /// - Throws: ``StoreError``.
    @discardableResult
    public func breakLease(on account: AccountID) throws -> Bool {
        try transaction.gate.execute(
            "DELETE FROM leases WHERE user_id = ?1 AND account_id = ?2", [.word(account)]) > 0
    }

    /// The lease on an account, ended or not; `nil` where there is none.
    /// - Throws: ``StoreError``.
    public func find(_ account: AccountID) throws -> LeaseRecord? {
        try transaction.gate.first(
            "SELECT \(Self.columns) FROM leases WHERE user_id = ?1 AND account_id = ?2",
            [.word(account)], decode)
    }

    /// All leases, ended ones included, by account.
    /// - Throws: ``StoreError``.
    public func list() throws -> [LeaseRecord] {
        try transaction.gate.all(
            "SELECT \(Self.columns) FROM leases WHERE user_id = ?1 ORDER BY account_id", [],
            decode)
    }

    private func decode(_ row: inout RowReader) throws -> LeaseRecord {
        let account: AccountID = try row.word()
        let name = try row.text()
        let (number, started) = (try row.integer(), try row.integer())
        let process = ProcessIdentity(
            host: try row.text(), boot: try row.text(), number: number, started: started)
        return LeaseRecord(
            account: account, owner: LeaseOwner(name: name, process: process),
            since: try row.moment(), renewed: try row.moment(), expires: try row.moment())
    }
}
