public import LosslessJSON
public import TandemCore

/// One thing kept on both sides: what both agreed on, and what was edited here since.
///
/// What clashes with it lies in ``ConflictRecord``s.
public struct StoredResource: Hashable, Sendable {
    /// Our id, stable for ever.
    public let id: ResourceID
    /// The account it is read through.
    public let account: AccountID
    /// Where the user sees it.
    public var collection: CollectionID
    /// What sort of thing it is.
    public let kind: Kind
    /// The provider's present name for it; earlier ones are aliases.
    public var remoteID: RemoteID?
    /// The last version both sides agreed on, byte for byte as it came; `nil`: never pushed.
    public private(set) var baseBytes: [UInt8]?
    private var parsedBase: JSON?
    /// The last version both sides agreed on; `nil`: never pushed.
    ///
    /// Set, it is written out anew; to keep what came byte for byte see ``setBase(_:bytes:)``.
    public var base: JSON? {
        get { parsedBase }
        set {
            parsedBase = newValue
            baseBytes = newValue?.serialized()
        }
    }
    /// The provider's mark of ``base``.
    public var etag: ETag?
    /// What was done to it here since.
    public var local: LocalVersion
    /// How many local edits it has seen.
    public var editNumber: Int64
    /// The last local edit that the provider answered.
    public var acknowledgedEdit: Int64
    /// Whom the provider may mail about the waiting edit; nobody where none waits.
    public var sendUpdates: SendUpdates
    /// The last local edit.
    public var operation: OperationID?
    /// The run of the command that edited it last.
    public var run: RunID?
    /// Why it is kept from syncing, `nil` when nothing keeps it.
    public var hold: ResourceHold?
    /// Until when nothing is sent for it.
    public var parkedUntil: Timestamp?
    /// How often in a row sending it met a newer version there.
    public var pushRounds: Int
    /// Where the remote copy still is, while a move waits to be pushed.
    public var movedFrom: CollectionID?
    /// A delete that the full listing or delta under way asks for, not yet believed.
    public var pendingDelete: PendingDelete?
    /// When a write was first answered with "not found", which proves no deletion yet.
    public var missingSince: Timestamp?
    /// The last full listing that saw it.
    public var generation: Int64
    /// When both sides agreed that it is gone; its row stays for a while.
    public var deletedAt: Timestamp?
    /// What the rules drew from ``live``, or from the last version of what is gone, as of the last
    /// time it was written; without the search text.
    public internal(set) var projection: Projection

    /// A resource with nothing but its names: the decoder and the inserter fill it.
    init(id: ResourceID, account: AccountID, collection: CollectionID, kind: Kind) {
        self.id = id
        self.account = account
        self.collection = collection
        self.kind = kind
        local = .unchanged
        editNumber = 0
        acknowledgedEdit = 0
        sendUpdates = .none
        pushRounds = 0
        generation = 0
        projection = Projection(title: "")
    }

    /// What the user sees: the local edit, else the base; `nil` when it is deleted here or gone.
    public var live: JSON? {
        guard deletedAt == nil else { return nil }
        switch local {
        case .unchanged: return base
        case .edited(let json): return json
        case .deleted: return nil
        }
    }

    /// Whether the provider never listed it nor answered for it: its base is what the provider
    /// would say of it, such as an instance of a series that is no resource of its own yet.
    public var isUnseen: Bool { generation == Self.unseen }

    /// The generation of what no listing can miss.
    static let unseen = Int64.max

    /// Whether something about it waits to be pushed; an instance moves with its series.
    public var isDirty: Bool {
        local != .unchanged || movedFrom != nil && projection.exception == nil
    }

    /// Whether it was deleted here, or cancelled out of its series, and that waits to be pushed.
    public var waitsToBeDeleted: Bool {
        guard deletedAt == nil else { return false }
        switch local {
        case .deleted: return true
        case .edited: return projection.isCancelled
        case .unchanged: return false
        }
    }

