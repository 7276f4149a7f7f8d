import TandemCore

/// The name of an activity, stable for ever, and a mark of how far a feed was read.
///
/// It names an entry of the log by its place and its moment, so that a mark from another store, or
/// from what a store held before an older copy of it was restored, is not taken for one of this.
/// Its text is opaque: keep it and give it back.
public struct FeedMark: Hashable, Sendable, CustomStringConvertible {
    /// The entry's place in the log.
    let sequence: Int64
    /// When the entry was written.
    let moment: Timestamp

    private static let radix = 36

    init(sequence: Int64, moment: Timestamp) {
        self.sequence = sequence
        self.moment = moment
    }

    /// Reads a mark; `nil` for a text that no feed gives.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", maxSplits: 1).map(String.init)
        guard parts.count == 2, let sequence = Int64(parts[0], radix: Self.radix), sequence > 0,
            let milliseconds = Int64(parts[1], radix: Self.radix)
        else { return nil }
        self.init(sequence: sequence, moment: Timestamp(milliseconds: milliseconds))
        // Each mark has one spelling, so that equal marks are equal texts.
        guard self.text == text else { return nil }
    }

    /// The mark's text: lower-case letters, digits and hyphens.
    public var text: String {
        String(sequence, radix: Self.radix) + "-"
            + String(moment.milliseconds, radix: Self.radix)
    }

    /// The mark's text.
    public var description: String { text }
}
