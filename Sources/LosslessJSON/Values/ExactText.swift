import CSimdjson

/// Strings by their bytes.
///
/// Swift's `==` also equates strings that differ in normalisation (é as one scalar or as two), and
/// a change from one to the other must not be lost.
enum ExactText {
    static func same(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        return withBytes(of: left, right) { same($0, $1) }
    }

    @inline(__always)
    static func same(
        _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard left.count == right.count else { return false }
        guard let start = left.baseAddress, let other = right.baseAddress else { return true }
        return csj_same(start, other, left.count)
    }

    /// The order of the UTF-8 bytes, which is also that of the Unicode scalars.
    static func precedes(_ left: String, _ right: String) -> Bool {
        withBytes(of: left, right) { left, right in
            guard let start = left.baseAddress, let other = right.baseAddress else {
                return left.count < right.count
            }
            let order = csj_order(start, other, min(left.count, right.count))
            return order == 0 ? left.count < right.count : order < 0
        }
    }

    /// The first 8 bytes as a number that sorts like them; shorter texts are filled up with zeros.
    static func prefix(of text: String) -> UInt64 {
        var text = text
        return text.withUTF8 { bytes in
            var prefix: UInt64 = 0
            for place in 0..<min(8, bytes.count) {
                prefix |= UInt64(bytes[place]) << UInt64(56 - 8 * place)
            }
            return prefix
        }
    }

    static func hash(_ text: String, into hasher: inout Hasher) {
        var text = text
        hasher.combine(text.utf8.count)
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }

    @inline(__always)
    private static func withBytes<Answer>(
        of left: String, _ right: String,
        _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Answer
    ) -> Answer {
        var left = left
        var right = right
        return left.withUTF8 { leftBytes in right.withUTF8 { body(leftBytes, $0) } }
    }
}

/// A string as a dictionary key, by its bytes.
struct ExactKey: Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: ExactKey, right: ExactKey) -> Bool {
        ExactText.same(left.text, right.text)
    }

    func hash(into hasher: inout Hasher) { ExactText.hash(text, into: &hasher) }
}
