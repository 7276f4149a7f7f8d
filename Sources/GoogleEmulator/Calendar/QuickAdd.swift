import LosslessJSON
import TandemFormats

/// Reads a sentence such as "Lunch at Joe's on June 3rd 12:30-13:30".
///
/// It knows one day (today, tomorrow, a weekday, an ISO date, a month and a day with or without
/// a year), times of day with or without am and pm, and ranges of times; Google knows more. What is
/// left is the title, and what follows its last "at" the location.
struct QuickAdd {
    let summary: String
    let location: String?
    let start: EventMoment
    let end: EventMoment

    /// - Parameters:
    ///   - text: The sentence.
    ///   - now: The present in seconds since 1970.
    ///   - zoneName: The zone in which the sentence is meant.
    /// - Throws: 400 `required` for an empty text.
    init(_ text: String, now: Int64, zoneName: String) throws(GoogleFailure) {
        let zone = Zones.rules(zoneName) ?? .utc
        let present = zone.wall(atUTCSeconds: now)
        let words = text.split { $0.isWhitespace }
        guard !words.isEmpty else { throw .requiredParameter("text") }
        let read = Self.read(words, today: present.startOfDay)
        summary = read.rest.joined(separator: " ")
        location = Self.location(read.rest)
        let date = read.day ?? present.startOfDay
        guard let first = read.times.first else {
            let hour = present.adding(seconds: 3600) ?? present
            let next = date.adding(days: 1) ?? date
            start = read.day == nil ? Self.moment(present, zone, zoneName) : .date(date)
            end = read.day == nil ? Self.moment(hour, zone, zoneName) : .date(next)
            return
        }
        let last = read.times.count > 1 ? read.times[1] : first + 60
        let begin = date.adding(seconds: first * 60) ?? date
        let finish = date.adding(seconds: (last <= first ? last + 1440 : last) * 60) ?? begin
        start = Self.moment(begin, zone, zoneName)
        end = Self.moment(finish, zone, zoneName)
    }

    private static func moment(_ wall: WallTime, _ zone: ZoneRules, _ name: String) -> EventMoment {
        .dateTime(utcSeconds: zone.utcSeconds(of: wall), zone: name)
    }

    // MARK: Words

    /// What a sentence says: the first day, the first times, and all other words.
    private struct Reading {
        var day: WallTime?
        var times: [Int] = []
        var rest: [Substring] = []

        /// The words that lead to a day or a time, and say nothing without it.
        private static let leading: Set<String> = ["at", "on", "from", "um", "à"]

        mutating func dropLeading() {
            if let last = rest.last, Self.leading.contains(last.lowercased()) { rest.removeLast() }
        }
    }

    private static func read(_ words: [Substring], today: WallTime) -> Reading {
        let plain = words.map { $0.lowercased().filter { $0 != "," } }
        var reading = Reading()
        var index = 0
        while index < words.count {
            if reading.day == nil, let (day, count) = Self.day(plain[index...], today) {
                reading.dropLeading()
                reading.day = day
                index += count
                continue
            }
            if reading.times.isEmpty, let times = Self.times(plain[index]) {
                reading.dropLeading()
                reading.times = times
            } else {
                reading.rest.append(words[index])
            }
            index += 1
        }
        reading.dropLeading()
        return reading
    }

    /// What follows the last "at" of the title.
    private static func location(_ title: [Substring]) -> String? {
        guard let mark = title.lastIndex(where: { $0.lowercased() == "at" }), mark > 0 else {
            return nil
        }
        let place = title[(mark + 1)...].joined(separator: " ")
        return place.isEmpty ? nil : place
    }

    // MARK: Days

    private static let weekdays = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ]

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december",
    ]

    /// The day that words begin with, and how many of them name it.
    private static func day(
        _ words: ArraySlice<String>, _ today: WallTime
    ) -> (day: WallTime, count: Int)? {
        guard let word = words.first else { return nil }
        if word == "today" { return (today, 1) }
        if word == "tomorrow" { return today.adding(days: 1).map { ($0, 1) } }
        if let index = weekdays.firstIndex(of: word) {
            let ahead = (index + 1 - today.weekday + 7) % 7
            return today.adding(days: ahead == 0 ? 7 : ahead).map { ($0, 1) }
        }
        if let date = WallTime(date: word) { return (date, 1) }
        return dayOfMonth(Array(words.prefix(4)), today)
    }

    /// Reads "June 3rd", "June 3 2027", "3 June", "3rd of June 2027".
    private static func dayOfMonth(
        _ words: [String], _ today: WallTime
    ) -> (day: WallTime, count: Int)? {
        guard words.count > 1 else { return nil }
        let isOf = words[1] == "of" && words.count > 2
        var count = isOf ? 3 : 2
        let month: Int
        let day: Int
        if !isOf, let named = self.month(words[0]), let number = dayNumber(words[1]) {
            (month, day) = (named, number)
        } else if let number = dayNumber(words[0]), let named = self.month(words[count - 1]) {
            (month, day) = (named, number)
        } else {
            return nil
        }
        if words.count > count, words[count].utf8.count == 4, let year = Int(words[count]),
            let date = WallTime(year: year, month: month, day: day)
        {
            count += 1
            return (date, count)
        }
        // A day without a year is the next one; 29 February may be eight years away.
        for year in today.year...(today.year + 8) {
            if let date = WallTime(year: year, month: month, day: day), date >= today {
                return (date, count)
            }
        }
        return nil
    }

    private static func month(_ word: String) -> Int? {
        let name = word.hasSuffix(".") ? word.dropLast() : word[...]
        guard let index = months.firstIndex(where: { $0 == name || $0.prefix(3) == name }) else {
            return nil
        }
        return index + 1
    }

    /// A day of a month: "3", "3rd".
    private static func dayNumber(_ word: String) -> Int? {
        let isOrdinal = ["st", "nd", "rd", "th"].contains { word.hasSuffix($0) }
        let digits = isOrdinal ? word.dropLast(2) : word[...]
        guard (1...2).contains(digits.utf8.count), let day = Int(digits), (1...31).contains(day)
        else { return nil }
        return day
    }

    // MARK: Times

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
