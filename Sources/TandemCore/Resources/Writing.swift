/// What a write does to the remote copy.
public enum IntentVerb: String, Hashable, Sendable, CaseIterable {
    /// Makes it.
    case create
    /// Changes some of its members.
    case patch
    /// Deletes it.
    case delete
    /// Takes it into another collection.
    case move
}

/// Whom the provider shall mail about a write; kept with the edit that asked for it.
public enum SendUpdates: String, Hashable, Sendable, CaseIterable, Comparable {
    /// Nobody: the default, so that no guest is mailed by surprise.
    case none
    /// Only guests outside the provider.
    case external
    /// Every guest.
    case all

    /// The narrower circle first.
    public static func < (left: Self, right: Self) -> Bool { left.width < right.width }

    private var width: Int {
        switch self {
        case .none: 0
        case .external: 1
        case .all: 2
        }
    }
}
