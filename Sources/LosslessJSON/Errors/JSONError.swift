/// Why some bytes are no JSON that we accept, or a text no JSON Pointer.
///
/// Carries no part of the input, which may be private: only where to look.
public struct JSONError: Error, Hashable, Sendable {
    /// What kind of fault it is; switch on this, with a default.
    public let code: Code
    /// Where the fault lies: bytes from the start of the input, whose length if it ended too early.
    public let offset: Int
    /// What is wrong and what to do, for people.
    public let message: String

    /// Makes an error.
    public init(code: Code, offset: Int, message: String) {
        self.code = code
        self.offset = offset
        self.message = message
    }

    /// The kinds of faults; more can come.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base {
            case syntax, depth, size, utf8, number, escape, trailing, pointer
        }
        private let base: Base

        /// Not the grammar of RFC 8259; also a bare control character in a string.
        public static let syntax = Self(base: .syntax)
        /// Nested deeper than ``JSONLimits/maxDepth``.
        public static let depth = Self(base: .depth)
        /// More bytes than ``JSONLimits/maxBytes``, or than memory can hold.
        public static let size = Self(base: .size)
        /// Not UTF-8 as in RFC 3629.
        public static let utf8 = Self(base: .utf8)
        /// A number against the grammar of RFC 8259, section 6.
        public static let number = Self(base: .number)
        /// An unknown escape in a string, or one that is half a surrogate pair.
        public static let escape = Self(base: .escape)
        /// More than white space after the value.
        public static let trailing = Self(base: .trailing)
        /// Not a JSON Pointer as in RFC 6901, section 3.
        public static let pointer = Self(base: .pointer)

        /// The name of the code.
        public var description: String { "\(base)" }
    }
}

extension JSONError: CustomStringConvertible {
    /// Message, code and place in one line.
    public var description: String { "\(message) (\(code) at byte \(offset))" }
}
