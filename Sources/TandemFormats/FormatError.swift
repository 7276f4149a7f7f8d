/// Why a text or a value could not be read as what it claims to be.
public struct FormatError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure, for callers that decide by it.
    public var code: Code
    /// What happened, and what to do about it; never holds whole bodies.
    public var message: String
    /// The part of the input at fault, at most 80 characters of it; nil where there is none.
    public var excerpt: String?

    /// Makes an error; `excerpt` is cut to 80 characters and freed of control characters.
    public init(code: Code, message: String, excerpt: String? = nil) {
        self.code = code
        self.message = message
        self.excerpt = excerpt.map(Self.cut)
    }

    /// The kind of a format failure; more kinds may come.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String { case date, zone, rule, limit }
        private let base: Base

        /// A date or time that does not exist, or is not written as its format asks.
        public static let date = Self(base: .date)
        /// A time zone that is not in the system's zone table.
        public static let zone = Self(base: .zone)
        /// A recurrence line that breaks RFC 5545.
        public static let rule = Self(base: .rule)
        /// Input larger than we accept.
        public static let limit = Self(base: .limit)

        /// The kind's name, such as `rule`.
        public var description: String { base.rawValue }
    }

    /// Code, message and excerpt on one line.
    public var description: String {
        excerpt.map { "\(code): \(message) (at \"\($0)\")" } ?? "\(code): \(message)"
    }

    private static func cut(_ text: String) -> String {
        let visible = text.unicodeScalars.prefix(80)
            .map { $0.value < 0x20 || $0.value == 0x7F ? "?" : Character($0) }
        return String(visible)
    }
}
