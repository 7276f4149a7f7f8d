/// Addresses that events carry.
enum EventLinks {
    /// The page of an event in Google's calendar.
    static func html(eventID: String, calendarID: String) -> String {
        "https://www.google.com/calendar/event?eid="
            + base64URL(Array("\(eventID) \(calendarID)".utf8))
    }

    /// The page of an instance, from that of its series: another event of the same calendar.
    static func html(eventID: String, like series: String) -> String {
        let parts = series.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let bytes = bytes(base64URL: String(parts[1])),
            let blank = bytes.firstIndex(of: UInt8(ascii: " "))
        else { return series }
        return parts[0] + "=" + base64URL(Array(eventID.utf8) + bytes[blank...])
    }

    /// Base 64 for URLs, without padding.
    ///
    /// - SeeAlso: RFC 4648 section 5.
    static func base64URL(_ bytes: [UInt8]) -> String {
        var digits: [UInt8] = []
        digits.reserveCapacity(bytes.count / 3 * 4 + 4)
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                digits.append(Alphabet.base64URL[Int(bits >> UInt32(count)) & 63])
            }
        }
        if count > 0 { digits.append(Alphabet.base64URL[Int(bits << UInt32(6 - count)) & 63]) }
        return String(decoding: digits, as: UTF8.self)
    }

    /// The value of each digit; 64 for bytes that are none.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 64, count: 256)
        for (value, digit) in Alphabet.base64URL.enumerated() {
            values[Int(digit)] = UInt8(value)
        }
        return values
    }()

    /// The bytes of a base 64 text for URLs; `nil` if it is not one.
    static func bytes(base64URL text: String) -> [UInt8]? {
        guard text.utf8.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 4 * 3 + 3)
        var bits: UInt32 = 0
        var count = 0
        for digit in text.utf8 {
            let value = values[Int(digit)]
            guard value < 64 else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }
}
