public import TandemCore
public import TandemStore

/// What people call the accounts and collections that activities name.
public struct FeedNames: Hashable, Sendable {
    /// The names of accounts.
    public var accounts: [AccountID: String]
    /// The names of collections.
    public var collections: [CollectionID: String]

    /// Gathers names.
    public init(
        accounts: [AccountID: String] = [:], collections: [CollectionID: String] = [:]
    ) {
        self.accounts = accounts
        self.collections = collections
    }

    /// Reads the names of all accounts and collections, those that are gone included.
    /// - Throws: `StoreError`.
    public init(_ transaction: StoreTransaction) throws {
        self.init(
            accounts: Dictionary(
                try transaction.accounts.list().map { ($0.id, $0.name) }, uniquingKeysWith: { $1 }),
            collections: Dictionary(
                try transaction.collections.list().map { ($0.id, $0.name) },
                uniquingKeysWith: { $1 }))
    }
}
