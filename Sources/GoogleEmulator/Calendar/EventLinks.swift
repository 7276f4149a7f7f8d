import Foundation

/// Addresses that events carry.
enum EventLinks {
    /// The page of an event in Google's calendar.
    static func html(eventID: String, calendarID: String) -> String {
        "https://www.google.com/calendar/event?eid="
            + base64URL(Array("\(eventID) \(calendarID)".utf8))
    }

    /// Base 64 for URLs, without padding.
    ///
    /// - SeeAlso: RFC 4648 section 5.
    static func base64URL(_ bytes: [UInt8]) -> String {
        String(
            Data(bytes).base64EncodedString().compactMap { character -> Character? in
                switch character {
                case "+": "-"
                case "/": "_"
                case "=": nil
                default: character
                }
            })
    }

    /// The bytes of a base 64 text for URLs; `nil` if it is not one.
    static func bytes(base64URL text: String) -> [UInt8]? {
        guard text.utf8.allSatisfy({ Alphabet.base64URL.contains($0) }) else { return nil }
        var standard = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        return Data(base64Encoded: standard).map(Array.init)
    }
}
