/// Percent-encoding as URLs and HTML forms use it.
///
/// - SeeAlso: RFC 3986 section 2.1; WHATWG URL, "application/x-www-form-urlencoded".
enum PercentCoding {
    /// The decoded text; `nil` if a percent sign has no two hexadecimal digits or the result is
    /// not UTF-8.
    static func decode(_ text: some StringProtocol, plusIsBlank: Bool) -> String? {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") })
        else { return String(text) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var iterator = text.utf8.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = iterator.next().flatMap(hexValue),
                    let low = iterator.next().flatMap(hexValue)
                else { return nil }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsBlank:
                bytes.append(UInt8(ascii: " "))
            default:
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// The text with everything but unreserved characters encoded.
    static func encode(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes.append(UInt8(ascii: "%"))
                bytes.append(upperHex[Int(byte >> 4)])
                bytes.append(upperHex[Int(byte & 15)])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let upperHex = Array("0123456789ABCDEF".utf8)

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension Substring {
    /// The parts around a character of ASCII, empty ones included, at most so many.
    ///
    /// What separates the parts of requests is a byte, whatever would combine with it: bytes are
    /// quicker to compare than characters, too.
    func parted(at separator: Unicode.Scalar, most: Int = .max) -> [Substring] {
        utf8.split(
            separator: UInt8(ascii: separator), maxSplits: most - 1,
            omittingEmptySubsequences: false
        ).map(Substring.init)
    }
}

/// The named values of a query or of an HTML form, in their order.
struct Parameters {
    private(set) var items: [(name: String, value: String)]

    /// Reads a query or a form; pieces that cannot be decoded are left out, as Google ignores
    /// what it does not know.
    init(formEncoded text: some StringProtocol) {
        items = Substring(text).parted(at: "&").compactMap { piece in
            if piece.isEmpty { return nil }
            let parts = piece.parted(at: "=", most: 2)
            guard let name = PercentCoding.decode(parts[0], plusIsBlank: true),
                let value = parts.count > 1
                    ? PercentCoding.decode(parts[1], plusIsBlank: true) : ""
            else { return nil }
            return (name, value)
        }
    }

    init(_ items: [(name: String, value: String)]) {
        self.items = items
    }

    /// The first value of that name.
    subscript(name: String) -> String? {
        items.first { $0.name == name }?.value
    }

    /// The first value of that name unless it is empty.
    func nonEmpty(_ name: String) -> String? {
        guard let value = self[name], !value.isEmpty else { return nil }
        return value
    }

    /// Every value of that name.
    func all(_ name: String) -> [String] {
        items.filter { $0.name == name }.map(\.value)
    }

    /// A whole number at least 1.
    ///
    /// - Throws: 400 `invalidParameter` with the parameter's name.
    func count(_ name: String, default standard: Int, max: Int) throws(GoogleFailure) -> Int {
        guard let text = nonEmpty(name) else { return min(standard, max) }
        guard let value = Int(text), value >= 1 else {
            throw .invalidParameter(
                name,
                "Invalid value '\(text)'. Values must be within the range: [1, 2147483647]")
        }
        return min(value, max)
    }

    /// `true` or `false`.
    ///
    /// - Throws: 400 `invalidParameter` with the parameter's name.
    func flag(_ name: String, default standard: Bool = false) throws(GoogleFailure) -> Bool {
        guard let text = nonEmpty(name) else { return standard }
        switch text.lowercased() {
        case "true", "1": return true
        case "false", "0": return false
        default: throw .invalidParameter(name, "Invalid boolean value: '\(text)'.")
        }
    }

    /// One of a few words; `nil` when it was not given.
    ///
    /// - Throws: 400 `invalidParameter` with the parameter's name.
    func choice(_ name: String, of allowed: [String]) throws(GoogleFailure) -> String? {
        guard let text = nonEmpty(name) else { return nil }
        guard allowed.contains(text) else {
            throw .invalidParameter(
                name,
                "Invalid string value: '\(text)'. Allowed values: "
                    + "[\(allowed.joined(separator: ", "))]")
        }
        return text
    }
}
