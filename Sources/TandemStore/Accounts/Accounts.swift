public import TandemCore

/// The accounts of a user.
public struct Accounts {
    let transaction: StoreTransaction

    private static let columns = """
        id, user_id, name, provider, email, subject, scopes, state, created_at, parked_until,
        park_reason
        """

    /// Adds an account under a name that the user has not used yet.
    ///
    /// - Parameters:
    ///   - name: What the user calls it.
    ///   - provider: Which connector reads it.
    ///   - email: The address it shows.
    ///   - subject: The provider's stable name for the person.
    ///   - scopes: What the user agreed to, in the provider's words, none with a blank in it.
    /// - Returns: The account, in state ``AccountState/ok``.
    /// - Throws: ``StoreError`` with code `constraint` where the name is taken, or is none that
    ///   ``AccountName`` allows.
    public func add(
        name: String, provider: String, email: String? = nil, subject: String? = nil,
        scopes: [String] = []
    ) throws -> Account {
        if let problem = AccountName.problem(of: name) { throw StoreError(.constraint, problem) }
        let account = Account(
            id: transaction.environment.makeID(), user: transaction.user, name: name,
            provider: provider, email: email, subject: subject, scopes: scopes, state: .ok,
            createdAt: transaction.environment.now())
        try transaction.gate.execute(
            """
            INSERT INTO accounts (user_id, \
            id, name, provider, email, subject, scopes, state, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """,
            [
                .word(account.id), .text(name), .text(provider), .optional(email),
                .optional(subject), .text(scopes.joined(separator: " ")), .word(account.state),
                .moment(account.createdAt),
            ])
        return account
    }

    /// The account of a name, which is added where the user has none such.
    ///
    /// - Parameters:
    ///   - name: What the user calls it.
    ///   - provider: Which connector reads it.
    /// - Returns: The account.
    /// - Throws: ``StoreError`` with code `constraint` where the name belongs to an account of
    ///   another provider, or is none that ``AccountName`` allows.
    public func ensure(name: String, provider: String) throws -> Account {
        guard let known = try list().first(where: { $0.name == name }) else {
            return try add(name: name, provider: provider)
        }
        guard known.provider == provider else {
            throw StoreError(
                .constraint, "The account of that name is one of '\(known.provider)'.",
                remedy: "Choose another name.")
        }
        return known
    }

    /// The account with an id; `nil` where the user has none such.
    /// - Throws: ``StoreError``.
    public func find(_ id: AccountID) throws -> Account? {
        try transaction.gate.first(
            "SELECT \(Self.columns) FROM accounts WHERE user_id = ?1 AND id = ?2", [.word(id)],
            decode)
    }

    /// The accounts of a person at a provider, oldest first.
    /// - Throws: ``StoreError``.
    public func find(provider: String, subject: String) throws -> [Account] {
        try transaction.gate.all(
            """
            SELECT \(Self.columns) FROM accounts
            WHERE user_id = ?1 AND provider = ?2 AND subject = ?3 ORDER BY id
            """,
            [.text(provider), .text(subject)], decode)
    }

    /// All accounts, by name.
    /// - Throws: ``StoreError``.
    public func list() throws -> [Account] {
        try transaction.gate.all(
            "SELECT \(Self.columns) FROM accounts WHERE user_id = ?1 ORDER BY name", [], decode)
    }

    /// Writes an account's changed values.
    /// - Throws: ``StoreError`` with code `notFound`, or `constraint` where the name is taken.
    public func update(_ account: Account) throws {
        try transaction.gate.change(
            "account",
            """
            UPDATE accounts SET name = ?3, provider = ?4, email = ?5, subject = ?6, scopes = ?7,
            state = ?8, parked_until = ?9, park_reason = ?10
            WHERE user_id = ?1 AND id = ?2
            """,
            [
                .word(account.id), .text(account.name), .text(account.provider),
                .optional(account.email), .optional(account.subject),
                .text(account.scopes.joined(separator: " ")), .word(account.state),
                .moment(account.parkedUntil), .optional(account.parkReason),
            ])
    }

    /// Removes an account and all that was read through it, its secrets and waiting edits included.
    /// - Throws: ``StoreError`` with code `notFound`.
    public func remove(_ id: AccountID) throws {
        try transaction.searchIndex.remove(
            where: "r.user_id = ?1 AND r.account_id = ?2",
            [.text(transaction.user.rawValue), .word(id)])
        try transaction.gate.change(
            "account", "DELETE FROM accounts WHERE user_id = ?1 AND id = ?2", [.word(id)])
    }

    private func decode(_ row: inout RowReader) throws -> Account {
        Account(
            id: try row.word(), user: try row.word(), name: try row.text(),
            provider: try row.text(), email: row.optionalText(), subject: row.optionalText(),
            scopes: try row.text().split(separator: " ").map(String.init), state: try row.word(),
            createdAt: try row.moment(), parkedUntil: row.optionalMoment(),
            parkReason: row.optionalText())
    }
}
