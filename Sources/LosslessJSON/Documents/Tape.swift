import CSimdjson

/// Checked values of an input in the order of its text, a parent before its children.
typealias Tape = [csj_entry]

extension csj_entry {
    var kind: JSONKind {
        switch Int(info & 7) {
        case CSJ_BOOL: .bool
        case CSJ_NUMBER: .number
        case CSJ_STRING: .string
        case CSJ_ARRAY: .array
        case CSJ_OBJECT: .object
        default: .null
        }
    }

    /// A string has escapes; a number has a fraction or an exponent; a bool is true.
    var flag: Bool { info & 8 != 0 }

    /// Elements of an array or members of an object.
    var count: Int { Int(info >> 4) }

    /// The bytes of the value, or of a string with its quotes.
    var range: Range<Int> { Int(start)..<Int(end) }

    /// The bytes of a string without its quotes.
    var content: Range<Int> { Int(start) + 1..<Int(end) - 1 }
}

/// Turns bytes into a tape.
enum TapeScanner {
    /// Checks the whole input.
    ///
    /// - Parameters:
    ///   - bytes: The input.
    ///   - limits: How much of it is accepted.
    ///   - portable: Find the tokens without simdjson's vector code; tests compare the two.
    /// - Returns: The tape, never empty.
    /// - Throws: ``JSONError`` for the earliest fault.
    static func scan(
        _ bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits, portable: Bool = false
    ) throws(JSONError) -> Tape {
        let maxBytes = min(max(0, limits.maxBytes), Int(CSJ_MAX_LENGTH))
        guard bytes.count <= maxBytes else {
            throw JSONError(
                code: .size, offset: maxBytes,
                message: "The JSON has \(bytes.count) bytes, but no more than \(maxBytes) are "
                    + "accepted; ask for smaller pages, or raise the limit.")
        }
        guard let index = csj_index_make(bytes.baseAddress, bytes.count, portable) else {
            throw JSONError(faultOf: UInt32(CSJ_MEMORY), offset: 0)
        }
        defer { csj_index_free(index) }
        let maxDepth = min(max(0, limits.maxDepth), Int(CSJ_MAX_DEPTH))
        var report = csj_report()
        let tape = Tape(unsafeUninitializedCapacity: csj_index_capacity(index)) { room, filled in
            report = csj_index_walk(
                index, bytes.baseAddress, maxDepth, room.baseAddress, room.count)
            filled = report.entries
        }
        guard report.fault == UInt32(CSJ_OK) else {
            throw JSONError(faultOf: report.fault, offset: Int(report.offset))
        }
        return tape
    }
}
