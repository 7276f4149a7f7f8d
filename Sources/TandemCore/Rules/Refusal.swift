/// The parts of an edit that a provider is known to keep from this account, and why.
public struct Refusal: Hashable, Sendable {
    /// The names of those parts, in the order of the rules' fields.
    public let fields: [String]
    /// Why, as a sentence without its end; it names nobody, so that an error may say it.
    public let reason: String
    /// Who may change them, as people call them; `nil` where nobody is named.
    public let keeper: String?

    /// Describes a refusal.
    public init(fields: [String], reason: String, keeper: String?) {
        self.fields = fields
        self.reason = reason
        self.keeper = keeper
    }

    /// The reason, and whose the parts are, as a whole sentence.
    public var text: String { keeper.map { "\(reason): \($0)." } ?? "\(reason)." }
}
