public import TandemCore

/// The store as one user sees it, inside one transaction: valid only within the closure.
///
/// Every repository asks through ``user``; what belongs to another user is not found.
public struct StoreTransaction {
    /// Whose data is seen.
    public let user: UserID
    /// The connection that everything goes through: repositories ask through ``gate`` alone, so that
    /// nobody outside can leave the user out.
    let connection: any SQLConnection
    /// The rules of the kinds that connectors handed over.
    public let rulebook: Rulebook
    /// The clock, and chance.
    public let environment: TandemEnvironment
    let sealer: CredentialSealer
    let blobFolder: BlobFolder?
    /// What keeps the index of words in step; the repositories share it.
    let searchIndex: SearchIndex

    /// The gate of every query: it binds the user first.
    var gate: UserGate { UserGate(connection: connection, user: user) }

    /// The accounts.
    public var accounts: Accounts { Accounts(transaction: self) }
    /// The sealed secrets of accounts.
    public var credentials: Credentials { Credentials(transaction: self) }
    /// What owns cursors.
    public var collections: RemoteCollections { RemoteCollections(transaction: self) }
    /// What is kept on both sides.
    public var resources: Resources { Resources(transaction: self) }
    /// The writes that were announced before they were sent.
    public var intents: Intents { Intents(transaction: self) }
    /// The series that were divided here and are not whole at their provider yet.
    public var splits: Splits { Splits(transaction: self) }
    /// What was brought to life again, and the names it had.
    public var revivals: Revivals { Revivals(transaction: self) }
    /// The recorded clashes.
    public var conflicts: Conflicts { Conflicts(transaction: self) }
    /// The items set aside.
    public var quarantine: Quarantine { Quarantine(transaction: self) }
    /// The stopped mass deletes.
    public var holds: Holds { Holds(transaction: self) }
    /// What changed, by whom.
    public var changes: ChangeLog { ChangeLog(transaction: self) }
    /// The runs of commands that wrote something.
    public var runs: Runs { Runs(transaction: self) }
    /// Who works on which account.
    public var leases: Leases { Leases(transaction: self) }
    /// The push channels.
    public var channels: PushChannels { PushChannels(transaction: self) }
    /// The contents kept as files.
    public var blobs: Blobs { Blobs(transaction: self) }
}