    /// Takes over a version that was parsed already, with the bytes it came in.
    public mutating func setBase(_ json: JSON, bytes: [UInt8]) {
        parsedBase = json
        baseBytes = bytes
    }

    /// Takes over a version byte for byte, as ``base`` and ``baseBytes``.
    /// - Throws: ``StoreError`` with code `corrupt` where the bytes are no JSON.
    public mutating func setBase(bytes: [UInt8]) throws(StoreError) {
        setBase(try RowReader.decode(bytes), bytes: bytes)
    }
}

/// What was done to a resource here since both sides agreed on it.
public enum LocalVersion: Hashable, Sendable {
    /// Nothing.
    case unchanged
    /// It was edited into this.
    case edited(JSON)
    /// It was deleted.
    case deleted
}

/// Why a resource is kept from syncing.
public enum ResourceHold: String, Hashable, Sendable, CaseIterable {
    /// Its local delete is part of a stopped mass delete.
    case pushHeld = "push-held"
    /// Its remote delete is part of a stopped mass delete.
    case pullHeld = "pull-held"
    /// It was edited on one side and deleted on the other, and a person has to decide.
    case conflict
    /// It was set aside with a reason.
    case quarantined
    /// The provider answers that it is not there, which proves no deletion.
    case unreachable
}

/// A delete that a provider asks for and that has not passed the gate yet.
public struct PendingDelete: Hashable, Sendable {
    /// How the provider said it.
    public var cause: Cause
    /// The run that saw it.
    public var run: RunID

    /// Describes a delete not yet believed.
    public init(cause: Cause, run: RunID) {
        self.cause = cause
        self.run = run
    }

    /// How a provider says that something is gone.
    public enum Cause: String, Hashable, Sendable, CaseIterable {
        /// It listed a tombstone.
        case tombstone
        /// A complete listing no longer had it.
        case sweep
    }
}

/// What programs read in an item's `state`.
public enum ResourceState: String, Hashable, Sendable, CaseIterable {
    /// Both sides agree.
    case clean
    /// An edit waits to be pushed.
    case dirty
    /// An edit is being pushed.
    case pushing
    /// An edit was sent, and its answer was lost.
    case unconfirmed
    /// It is part of a stopped mass delete.
    case held
    /// It was set aside with a reason.
    case quarantined
    /// Two edits clash, and a person has to decide.
    case conflict
    /// The provider answers that it is not there.
    case unreachable
}

/// A new resource, before it has a row.
public struct ResourceDraft: Hashable, Sendable {
    /// The provider's name for it; `nil` where the provider has yet to choose one.
    public var remoteID: RemoteID?
    /// The version both sides agreed on, byte for byte; `nil`: never pushed.
    public var baseBytes: [UInt8]?
    /// The provider's mark of that version.
    public var etag: ETag?
    /// What was done to it here.
    public var local: LocalVersion
    /// Whom the provider may mail about the edit.
    public var sendUpdates: SendUpdates
    /// The local edit that made it.
    public var operation: OperationID?
    /// The run of the command that made it.
    public var run: RunID?
    /// The full listing that saw it.
    public var generation: Int64

    /// A resource that a provider sent, byte for byte.
    public init(
        remoteID: RemoteID, baseBytes: [UInt8], etag: ETag?, generation: Int64
    ) {
        self.remoteID = remoteID
        self.baseBytes = baseBytes
        self.etag = etag
        self.generation = generation
        local = .unchanged
        sendUpdates = .none
    }

    /// A resource that was made here, or one that the provider has only as part of another, such as
    /// an instance of a series, which is its `base`.
    public init(
        remoteID: RemoteID?, base: JSON? = nil, local: JSON, sendUpdates: SendUpdates,
        operation: OperationID, run: RunID?
    ) {
        self.remoteID = remoteID
        baseBytes = base?.serialized()
        self.local = .edited(local)
        self.sendUpdates = sendUpdates
        self.operation = operation
        self.run = run
        generation = base == nil ? 0 : StoredResource.unseen
    }
}
