public import LosslessJSON
public import TandemCore

/// The wish for one page of a collection.
public struct PullRequest: Hashable, Sendable {
    /// Which collection.
    public var collection: CollectionAddress
    /// Where the last complete listing ended; `nil` asks for a full listing.
    public var cursor: Cursor?
    /// Which page of the listing; `nil` is the first.
    public var page: String?

    /// Asks for a page.
    public init(collection: CollectionAddress, cursor: Cursor?, page: String?) {
        self.collection = collection
        self.cursor = cursor
        self.page = page
    }
}

/// One page of a listing.
public struct PulledPage: Hashable, Sendable {
    /// What the page says, in its own order; may be empty though more pages follow.
    public var items: [PulledItem]
    /// The next page; `nil` on the last.
    public var next: String?
    /// Where the listing ends; only the last page has one, and even it may lack it.
    public var cursor: Cursor?
    /// The collection's own zone, where the page tells it.
    public var timeZone: String?
    /// What the account may do in the collection, where the page tells it.
    public var access: CollectionAccess?

    /// Gathers a page.
    public init(
        items: [PulledItem], next: String? = nil, cursor: Cursor? = nil, timeZone: String? = nil,
        access: CollectionAccess? = nil
    ) {
        self.items = items
        self.next = next
        self.cursor = cursor
        self.timeZone = timeZone
        self.access = access
    }
}

/// One item of a page.
public enum PulledItem: Hashable, Sendable {
    /// The resource as it now is, tombstones included.
    case resource(RemoteResource)
    /// Something that cannot be used: it is set aside and blocks nothing.
    case unreadable(remoteID: RemoteID?, raw: String, reason: String)
}

/// A resource as the provider sent it.
public struct RemoteResource: Hashable, Sendable {
    /// The provider's name for it.
    public var remoteID: RemoteID
    /// The provider's mark of the version.
    public var etag: ETag?
    /// The resource; for a tombstone whatever came with it.
    public var json: JSON
    /// The bytes as they came, kept as the base; `nil` stands for `json` written compactly.
    public var bytes: [UInt8]?
    /// Whether the provider calls it gone.
    public var isTombstone: Bool
    /// What the store keeps beside it, where that was worked out already.
    var projection: Projection?

    /// Gathers a resource.
    public init(
        remoteID: RemoteID, etag: ETag?, json: JSON, bytes: [UInt8]? = nil,
        isTombstone: Bool = false
    ) {
        self.remoteID = remoteID
        self.etag = etag
        self.json = json
        self.bytes = bytes
        self.isTombstone = isTombstone
    }
}
