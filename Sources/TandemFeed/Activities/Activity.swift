public import LosslessJSON
public import TandemCore
public import TandemStore

/// One thing that happened, as a feed tells it: who did what to what, where and when.
public struct Activity: Hashable, Sendable {
    /// Its name, which a reader can go on behind.
    public let id: FeedMark
    /// When it was written here.
    public let when: Timestamp
    /// What happened.
    public let verb: ChangeVerb
    /// What sort of thing it happened to.
    public let kind: Kind
    /// To what it happened; `nil` where a collection was read for the first time.
    public let item: ResourceID?
    /// What a person calls that; of a first reading, the collection's name.
    public let title: String
    /// Who did it, and how sure that is.
    public let actor: ChangeActor
    /// Which side it came from.
    public let origin: ChangeOrigin
    /// What changed, part by part, whole values before and after.
    ///
    /// A move names the collection before and after as ``Place/json`` does.
    public let changes: [FieldChange]
    /// The name of the account through which it happened; empty where that is gone.
    public let account: String
    /// Where it happened; of a move, where it went.
    public let collection: Place
    /// Why something was deleted: never missing for a delete.
    public let cause: DeleteCause?
    /// The run that wrote it.
    public let run: RunID?
    /// How many things a first reading brought.
    public let count: Int?

    /// A collection by its id and its name.
    public struct Place: Hashable, Sendable {
        /// Our id.
        public let id: CollectionID
        /// What a person calls it; empty where it is gone.
        public let name: String

        /// Names a collection.
        public init(id: CollectionID, name: String) {
            self.id = id
            self.name = name
        }

        /// The collection as programs read it.
        public var json: JSON { ["id": .string(id.rawValue), "name": .string(name)] }
    }

    /// Makes an activity of an entry of the log; pure.
    ///
    /// - Parameters:
    ///   - entry: The entry, as it was read from the log.
    ///   - names: What accounts and collections are called.
    public init(_ entry: ChangeEntry, names: FeedNames) {
        id = FeedMark(sequence: entry.sequence, moment: entry.at)
        when = entry.at
        verb = entry.verb
        kind = entry.kind
        item = entry.resource
        title = entry.title
        actor = entry.actor
        origin = entry.origin
        changes = entry.changes.map { Self.shown($0, of: entry.verb, names: names) }
        account = names.accounts[entry.account] ?? ""
        collection = Self.place(entry.collection, names: names)
        cause = entry.cause
        run = entry.run
        count = entry.count
    }

    /// Whether an entry only carries out an edit that was told when it was made.
    ///
    /// What follows from an edit once it is sent, such as that a deleted series takes its exceptions
    /// along, is written under the edit's name, but in another run.
    ///
    /// - Parameters:
    ///   - entry: The entry.
    ///   - start: Where the edit that it stands for begins in the log; `nil` where that is forgotten.
    /// - Returns: Whether it is no activity of its own.
    static func carriesOut(_ entry: ChangeEntry, editFrom start: OperationStart?) -> Bool {
        guard entry.origin == .local, let start else { return false }
        return start.sequence < entry.sequence && start.run != entry.run
    }

    private static func place(_ id: CollectionID, names: FeedNames) -> Place {
        Place(id: id, name: names.collections[id] ?? "")
    }

    /// A part's change; of a move, which the log keeps by our ids, with the collections' names.
    private static func shown(
        _ change: FieldChange, of verb: ChangeVerb, names: FeedNames
    ) -> FieldChange {
        guard change.field == FieldChange.placeName,
            let before = change.before?.string.map(CollectionID.init),
            let after = change.after?.string.map(CollectionID.init),
            // A part of the resource may be called so, too.
            verb == .moved || names.collections[before] != nil
        else { return change }
        return FieldChange(
            field: change.field, before: place(before, names: names).json,
            after: place(after, names: names).json)
    }
}
