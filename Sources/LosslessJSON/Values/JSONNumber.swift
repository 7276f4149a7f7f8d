/// A JSON number, kept as the text it was written in.
///
/// Equality is that of the texts: `1` and `1.0` differ.
public struct JSONNumber: Hashable, Sendable {
    /// The number as RFC 8259, section 6, writes it.
    public let text: String

    /// Takes a text over, `nil` if it is not a JSON number.
    public init?(text: String) {
        guard Self.isNumber(text) else { return nil }
        self.text = text
    }

    /// Makes a whole number.
    public init(_ value: Int) { text = String(value) }

    /// Makes a whole number.
    public init(_ value: Int64) { text = String(value) }

    /// Takes the shortest text that gives the same double, `nil` for infinities and NaN.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        text = "\(value)"
    }

    /// Takes over what the scanner has checked.
    init(checked text: String) { self.text = text }

    /// The value if it is a whole number within the range, however it is written (`1e2`, `5.0`).
    public var int: Int64? { Self.int(of: text) }

    /// The nearest double; `nil` if the number is too large for one.
    public var double: Double? { Self.double(of: text) }

    static func int(of text: String) -> Int64? {
        Int64(text) ?? NormalNumber(text)?.int
    }

    static func double(of text: String) -> Double? {
        Double(text).flatMap { $0.isFinite ? $0 : nil }
    }

    private static func isNumber(_ text: String) -> Bool {
        var rest = Substring(text).utf8
        _ = take(&rest, "-")
        if !take(&rest, "0") {
            guard takeDigits(&rest) else { return false }
        }
        if take(&rest, ".") {
            guard takeDigits(&rest) else { return false }
        }
        if take(&rest, "e") || take(&rest, "E") {
            _ = take(&rest, "+") || take(&rest, "-")
            guard takeDigits(&rest) else { return false }
        }
        return rest.isEmpty
    }

    private static func take(_ rest: inout Substring.UTF8View, _ sign: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: sign) else { return false }
        rest.removeFirst()
        return true
    }

    private static func takeDigits(_ rest: inout Substring.UTF8View) -> Bool {
        let after = rest.drop { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        guard after.count < rest.count else { return false }
        rest = after
        return true
    }
}
