public import TandemCore

/// A mass delete that was stopped until a person decides.
public struct HoldRecord: Hashable, Sendable {
    /// Its id.
    public let id: HoldID
    /// Where it was stopped.
    public let collection: CollectionID
    /// Which side asks for the deletes.
    public let direction: HoldDirection
    /// How many deletes it stops: what was withdrawn meanwhile no longer counts.
    public var deletes: Int { resources.count }
    /// How many things there were.
    public let of: Int
    /// When it was stopped.
    public let when: Timestamp
    /// What a person decided; `nil` while it waits.
    public var decision: HoldDecision?
    /// When it was decided.
    public var decidedAt: Timestamp?
    /// What was to be deleted, by id.
    public let resources: [ResourceID]
}

/// Which side asks for deletes.
public enum HoldDirection: String, Hashable, Sendable, CaseIterable {
    /// They were made here and are not sent.
    case push
    /// They came from the provider and are not applied here.
    case pull
}

/// What became of a stopped mass delete.
public enum HoldDecision: String, Hashable, Sendable, CaseIterable {
    /// A person let the deletes happen.
    case released
    /// A person forbade them.
    case refused
    /// The provider no longer asks for them.
    case lifted
}
