/// One RRULE or EXRULE, checked (RFC 5545, section 3.3.10).
struct RecurrenceRule: Equatable, Sendable {
    enum Frequency: String, CaseIterable, Comparable, Sendable {
        case secondly = "SECONDLY"
        case minutely = "MINUTELY"
        case hourly = "HOURLY"
        case daily = "DAILY"
        case weekly = "WEEKLY"
        case monthly = "MONTHLY"
        case yearly = "YEARLY"

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

        static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
    }

    /// `MO` or `-1FR`.
    struct Weekday: Hashable, Sendable {
        /// 1 is Monday, 7 is Sunday.
        let day: Int
        /// -53…53; 0 stands for each such day of the period.
        let ordinal: Int
    }

    /// The end as it was written; what it means depends on the start.
    struct Until: Equatable, Sendable {
        let wall: WallTime
        let hasTime: Bool
        let isUTC: Bool
    }

    var frequency = Frequency.daily
    /// 1…2147483647.
    var interval = 1
    /// 1…2147483647, nil if not given.
    var count: Int?
    var until: Until?
    /// 1 is Monday, 7 is Sunday.
    var weekStart = 1
    // Each list ascends without duplicates; empty if not given.
    var seconds: [Int] = []
    var minutes: [Int] = []
    var hours: [Int] = []
    var weekdays: [Weekday] = []
    var monthDays: [Int] = []
    var yearDays: [Int] = []
    var weekNumbers: [Int] = []
    var months: [Int] = []
    var positions: [Int] = []

    static let maximumInteger = Int(Int32.max)
    static let weekdayNames = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
}
