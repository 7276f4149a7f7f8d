public import LosslessJSON
public import TandemCore

/// A write as it was announced before it was sent, so that a restart can find out what became
/// of it.
public struct Intent: Hashable, Sendable {
    /// The operation it carries.
    public let id: OperationID
    /// What it writes.
    public let resource: ResourceID
    /// Where it writes.
    public let collection: CollectionID
    /// The local edit that it carries: a later one stays dirty when this one is answered.
    public let editNumber: Int64
    /// What it does there.
    public let verb: IntentVerb
    /// What the provider knows the resource by, or shall know it by.
    public let target: RemoteID
    /// The version that it may replace; `nil` where it makes something new.
    public let etag: ETag?
    /// Exactly what is sent.
    public let body: JSON?
    /// The whole local version at that moment.
    public let local: JSON?
    /// The digest of ``body``'s canonical form.
    public let bodyDigest: JSONDigest?
    /// Whom the provider may mail about it.
    public let sendUpdates: SendUpdates
    /// Where a move goes.
    public let destination: RemoteID?
    /// When it was announced.
    public let createdAt: Timestamp
    /// What is known of its answer.
    public var outcome: IntentOutcome
    /// The run that sends it.
    public let run: RunID?

    /// Announces a write; its digest is worked out from `body`.
    public init(
        id: OperationID, resource: ResourceID, collection: CollectionID, editNumber: Int64,
        verb: IntentVerb, target: RemoteID, etag: ETag? = nil, body: JSON? = nil,
        local: JSON? = nil, sendUpdates: SendUpdates = .none, destination: RemoteID? = nil,
        createdAt: Timestamp, outcome: IntentOutcome = .pending, run: RunID? = nil
    ) {
        self.init(
            id: id, resource: resource, collection: collection, editNumber: editNumber,
            verb: verb, target: target, etag: etag, body: body, local: local,
            bodyDigest: body?.digest, sendUpdates: sendUpdates, destination: destination,
            createdAt: createdAt, outcome: outcome, run: run)
    }

    init(
        id: OperationID, resource: ResourceID, collection: CollectionID, editNumber: Int64,
        verb: IntentVerb, target: RemoteID, etag: ETag?, body: JSON?, local: JSON?,
        bodyDigest: JSONDigest?, sendUpdates: SendUpdates, destination: RemoteID?,
        createdAt: Timestamp, outcome: IntentOutcome, run: RunID?
    ) {
        self.id = id
        self.resource = resource
        self.collection = collection
        self.editNumber = editNumber
        self.verb = verb
        self.target = target
        self.etag = etag
        self.body = body
        self.local = local
        self.bodyDigest = bodyDigest
        self.sendUpdates = sendUpdates
        self.destination = destination
        self.createdAt = createdAt
        self.outcome = outcome
        self.run = run
    }
}

/// What is known of a write's answer.
public enum IntentOutcome: String, Hashable, Sendable, CaseIterable {
    /// It is being sent, or about to be, or its answer was that it was not applied; what a crash
    /// left so counts as unknown.
    case pending
    /// It was sent, and the answer was lost: look it up before sending anything again.
    case unknown
}
