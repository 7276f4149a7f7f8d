public import LosslessJSON
public import TandemCore
public import TandemStore

/// What undoing a run came to.
public struct UndoOutcome: Sendable {
    /// What was changed, as it now is, in the order in which it was undone.
    public var changed: [StoredResource] = []
    /// What stayed as it is, and why.
    public var kept: [KeptChange] = []
}

/// A change of a run that was not undone.
public struct KeptChange: Hashable, Sendable {
    /// What it is about; `nil` where the run read a whole collection for the first time.
    public var resource: ResourceID?
    /// What a person calls that.
    public var title: String
    /// The part, where it is about one alone.
    public var field: String?
    /// Why it stayed.
    public var reason: Reason
    /// Why, in words for a person, where more is known than the reason.
    public var message: String?
    /// What it was before the run, where it is about a part.
    public var before: JSON?
    /// What it is now, where it is about a part.
    public var now: JSON?

    /// Why a change stayed.
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        /// It was changed again since, which is not overwritten.
        case changedSince
        /// It was deleted since.
        case deletedSince
        /// It was brought back since, or made anew.
        case restoredSince
        /// It is forgotten here.
        case forgotten
        /// A collection itself, or its first reading, which no edit of a thing undoes.
        case collection
        /// An instance that somebody else changed: what its series said of it is not known.
        case instance
        /// Its series is gone.
        case seriesGone
        /// It is not this account's to change.
        case notOurs
        /// It cannot be stored so any more.
        case refused
    }
}
