/// Percent-encoding as addresses and HTML forms use it.
///
/// - SeeAlso: RFC 3986 section 2; WHATWG URL Standard, "application/x-www-form-urlencoded".
public enum PercentCoding {
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Encodes every byte that is not unreserved (`A-Z a-z 0-9 - . _ ~`), upper-case.
    ///
    /// The result is safe as one path segment, as a query name or value, and as a form field.
    public static func encode(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if isUnreserved(byte) {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Decodes `%XX`; `nil` for a broken escape or for bytes that are not UTF-8.
    ///
    /// - Parameters:
    ///   - text: What to decode.
    ///   - plusIsSpace: Whether `+` stands for a space, as in forms and query strings.
    /// - Returns: The decoded text, or `nil`.
    public static func decode(_ text: String, plusIsSpace: Bool = false) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(hexValue),
                    let low = rest.next().flatMap(hexValue)
                else { return nil }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Joins fields to `name=value&…`, encoded, in the order given.
    public static func form(_ fields: [(String, String)]) -> String {
        fields.map { "\(encode($0.0))=\(encode($0.1))" }.joined(separator: "&")
    }

    /// Splits `name=value&…` into decoded fields; a field that cannot be decoded is left out.
    public static func fields(of form: String) -> [(name: String, value: String)] {
        form.split(separator: "&").compactMap { field in
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let first = parts.first, let name = decode(String(first), plusIsSpace: true)
            else { return nil }
            let raw = parts.count > 1 ? String(parts[1]) : ""
            guard let value = decode(raw, plusIsSpace: true) else { return nil }
            return (name, value)
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
