/// One of our own ids: a ULID in 26 characters of Crockford's base 32, stable for ever.
///
/// `Thing` only tells the compiler which ids may be compared; it holds no value. Ids sort by the
/// time of their making.
/// - SeeAlso: The ULID specification, <https://github.com/ulid/spec>.
public struct Identifier<Thing>: Hashable, Sendable, RawRepresentable, Comparable,
    CustomStringConvertible
{
    /// The id's text.
    public let rawValue: String

    /// Takes an id as it was stored or typed; nothing is checked, so an unknown id finds nothing.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The id's text.
    public var description: String { rawValue }

    /// Orders ids by their text, which is the order of their making.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Names the things that have ids of their own.
public enum Entity {
    /// A person whose data the store keeps apart from everybody else's.
    public enum User {}
    /// One user at one provider.
    public enum Account {}
    /// What owns a cursor: a calendar, the list of calendars.
    public enum RemoteCollection {}
    /// One thing kept on both sides.
    public enum Resource {}
    /// One run of a command that wrote something.
    public enum Run {}
    /// One write, from its edit to the answer.
    public enum Operation {}
    /// One recorded clash of two values.
    public enum Conflict {}
    /// One stopped mass delete.
    public enum Hold {}
    /// One item set aside.
    public enum QuarantineEntry {}
}

/// The id of a user; the command line's own is ``UserID/local``.
public typealias UserID = Identifier<Entity.User>
/// The id of an account.
public typealias AccountID = Identifier<Entity.Account>
/// The id of a collection.
public typealias CollectionID = Identifier<Entity.RemoteCollection>
/// The id of a resource.
public typealias ResourceID = Identifier<Entity.Resource>
/// The id of a run.
public typealias RunID = Identifier<Entity.Run>
/// The id of an operation.
public typealias OperationID = Identifier<Entity.Operation>
/// The id of a conflict.
public typealias ConflictID = Identifier<Entity.Conflict>
/// The id of a hold.
public typealias HoldID = Identifier<Entity.Hold>
/// The id of a quarantine entry.
public typealias QuarantineID = Identifier<Entity.QuarantineEntry>

extension Identifier where Thing == Entity.User {
    /// The user of the command line, there from the first migration on.
    public static var local: Self { Self(rawValue: "local") }
}
