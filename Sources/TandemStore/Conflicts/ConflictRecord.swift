public import LosslessJSON
public import TandemCore

/// Two values that clashed: one is live, the other is kept here.
public struct ConflictRecord: Hashable, Sendable {
    /// Its id.
    public let id: ConflictID
    /// What it is about.
    public let resource: ResourceID
    /// The part that both changed; ``delete`` and ``slot`` are no parts but causes.
    public let field: String
    /// The value from here; `nil` where it has none here.
    public let mine: JSON?
    /// The value from there; `nil` where it has none there.
    public let theirs: JSON?
    /// The value both started from.
    public let base: JSON?
    /// Why the provider took the value from here not, in words for a person; `nil` where both sides
    /// changed it.
    public let refusal: String?
    /// When it was found.
    public let when: Timestamp
    /// When it was settled; `nil` while it waits.
    public var resolvedAt: Timestamp?
    /// How it was settled.
    public var resolution: ConflictResolution?

    /// The field of a clash between an edit and a delete.
    public static let delete = "delete"
    /// The field of an edit whose slot vanished from its series.
    public static let slot = "slot"
}

/// How a clash was settled.
public enum ConflictResolution: String, Hashable, Sendable, CaseIterable {
    /// The value from here was taken.
    case mine
    /// The value from there was taken.
    case theirs
    /// Both were kept, as two things.
    case both
    /// It no longer mattered, as when the thing was deleted.
    case moot
}
