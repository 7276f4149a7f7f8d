/// Why the store refused or failed, and what to do about it; no content and no secret inside.
public struct StoreError: Error, Sendable, CustomStringConvertible {
    /// What sort of failure it is; more may come.
    public var code: Code
    /// What happened, and what to do about it.
    public var message: String
    /// The next thing to do or type, where there is one.
    public var remedy: String?
    /// What lay below it.
    public var cause: (any Error)?
    /// The database's own result code, extended where it has one; `nil` for failures of ours.
    public var resultCode: Int?

    /// Describes a failure.
    public init(
        _ code: Code, _ message: String, remedy: String? = nil, cause: (any Error)? = nil,
        resultCode: Int? = nil
    ) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.cause = cause
        self.resultCode = resultCode
    }

    /// The code and the message.
    public var description: String { "\(code): \(message)" }

    /// A sort of failure.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String {
            case full, io, corrupt, notAStore, unwritable, locked, newer, sealed, unsafeFile
            case constraint, notFound, stale, misuse, closed
        }
        private let base: Base
        private init(_ base: Base) { self.base = base }

        /// The word that programs read in `error.code`.
        public var description: String { base.rawValue }

        /// No space is left; nothing of the transaction was kept.
        public static let full = Self(.full)
        /// The disk answered with an error; nothing of the transaction was kept.
        public static let io = Self(.io)
        /// The file contradicts itself.
        public static let corrupt = Self(.corrupt)
        /// The file is no store of ours, or not a database at all.
        public static let notAStore = Self(.notAStore)
        /// The file or its folder may not be written.
        public static let unwritable = Self(.unwritable)
        /// Another process kept the store locked for longer than we wait.
        public static let locked = Self(.locked)
        /// A later version of the program made the store.
        public static let newer = Self(.newer)
        /// A sealed secret could not be opened: its key is missing, or it was tampered with.
        public static let sealed = Self(.sealed)
        /// The file is a link or belongs to somebody else, so that it is not trusted.
        public static let unsafeFile = Self(.unsafeFile)
        /// The rows would break a rule of the schema, such as a second row for one remote id.
        public static let constraint = Self(.constraint)
        /// There is no such row, or it belongs to another user.
        public static let notFound = Self(.notFound)
        /// The row changed after it was read; read it again and decide anew.
        public static let stale = Self(.stale)
        /// Our own code asked for something impossible.
        public static let misuse = Self(.misuse)
        /// The store was closed.
        public static let closed = Self(.closed)
    }
}

extension StoreError {
    /// A row that should be there is not, or belongs to somebody else.
    static func notFound(_ thing: String) -> Self {
        Self(.notFound, "There is no such \(thing) in the store.")
    }

    /// What to do about a store that is damaged.
    static let damageRemedy =
        "Keep a copy of the store's folder, then move it away and sync anew; what was not sent yet "
        + "is only in the copy."

    /// A row holds what no program of ours wrote.
    static func corruptRow(_ thing: String, cause: (any Error)? = nil) -> Self {
        Self(
            .corrupt, "The store holds a \(thing) that makes no sense.",
            remedy: damageRemedy, cause: cause)
    }
}
