public import LosslessJSON
public import TandemCore

/// One thing that happened to one resource, or one first listing.
public struct ChangeEntry: Hashable, Sendable {
    /// Its place in the log, growing; 0 until it is appended.
    public internal(set) var sequence: Int64
    /// Whose log it is in.
    public let user: UserID
    /// Through which account it happened.
    public let account: AccountID
    /// Where it happened.
    public let collection: CollectionID
    /// To what it happened; `nil` for a listing.
    public let resource: ResourceID?
    /// What sort of thing that is.
    public let kind: Kind
    /// What happened.
    public let verb: ChangeVerb
    /// Which side it came from.
    public let origin: ChangeOrigin
    /// What a person calls the resource; for a listing, the collection's name.
    public let title: String
    /// Who did it.
    public let actor: ChangeActor
    /// What changed, part by part.
    public let changes: [FieldChange]
    /// The whole version before, where undoing may need it.
    public let before: JSON?
    /// The whole version after, where undoing may need it.
    public let after: JSON?
    /// The run that wrote it.
    public let run: RunID?
    /// The local edit it stands for.
    public let operation: OperationID?
    /// Why something was deleted: never missing for a delete.
    public let cause: DeleteCause?
    /// How many things a listing brought.
    public let count: Int?
    /// When it was written here.
    public let at: Timestamp

    /// Gathers an entry; what is left out is empty.
    public init(
        user: UserID, account: AccountID, collection: CollectionID, resource: ResourceID?,
        kind: Kind, verb: ChangeVerb, origin: ChangeOrigin, title: String,
        actor: ChangeActor = .unknown, changes: [FieldChange] = [], before: JSON? = nil,
        after: JSON? = nil, run: RunID? = nil, operation: OperationID? = nil,
        cause: DeleteCause? = nil, count: Int? = nil, at: Timestamp
    ) {
        sequence = 0
        self.user = user
        self.account = account
        self.collection = collection
        self.resource = resource
        self.kind = kind
        self.verb = verb
        self.origin = origin
        self.title = title
        self.actor = actor
        self.changes = changes
        self.before = before
        self.after = after
        self.run = run
        self.operation = operation
        self.cause = cause
        self.count = count
        self.at = at
    }
}

/// What happened.
public enum ChangeVerb: String, Hashable, Sendable, CaseIterable {
    /// It was made.
    case created
    /// Parts of it changed.
    case updated
    /// It went to another collection.
    case moved
    /// It was deleted.
    case deleted
    /// It came back.
    case restored
    /// Somebody answered an invitation.
    case answered
    /// A collection was read for the first time.
    case listed
}

/// Which side a change came from.
public enum ChangeOrigin: String, Hashable, Sendable, CaseIterable {
    /// From here.
    case local
    /// From the provider.
    case remote
}

/// Who did something, as far as one can tell.
public struct ChangeActor: Hashable, Sendable {
    /// The name.
    public var name: String?
    /// The address.
    public var email: String?
    /// How sure it is.
    public var certainty: Certainty

    /// Names who did something.
    public init(name: String? = nil, email: String? = nil, certainty: Certainty) {
        self.name = name
        self.email = email
        self.certainty = certainty
    }

    /// Nobody can tell.
    public static let unknown = Self(certainty: .unknown)

    /// Whoever works with an account here.
    public init(_ account: Account?) {
        self.init(name: account?.name, email: account?.email, certainty: .known)
    }

    /// Somebody whom a resource names; nobody can tell where it names nobody.
    public init(_ person: Person?, certainty: Certainty) {
        guard let person else {
            self = .unknown
            return
        }
        self.init(name: person.name, email: person.email, certainty: certainty)
    }

    /// How sure it is who did something.
    public enum Certainty: String, Hashable, Sendable, CaseIterable {
        /// The provider said so, or it was done here.
        case known
        /// It follows from something else.
        case inferred
        /// Nobody can tell.
        case unknown
    }
}

/// One part of a resource before and after a change, in raw values.
public struct FieldChange: Hashable, Sendable {
    /// The part's name.
    public let field: String
    /// Its value before; `nil` where it had none.
    public let before: JSON?
    /// Its value after; `nil` where it has none.
    public let after: JSON?

    /// Gathers one part's change.
    public init(field: String, before: JSON?, after: JSON?) {
        self.field = field
        self.before = before
        self.after = after
    }
}

/// Why something was deleted.
public enum DeleteCause: Hashable, Sendable {
    /// A local edit asked for it.
    case operation(OperationID)
    /// The provider listed a tombstone.
    case tombstone
    /// A complete listing no longer had it.
    case sweep
    /// A person released a stopped mass delete.
    case released(HoldID)
    /// It was a copy of something that was there already, under this id.
    case adopted(ResourceID)

    /// The cause in a word, with the id of what it names: as it is stored.
    public var text: String {
        switch self {
        case .operation(let id): "operation:\(id)"
        case .tombstone: "tombstone"
        case .sweep: "sweep"
        case .released(let id): "hold:\(id)"
        case .adopted(let id): "copy:\(id)"
        }
    }

    init?(text: String) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        switch (parts.first, parts.count) {
        case ("operation", 2): self = .operation(OperationID(rawValue: parts[1]))
        case ("hold", 2): self = .released(HoldID(rawValue: parts[1]))
        case ("copy", 2): self = .adopted(ResourceID(rawValue: parts[1]))
        case ("tombstone", 1): self = .tombstone
        case ("sweep", 1): self = .sweep
        default: return nil
        }
    }
}
