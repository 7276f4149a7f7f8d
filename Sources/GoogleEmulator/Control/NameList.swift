/// Names in a sentence for people: the first few, and how many more there are.
enum NameList {
    /// More names than these nobody reads.
    static let shown = 8

    /// `a, b, c and 12 more`; one name more than ``shown`` is written out.
    static func text(_ names: [String]) -> String {
        guard names.count > shown + 1 else { return names.joined(separator: ", ") }
        return names.prefix(shown).joined(separator: ", ") + " and \(names.count - shown) more"
    }
}
