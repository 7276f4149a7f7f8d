public import TandemCore

/// A channel over which a provider says that a collection changed.
public struct PushChannelRecord: Hashable, Sendable {
    /// The channel's name, chosen by us.
    public let id: String
    /// What it watches.
    public let collection: CollectionID
    /// The provider's name for what is watched.
    public let resourceID: String
    /// The secret that every message carries; sealed in the store.
    public let token: [UInt8]
    /// When the provider stops sending.
    public let expires: Timestamp
    /// The number of the latest message, which only grows.
    public var lastMessage: Int64

    /// Describes a channel.
    public init(
        id: String, collection: CollectionID, resourceID: String, token: [UInt8],
        expires: Timestamp, lastMessage: Int64 = 0
    ) {
        self.id = id
        self.collection = collection
        self.resourceID = resourceID
        self.token = token
        self.expires = expires
        self.lastMessage = lastMessage
    }
}
