/// A decimal number as 0.DIGITS × 10^point, without leading or trailing zeros among the digits, so
/// that equal numbers are equal values.
struct NormalNumber: Hashable {
    var isNegative: Bool
    var digits: [UInt8]  // 0–9 each; none for zero.
    var point: Int

    /// Beyond this an exponent is not computed with; no text that fits in memory shifts it back.
    private static let mostExponent: UInt = 1_000_000_000_000

    /// Reads a text that is a JSON number; `nil` if its exponent is absurd.
    init?(_ text: String) {
        isNegative = false
        digits = []
        point = 0
        var exponent: Int? = 0
        var rest = Substring(text).utf8
        var afterPoint = false
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "."): afterPoint = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits.append(byte - UInt8(ascii: "0"))
                if !afterPoint { point += 1 }
            default:
                exponent = Int(Substring(rest))
                rest = Substring().utf8
            }
        }
        guard normalise(exponent: exponent) else { return nil }
    }

    /// - Parameter exponent: `nil` if it is too large for an integer; to zero it does not matter.
    /// - Returns: Whether the number could be normalised.
    private mutating func normalise(exponent: Int?) -> Bool {
        let zeros = digits.prefix { $0 == 0 }.count
        digits.removeFirst(zeros)
        while digits.last == 0 { digits.removeLast() }
        guard !digits.isEmpty else {
            isNegative = false
            point = 0
            return true
        }
        guard let exponent, exponent.magnitude <= Self.mostExponent else { return false }
        point += exponent - zeros
        return true
    }

    /// The value, if it is whole and within the range.
    var int: Int64? {
        guard digits.count <= point || digits.isEmpty, point <= 19 else { return nil }
        var value: Int64 = 0
        for place in 0..<point {
            let digit = place < digits.count ? Int64(digits[place]) : 0
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tenfold.subtractingReportingOverflow(digit)
            guard !overflow, !carry else { return nil }
            value = sum  // Counted downwards, since the least Int64 has no positive twin.
        }
        guard !isNegative else { return value }
        let (positive, overflow) = Int64(0).subtractingReportingOverflow(value)
        return overflow ? nil : positive
    }

    /// The one text of this number: laid out as ECMA-262, Number::toString, lays out doubles, but
    /// with all digits that there are.
    var text: String {
        guard !digits.isEmpty else { return "0" }
        let sign = isNegative ? "-" : ""
        let figures = String(decoding: digits.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
        let zeros = { (count: Int) in String(repeating: "0", count: count) }
        switch point {
        case 1...21 where digits.count <= point:
            return sign + figures + zeros(point - digits.count)
        case 1...21:
            return sign + figures.prefix(point) + "." + figures.dropFirst(point)
        case -5...0:
            return sign + "0." + zeros(-point) + figures
        default:
            let rest = figures.dropFirst()
            let exponent = point - 1
            return sign + figures.prefix(1) + (rest.isEmpty ? "" : "." + rest) + "e"
                + (exponent < 0 ? "" : "+") + String(exponent)
        }
    }
}
