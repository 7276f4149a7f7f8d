/// How a feed is written.
public enum FeedFormat: String, Hashable, Sendable, CaseIterable {
    /// For people: in words, by day.
    case text
    /// For programs: one activity a line.
    case json
}
