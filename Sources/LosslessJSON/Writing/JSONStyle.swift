/// How a tree is written.
public enum JSONStyle: Hashable, Sendable {
    /// Without white space.
    case compact
    /// Every element and member on a line of its own, 2 blanks for each level, no newline at the
    /// end.
    case pretty
}
