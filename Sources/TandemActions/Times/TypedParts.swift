import TandemFormats

/// The date and the time of day found among typed words.
struct TypedParts {
    /// What was said about the date.
    enum Day {
        case offset(days: Int)
        /// 1 = Monday; `isNext` excludes today.
        case weekday(Int, isNext: Bool)
        case monthDay(month: Int, day: Int, year: Int?)
        case exact(WallTime)
    }

    var day: Day?
    /// Seconds since midnight.
    var clock: Int?

    var hasDate: Bool { day != nil }

    /// The date meant, seen from `now`; nil where there is no such date.
    func date(from now: WallTime, clock: Int?) -> WallTime? {
        let today = now.startOfDay
        switch day {
        case nil: return today
        case .exact(let day): return day
        case .offset(let days): return today.adding(days: days)
        case .weekday(let weekday, let isNext):
            var ahead = (weekday - today.weekday + 7) % 7
            // Said on the day itself, a weekday means today while its time is still to come.
            let isPast = clock.map { $0 <= now.secondOfDay } ?? false
            if ahead == 0, isNext || isPast { ahead = 7 }
            return today.adding(days: ahead)
        case .monthDay(let month, let day, let year):
            if let year { return WallTime(year: year, month: month, day: day) }
            let thisYear = WallTime(year: today.year, month: month, day: day)
            if let thisYear, thisYear >= today { return thisYear }
            // The 29th of February may be years away.
            for year in today.year + 1...today.year + 8 {
                if let found = WallTime(year: year, month: month, day: day) { return found }
            }
            return thisYear
        }
    }
}

extension TypedParts {
    /// Walks over the words once; each of the two parts may be given once.
    struct Reader {
        private let words: [String]
        private var position = 0
        private(set) var parts = TypedParts()

        init(words: [String]) { self.words = words }

        var isEmpty: Bool { parts.day == nil && parts.clock == nil }

        mutating func next() -> String? {
            guard position < words.count else { return nil }
            position += 1
            return words[position - 1]
        }

        /// Takes a word into the parts; false where it means nothing, or says a part twice.
        mutating func take(_ word: String) -> Bool {
            if word == "at" || word == "on" { return position < words.count }
            if let clock = clockWithSuffix(word) ?? Self.clock(word) {
                guard parts.clock == nil else { return false }
                parts.clock = clock
                return true
            }
            guard parts.day == nil, let day = day(word) else { return false }
            parts.day = day
            return true
        }

        private mutating func day(_ word: String) -> Day? {
            switch word {
            case "today": return .offset(days: 0)
            case "tomorrow": return .offset(days: 1)
            case "yesterday": return .offset(days: -1)
            case "next":
                guard let name = next(), let weekday = Self.weekday(name) else { return nil }
                return .weekday(weekday, isNext: true)
            default: break
            }
            if let weekday = Self.weekday(word) { return .weekday(weekday, isNext: false) }
            if let exact = WallTime(date: word) { return .exact(exact) }
            if let month = Self.month(word), let name = next(), let day = Self.dayOfMonth(name) {
                return .monthDay(month: month, day: day, year: year())
            }
            if let day = Self.dayOfMonth(word), let name = next(), let month = Self.month(name) {
                return .monthDay(month: month, day: day, year: year())
            }
            return nil
        }

        /// A year, if the next word is one.
        private mutating func year() -> Int? {
            guard position < words.count, words[position].utf8.count == 4,
                let year = Int(words[position]), year >= 1
            else { return nil }
            position += 1
            return year
        }

        /// `9 am`: the suffix as a word of its own.
        private mutating func clockWithSuffix(_ word: String) -> Int? {
            guard position < words.count, ["am", "pm"].contains(words[position]),
                let clock = Self.clock(word + words[position])
            else { return nil }
            position += 1
            return clock
        }

        /// `10:00`, `10:00:30`, `9am`, `9:30pm`, `noon`, `midnight`: seconds since midnight.
        static func clock(_ word: String) -> Int? {
            if word == "noon" { return 43_200 }
            if word == "midnight" { return 0 }
            let suffix = word.hasSuffix("am") ? "am" : word.hasSuffix("pm") ? "pm" : ""
            let fields = word.dropLast(suffix.count)
                .split(separator: ":", omittingEmptySubsequences: false)
            let numbers = fields.compactMap { field in
                (1...2).contains(field.utf8.count) && field.allSatisfy { "0"..."9" ~= $0 }
                    ? Int(field) : nil
            }
            guard numbers.count == fields.count, var hour = numbers.first, numbers.count <= 3,
                suffix != "" || numbers.count > 1, numbers.dropFirst().allSatisfy({ $0 < 60 })
            else { return nil }
            if suffix == "" {
                guard hour < 24 else { return nil }
            } else {
                guard (1...12).contains(hour) else { return nil }
                hour = hour % 12 + (suffix == "pm" ? 12 : 0)
            }
            let minute = numbers.count > 1 ? numbers[1] : 0
            let second = numbers.count > 2 ? numbers[2] : 0
            return hour * 3600 + minute * 60 + second
        }

        /// `mon` or `monday`: 1 is Monday.
        static func weekday(_ word: String) -> Int? {
            let names = [
                "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
            ]
            guard word.utf8.count >= 3 else { return nil }
            return names.firstIndex { $0.hasPrefix(word) }.map { $0 + 1 }
        }

        /// `nov` or `november`: 11.
        static func month(_ word: String) -> Int? {
            let names = [
                "january", "february", "march", "april", "may", "june", "july", "august",
                "september", "october", "november", "december",
            ]
            guard word.utf8.count >= 3 else { return nil }
            return names.firstIndex { $0.hasPrefix(word) }.map { $0 + 1 }
        }

        /// `9`, `9th`, `1st`.
        static func dayOfMonth(_ word: String) -> Int? {
            let digits = word.prefix { "0"..."9" ~= $0 }
            let suffix = word.dropFirst(digits.count)
            guard (1...2).contains(digits.utf8.count), let day = Int(digits),
                (1...31).contains(day),
                ["", "st", "nd", "rd", "th"].contains(suffix)
            else { return nil }
            return day
        }
    }
}
