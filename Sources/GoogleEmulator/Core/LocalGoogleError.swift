/// Why the local Google could not be set up or told something.
public struct LocalGoogleError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public var code: Code
    /// What happened, and what to do about it.
    public var message: String

    /// The kinds of failure; more may come.
    public struct Code: Hashable, Sendable {
        private enum Base {
            case invalidConfiguration, invalidSeed, invalidSnapshot, notFound, invalidCommand
            case limitReached
        }
        private let base: Base
        /// The code as the control API writes it.
        var name: String { "\(base)" }
        /// A user, client or token of the configuration cannot be used.
        public static let invalidConfiguration = Self(base: .invalidConfiguration)
        /// Seed data is not of the documented shape.
        public static let invalidSeed = Self(base: .invalidSeed)
        /// A snapshot is not one, or of another format version.
        public static let invalidSnapshot = Self(base: .invalidSnapshot)
        /// The user, calendar or fault that was named does not exist.
        public static let notFound = Self(base: .notFound)
        /// A control command lacks something or holds something senseless.
        public static let invalidCommand = Self(base: .invalidCommand)
        /// There is no room for more of something; take some of it back first.
        public static let limitReached = Self(base: .limitReached)
    }

    /// Makes an error.
    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// The message alone.
    public var description: String { message }
}

extension LocalGoogleError {
    static func invalidCommand(_ message: String) -> Self {
        Self(code: .invalidCommand, message: message)
    }

    static func invalidSeed(_ message: String) -> Self {
        Self(code: .invalidSeed, message: message)
    }
}
