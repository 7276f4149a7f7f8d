public import TandemCore

/// One item that was set aside so that nothing else waits for it.
public struct QuarantineRecord: Hashable, Sendable {
    /// Its id.
    public let id: QuarantineID
    /// Where the item belongs.
    public let collection: CollectionID
    /// The item, where it has a row.
    public let resource: ResourceID?
    /// The provider's name for the item, where it could be read.
    public let remoteID: RemoteID?
    /// What sort of thing it is.
    public let kind: Kind
    /// Why it was set aside, in words for a person.
    public let reason: String
    /// What came, or what was to be sent, as it was.
    public let raw: String
    /// When it was set aside first.
    public let since: Timestamp
    /// The version of the program that set it aside: another one tries again.
    public let programVersion: String
}
