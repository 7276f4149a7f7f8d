public import TandemCore

/// Which resources a list shows; what is left out filters nothing.
public struct ResourceFilter: Hashable, Sendable {
    /// Only those in these collections; `nil` for all.
    public var collections: [CollectionID]?
    /// Only those of these kinds; `nil` for all.
    public var kinds: [Kind]?
    /// Only those in this state.
    public var state: ResourceState?
    /// Only those that end after this moment, in seconds since 1970 UTC.
    public var from: Int64?
    /// Only those that start before this moment, in seconds since 1970 UTC.
    public var to: Int64?
    /// Only those that contain all of these words, or words that begin so; read as words only.
    public var words: String?
    /// Whether those that are deleted, here or on both sides, and cancelled ones are shown too.
    public var includesDeleted: Bool
    /// At most so many; `nil` for all.
    public var limit: Int?
    /// In which order they come, and behind what.
    public var order: ResourceOrder

    /// Gathers a filter.
    public init(
        collections: [CollectionID]? = nil, kinds: [Kind]? = nil, state: ResourceState? = nil,
        from: Int64? = nil, to: Int64? = nil, words: String? = nil,
        includesDeleted: Bool = false, limit: Int? = nil, order: ResourceOrder = .id()
    ) {
        self.collections = collections
        self.kinds = kinds
        self.state = state
        self.from = from
        self.to = to
        self.words = words
        self.includesDeleted = includesDeleted
        self.limit = limit
        self.order = order
    }
}
