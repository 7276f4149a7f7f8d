/// The name a provider knows a resource or collection by; opaque to us.
///
/// Names are told apart by their bytes, as providers and the store do: two that Unicode counts as
/// one text, such as é in one scalar and in two, are two names.
public struct RemoteID: Hashable, Sendable, RawRepresentable, Comparable, CustomStringConvertible {
    /// The provider's text.
    public let rawValue: String
    /// Takes the provider's text as it is.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The provider's text.
    public var description: String { rawValue }

    /// Whether both have the same bytes.
    public static func == (left: Self, right: Self) -> Bool {
        left.rawValue.utf8.elementsEqual(right.rawValue.utf8)
    }

    /// Feeds the bytes, which is what makes names equal.
    public func hash(into hasher: inout Hasher) {
        var text = rawValue
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }

    /// Orders by bytes, so that decisions do not hang on a hash's order.
    public static func < (left: Self, right: Self) -> Bool {
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }
}

/// The remote's mark of a version: differing does not prove a change, so contents are compared.
public struct ETag: Hashable, Sendable, RawRepresentable {
    /// The mark as it came, quotes included.
    public let rawValue: String
    /// Takes the mark as it came.
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// How far we have read one remote collection: store it, send it back, never parse it.
public struct Cursor: Hashable, Sendable, RawRepresentable {
    /// The provider's text.
    public let rawValue: String
    /// Takes the provider's text as it is.
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// What sort of thing a resource is.
public struct Kind: Hashable, Sendable, RawRepresentable, Comparable, CustomStringConvertible {
    /// The word that programs read in `kind`.
    public let rawValue: String
    /// Names a kind by its word.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The word that programs read in `kind`.
    public var description: String { rawValue }
    /// Orders by the word.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// An entry of a user's list of calendars.
    public static let calendar = Self(rawValue: "calendar")
    /// A calendar event: a single one, a series or an exception of a series.
    public static let event = Self(rawValue: "event")
}
