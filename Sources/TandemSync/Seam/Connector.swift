public import TandemCore

/// A provider as the engine sees it: it translates, and decides nothing.
///
/// The engine owns retries, pacing, order, conflicts and deletes. A connector repeats no request
/// (but for one refresh of its credentials after a refusal), keeps no state that must survive, and
/// reports what happened as values. Every connector passes the suite in `TandemTesting`.
public protocol Connector: Sendable {
    /// The provider's word in accounts, such as `google`.
    var provider: String { get }

    /// What the provider can do.
    var capabilities: ConnectorCapabilities { get }

    /// The rules of every kind the connector brings.
    var rules: [any KindRules] { get }

    /// The collections that every account has and from which others are found.
    var roots: [CollectionDraft] { get }

    /// The query behind `pull`, in one text: a cursor is used only while it stays the same.
    func fingerprint(of kind: Kind) -> String

    /// Reads one page of a listing. Without a cursor it is a full listing; a page's `next` goes
    /// into the following request together with the same cursor.
    /// - Throws: ``RemoteError``; code `cursorExpired` asks for a full listing.
    func pull(_ request: PullRequest) async throws(RemoteError) -> PulledPage

    /// Sends independent writes, at most ``ConnectorCapabilities/maximumBatch`` of them, each only
    /// while the remote copy carries the write's etag. Answers in the requests' order; an empty
    /// object answers for a provider that says no more than that it was done.
    func push(_ requests: [PushRequest]) async -> [Result<RemoteResource, RemoteError>]

    /// Finds out what the provider holds under a write's target; sends nothing.
    func lookUp(_ request: PushRequest) async throws(RemoteError) -> LookUp

    /// What went over the wire since the connector was made.
    var traffic: Traffic { get }
}

/// What a provider can do.
public struct ConnectorCapabilities: Hashable, Sendable {
    /// How many writes one `push` may have, at least 1.
    public var maximumBatch: Int
    /// When daily limits are sure to have begun anew, after midnight UTC.
    public var dailyReset: Duration

    /// States what a provider can do.
    public init(maximumBatch: Int, dailyReset: Duration = .zero) {
        self.maximumBatch = max(1, maximumBatch)
        self.dailyReset = dailyReset
    }
}

/// Requests and bytes that went over the wire.
public struct Traffic: Hashable, Sendable {
    /// Requests sent; a batch counts as one.
    public var requests: Int
    /// Bytes of the answers' bodies, as they came.
    public var bytes: Int

    /// Counts traffic.
    public init(requests: Int = 0, bytes: Int = 0) {
        self.requests = requests
        self.bytes = bytes
    }
}

/// Where a resource lies at the provider.
public struct CollectionAddress: Hashable, Sendable {
    /// The provider's name for the collection.
    public var remoteID: RemoteID
    /// What the collection contains.
    public var kind: Kind

    /// Names a collection.
    public init(remoteID: RemoteID, kind: Kind) {
        self.remoteID = remoteID
        self.kind = kind
    }
}
