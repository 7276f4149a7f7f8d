/// Why a sync could not even begin, or had to break off.
public struct SyncError: Error, Sendable, CustomStringConvertible {
    /// What sort of failure it is; more may come.
    public var code: Code
    /// What happened, and what to do about it.
    public var message: String
    /// The next command to type, where there is one.
    public var remedy: String?

    /// Describes a failure.
    public init(_ code: Code, _ message: String, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    /// The code and the message.
    public var description: String { "\(code): \(message)" }

    /// A sort of failure.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String { case busy, leaseLost, notResolvable }
        private let base: Base
        private init(_ base: Base) { self.base = base }

        /// The word that programs read in `error.code`.
        public var description: String { base.rawValue }

        /// Another process works on the account.
        public static let busy = Self(.busy)
        /// The lease ran out while we worked, so another process may have begun.
        public static let leaseLost = Self(.leaseLost)
        /// What waits cannot be settled in the way that was asked for.
        public static let notResolvable = Self(.notResolvable)
    }
}
