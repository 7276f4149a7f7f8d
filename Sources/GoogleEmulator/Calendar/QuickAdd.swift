import LosslessJSON
import TandemFormats

/// Reads a sentence such as "Lunch with Bob tomorrow 12:30-13:30".
///
/// It knows today, tomorrow, weekdays, ISO dates, times of day with or without am and pm, and
/// ranges of times; Google knows more.
struct QuickAdd {
    let summary: String
    let start: EventMoment
    let end: EventMoment

    private var words: [Substring]
    private var date: WallTime
    private var foundDate = false

    /// - Parameters:
    ///   - text: The sentence.
    ///   - now: The present in seconds since 1970.
    ///   - zoneName: The zone in which the sentence is meant.
    /// - Throws: 400 `required` for an empty text.
    init(_ text: String, now: Int64, zoneName: String) throws(GoogleFailure) {
        let zone = Zones.rules(zoneName) ?? .utc
        let present = zone.wall(atUTCSeconds: now)
        words = text.split { $0.isWhitespace }
        guard !words.isEmpty else { throw .requiredParameter("text") }
        date = present.startOfDay
        var times: [Int] = []
        var kept: [Substring] = []
        let all = words
        for word in all {
            let plain = word.lowercased().filter { $0 != "," }
            if let day = Self.day(plain, after: present.startOfDay) {
                date = day
                foundDate = true
            } else if let found = Self.times(plain), times.isEmpty {
                times = found
            } else {
                kept.append(word)
            }
        }
        while let last = kept.last, ["at", "on", "from", "um", "à"].contains(last.lowercased()) {
            kept.removeLast()
        }
        summary = kept.joined(separator: " ")
        guard let first = times.first else {
            let next = date.adding(days: 1) ?? date
            start = foundDate ? .date(date) : Self.moment(present, zone, zoneName)
            end =
                foundDate
                ? .date(next)
                : Self.moment(present.adding(seconds: 3600) ?? present, zone, zoneName)
            return
        }
        let last = times.count > 1 ? times[1] : first + 60
        let begin = date.adding(seconds: first * 60) ?? date
        let finish = date.adding(seconds: (last <= first ? last + 1440 : last) * 60) ?? begin
        start = Self.moment(begin, zone, zoneName)
        end = Self.moment(finish, zone, zoneName)
    }

    private static func moment(_ wall: WallTime, _ zone: ZoneRules, _ name: String) -> EventMoment {
        .dateTime(utcSeconds: zone.utcSeconds(of: wall), zone: name)
    }

    private static let weekdays = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ]

    private static func day(_ word: String, after today: WallTime) -> WallTime? {
        switch word {
        case "today": return today
        case "tomorrow": return today.adding(days: 1)
        default: break
        }
        if let index = weekdays.firstIndex(of: word) {
            let ahead = (index + 1 - today.weekday + 7) % 7
            return today.adding(days: ahead == 0 ? 7 : ahead)
        }
        return WallTime(date: word)
    }

    /// Minutes since midnight of one time or of two with a dash between them.
    private static func times(_ word: String) -> [Int]? {
        let parts = word.split { $0 == "-" || $0 == "–" }
        guard (1...2).contains(parts.count) else { return nil }
        let minutes = parts.compactMap { minute(String($0)) }
        guard minutes.count == parts.count else { return nil }
        return minutes
    }

    private static func minute(_ word: String) -> Int? {
        let half = word.hasSuffix("pm") ? 12 : word.hasSuffix("am") ? 0 : nil
        let digits = half == nil ? word[...] : word.dropLast(2)
        let parts = digits.split(separator: ":", omittingEmptySubsequences: false)
        guard half != nil || parts.count == 2, let first = parts.first, let hour = Int(first),
            (0...23).contains(hour)
        else { return nil }
        let minute = parts.count == 2 ? Int(parts[1]) : 0
        guard let minute, (0...59).contains(minute), parts.count <= 2 else { return nil }
        guard let half else { return hour * 60 + minute }
        guard (1...12).contains(hour) else { return nil }
        return (hour % 12 + half) * 60 + minute
    }
}
