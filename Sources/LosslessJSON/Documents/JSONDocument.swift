import CSimdjson

/// Bytes that were checked once, with a flat tape over them: cheap navigation without a tree.
///
/// Costs 16 bytes for each value and key, beside the input itself, which is not copied.
public struct JSONDocument: Sendable {
    let storage: Storage

    /// Checks the bytes from the first to the last.
    ///
    /// - Throws: ``JSONError`` if they are not one JSON value in UTF-8 (RFC 8259) within `limits`.
    ///   The earliest fault is reported. A byte order mark is refused, as RFC 8259 section 8.1
    ///   allows.
    public init(
        parsing bytes: [UInt8], limits: JSONLimits = .standard
    ) throws(JSONError) {
        let tape = try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) in
            try TapeScanner.scan(buffer, limits: limits)
        }
        storage = Storage(bytes: bytes, tape: tape)
    }

    /// The input, byte for byte.
    public var bytes: [UInt8] { storage.bytes }

    /// The value that the input is.
    public var root: JSONNode { JSONNode(storage: storage, position: 0) }

    /// What a document and its nodes share.
    final class Storage: Sendable {
        let bytes: [UInt8]
        let tape: Tape

        init(bytes: [UInt8], tape: Tape) {
            self.bytes = bytes
            self.tape = tape
        }
    }
}
