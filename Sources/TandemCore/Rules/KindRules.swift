public import LosslessJSON

/// What the engine and the store must know of one kind of resource; handed over by a connector.
///
/// Sync and Store know no kind by name: they ask these rules. Every function is pure and total: it
/// must take any JSON object, however odd, without trapping.
public protocol KindRules: Sendable {
    /// The kind the rules are for.
    var kind: Kind { get }

    /// The parts a resource of this kind is compared, merged and reported by, in a fixed order.
    var fields: [MergeField] { get }

    /// Names of top-level members that belong to the server, such as `etag` and `updated`: never
    /// compared, never sent.
    var serverOwned: Set<String> { get }

    /// The form in which equal contents look equal: instants compared as instants, defaults filled
    /// in, sets sorted, server-owned members left out.
    func canonical(_ resource: JSON) -> JSON

    /// Refuses a resource that the provider would refuse, before it is stored.
    /// - Throws: ``TandemError`` with code `invalid` and the remedy.
    func validate(_ resource: JSON) throws(TandemError)

    /// What the store keeps beside the JSON for look-ups; written in the same transaction.
    func projection(of resource: JSON) -> Projection

    /// Whether the provider calls the resource gone: a tombstone that lists may contain.
    func isTombstone(_ resource: JSON) -> Bool

    /// The name the provider gives the resource, `nil` where the JSON has none.
    func remoteID(of resource: JSON) -> RemoteID?

    /// The provider's mark of the version, `nil` where the JSON has none.
    func etag(of resource: JSON) -> ETag?

    /// The collection that the resource itself belongs to, by the provider's name, where copies of
    /// it may lie in others; `nil` where nothing tells.
    func home(of resource: JSON) -> RemoteID?

    /// The RFC 7396 merge patch that makes the provider's copy of `base` into `edited`.
    func patch(from base: JSON, to edited: JSON) -> JSON

    /// Makes a name for a resource created here; `nil` where the provider chooses names.
    func makeRemoteID(for resource: JSON, random: any RandomSource) -> RemoteID?

    /// Whether a resource whose remote copy was deleted while it was edited here may be created
    /// anew without asking: not where guests would see it, nor where somebody else organises it.
    func mayRecreate(_ resource: JSON) -> Bool

    /// The resource as it is created anew under `remoteID`, on its own: without what the server
    /// owned, and no longer an exception of a series.
    func recreated(_ resource: JSON, as remoteID: RemoteID?) -> JSON

    /// The part of an edit that is sent where the provider forbids the rest, such as one's own
    /// answer to an invitation; `nil` where nothing of it may be sent.
    func ownPart(of edited: JSON, base: JSON) -> JSON?

    /// What of an edit the provider is known to keep from this account; `nil` where it may take all
    /// of it. `series` is the series of an instance whose own version does not say whose it is.
    func refusal(of edited: JSON, base: JSON, series: JSON?) -> Refusal?

    /// Whether `series` still has the slot that `exception` changes.
    func slotExists(for exception: JSON, in series: JSON) -> Bool

    /// The names of the fields that decide which slots a series has.
    var slotFields: Set<String> { get }

    /// An exception as the same slot of another series has it, under that slot's name; `nil` where
    /// the kind has no series.
    func exception(_ exception: JSON, of series: RemoteID) -> JSON?

    /// An instance as its provider keeps it once it was taken out of its series; `nil` where the kind
    /// has no series.
    func cancelled(_ exception: JSON) -> JSON?

    /// The addresses that a provider would mail about a change from `before` to `after`, sorted.
    func notified(before: JSON?, after: JSON?) -> [String]

    /// The addresses that a provider would mail about a move of the resource into another
    /// collection, sorted.
    func notified(moving resource: JSON) -> [String]

    /// The collection that a resource stands for: an entry of a list of calendars has events.
    func collection(for resource: JSON) -> CollectionDraft?

    /// Who made the resource, as it says itself; `nil` where it does not.
    func maker(of resource: JSON) -> Person?

    /// Whom an element of a list of people stands for; `nil` where it names nobody.
    func person(_ element: JSON) -> Person?
}

extension KindRules {
    /// Nothing tells: most kinds have no copies.
    public func home(of resource: JSON) -> RemoteID? { nil }

    /// Nothing is known: most kinds belong to nobody else.
    public func refusal(of edited: JSON, base: JSON, series: JSON?) -> Refusal? { nil }

    /// None: most kinds have no series.
    public var slotFields: Set<String> { [] }

    /// Nothing: most kinds have no series.
    public func exception(_ exception: JSON, of series: RemoteID) -> JSON? { nil }

    /// Nothing: most kinds have no series.
    public func cancelled(_ exception: JSON) -> JSON? { nil }

    /// Nobody: most kinds have no guests.
    public func notified(moving resource: JSON) -> [String] { [] }

