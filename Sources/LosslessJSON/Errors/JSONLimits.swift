/// How much JSON a parse accepts.
public struct JSONLimits: Hashable, Sendable {
    /// The longest input in bytes; the parser itself takes no more than 512 MiB less one byte.
    public var maxBytes: Int
    /// The deepest nesting: 1 admits an array of scalars; at most 512, since trees are walked by
    /// recursion.
    public var maxDepth: Int

    /// Makes limits; 64 MiB and 64 levels if not said otherwise.
    public init(maxBytes: Int = 64 << 20, maxDepth: Int = 64) {
        self.maxBytes = maxBytes
        self.maxDepth = maxDepth
    }

    /// 64 MiB and 64 levels: room for some 80,000 calendar events in one input.
    public static let standard = JSONLimits()
}
