public import LosslessJSON
public import TandemCore

/// One write that is about to be sent; its intent is already committed.
public struct PushRequest: Hashable, Sendable {
    /// The id of the intent, fit as a marker where a provider has no client-chosen ids.
    public var operation: OperationID
    /// The collection the remote copy lies in.
    public var collection: CollectionAddress
    /// What to do.
    public var verb: IntentVerb
    /// The provider's name for the resource; `nil` for a creation where the provider chooses.
    public var target: RemoteID?
    /// The version the write is meant for; `nil` for creations.
    public var etag: ETag?
    /// What to send: the whole resource for a creation, an RFC 7396 merge patch for a patch.
    public var body: JSON?
    /// Where a move leads.
    public var destination: RemoteID?
    /// Whom the provider shall mail: nobody unless the edit asked for it.
    public var sendUpdates: SendUpdates

    /// Gathers a write.
    public init(
        operation: OperationID, collection: CollectionAddress, verb: IntentVerb, target: RemoteID?,
        etag: ETag? = nil, body: JSON? = nil, destination: RemoteID? = nil,
        sendUpdates: SendUpdates = .none
    ) {
        self.operation = operation
        self.collection = collection
        self.verb = verb
        self.target = target
        self.etag = etag
        self.body = body
        self.destination = destination
        self.sendUpdates = sendUpdates
    }
}

/// What the provider holds under a write's target.
public enum LookUp: Hashable, Sendable {
    /// The resource is there.
    case present(RemoteResource)
    /// It was there, and is gone for good.
    case tombstone
    /// The provider knows nothing of it; not proof of a deletion.
    case absent
}