    /// What differs, without what the server owns.
    public func patch(from base: JSON, to edited: JSON) -> JSON {
        var patch = JSON.patch(from: base, to: edited)
        for name in serverOwned { patch[name] = .none }
        return patch
    }
}

/// One part of a resource: which members it covers, and how two edits of it merge.
public struct MergeField: Hashable, Sendable {
    /// The name that conflicts, activities and `changes` show.
    public let name: String
    /// The members it covers, as RFC 6901 pointers; one move together.
    public let members: [JSONPointer]
    /// How it merges.
    public let merging: Merging

    /// Names a part.
    public init(_ name: String, _ members: [JSONPointer], _ merging: Merging) {
        self.name = name
        self.members = members
        self.merging = merging
    }

    /// How two edits of one part come together.
    public enum Merging: Hashable, Sendable {
        /// Three-way as a whole: one value, or several members that only make sense together.
        case whole
        /// A list whose elements are told apart by the text of one member: merged element by
        /// element. Where `ownFlag` is true on an element, `ownMember` of it belongs to this side.
        case keyedList(by: String, ownFlag: String?, ownMember: String?)
        /// An object merged member by member.
        case keyedObject
        /// Belongs to this side, so the local value wins without a conflict.
        case ownSide
    }
}

/// What the store keeps beside a resource's JSON.
public struct Projection: Hashable, Sendable {
    /// What a person calls the resource.
    public var title: String
    /// The words it is found by, those of its title among them.
    public var searchText: String
    /// When it happens, in seconds since 1970 UTC: from the first start to the last end,
    /// `Int64.max` where a series is endless; `nil` for things without a time.
    public var span: Range<Int64>?
    /// Whether it is a series, so that a window's instances have to be worked out.
    public var isSeries: Bool
    /// The series it is an exception of, and the slot it fills.
    public var exception: ExceptionLink?
    /// Whether the resource stands for something cancelled, such as a removed instance.
    public var isCancelled: Bool
    /// The id it has wherever it was copied to: an event's iCalUID.
    public var globalID: String?

    /// Gathers a projection; what is left out is empty.
    public init(
        title: String, searchText: String = "", span: Range<Int64>? = nil, isSeries: Bool = false,
        exception: ExceptionLink? = nil, isCancelled: Bool = false, globalID: String? = nil
    ) {
        self.title = title
        self.searchText = searchText
        self.span = span
        self.isSeries = isSeries
        self.exception = exception
        self.isCancelled = isCancelled
        self.globalID = globalID
    }
}

/// Which instance of which series an exception stands for.
public struct ExceptionLink: Hashable, Sendable {
    /// The series' remote id.
    public let series: RemoteID
    /// The slot as the provider's id suffix writes it, such as `20261109T090000Z`.
    public let slot: String

    /// Links an exception to its series.
    public init(series: RemoteID, slot: String) {
        self.series = series
        self.slot = slot
    }
}

/// A collection as a connector announces it.
public struct CollectionDraft: Hashable, Sendable {
    /// The provider's name for it.
    public var remoteID: RemoteID
    /// What it contains.
    public var kind: Kind
    /// What a person calls it.
    public var name: String
    /// What this account may do there.
    public var access: CollectionAccess
    /// The zone its times are shown in, an IANA name; `nil` for things without a time.
    public var timeZone: String?

    /// Gathers a draft.
    public init(
        remoteID: RemoteID, kind: Kind, name: String, access: CollectionAccess,
        timeZone: String? = nil
    ) {
        self.remoteID = remoteID
        self.kind = kind
        self.name = name
        self.access = access
        self.timeZone = timeZone
    }
}

/// What an account may do in a collection.
public enum CollectionAccess: String, Hashable, Sendable, CaseIterable {
    /// Only busy times are shown.
    case freeBusy
    /// May read.
    case read
    /// May read and write.
    case write
    /// May also change the collection itself.
    case own

    /// Whether a write may be attempted.
    public var allowsWriting: Bool { self == .write || self == .own }
}

/// The rules of all kinds that connectors handed over.
public struct Rulebook: Sendable {
    private let rules: [Kind: any KindRules]

    /// Gathers rules; of two for one kind the later counts.
    public init(_ rules: [any KindRules]) {
        self.rules = Dictionary(rules.map { ($0.kind, $0) }) { _, later in later }
    }

    /// The rules of `kind`.
    /// - Throws: ``TandemError`` with code `unknownKind`, for a store made by a program with more
    ///   connectors.
    public func rules(for kind: Kind) throws(TandemError) -> any KindRules {
        guard let found = rules[kind] else {
            throw TandemError(
                .unknownKind,
                "This program has no rules for resources of kind '\(kind)'; "
                    + "use the version of tandem that made the store.")
        }
        return found
    }
}
