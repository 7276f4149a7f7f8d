/// A place in the log: how far a feed was read, whether or not an activity stands there.
public struct FeedPlace: Hashable, Comparable, Sendable {
    let sequence: Int64

    /// Before everything.
    public static let start = Self(sequence: 0)

    /// The earlier place first.
    public static func < (left: Self, right: Self) -> Bool { left.sequence < right.sequence }
}

/// Where a mark lies in the log.
public enum MarkPlace: Hashable, Sendable {
    /// There.
    case known(FeedPlace)
    /// It was so long ago that its entry is forgotten; what followed it may be, too.
    case forgotten

    /// Where a reader goes on behind the mark: at what is kept, where it is forgotten.
    public var place: FeedPlace {
        switch self {
        case .known(let place): place
        case .forgotten: .start
        }
    }
}

/// A piece of a feed, oldest first.
public struct FeedPiece: Hashable, Sendable {
    /// The activities.
    public let activities: [Activity]
    /// How far the log was read for them: the next piece lies behind.
    public let end: FeedPlace
    /// Whether the log ended there.
    public let isLast: Bool
}
