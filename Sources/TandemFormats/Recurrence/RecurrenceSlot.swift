/// One start that a series yields.
public struct RecurrenceSlot: Hashable, Comparable, Sendable {
    /// What clocks in the series' zone show; 00:00:00 if all day.
    public let wall: WallTime
    /// Seconds since 1970-01-01T00:00:00Z; all day: midnight UTC of the date.
    public let utcSeconds: Int64
    /// Whether only the date counts.
    public let isAllDay: Bool

    /// The slot of an all-day series on a date.
    public init(date: WallTime) {
        wall = date.startOfDay
        utcSeconds = Int64(date.startOfDay.secondsAsUTC)
        isAllDay = true
    }

    /// The slot of a timed series at an instant; one outside the years 1…9999 becomes the nearest
    /// end of them.
    public init(utcSeconds: Int64, zone: ZoneRules) {
        wall = zone.wall(atUTCSeconds: utcSeconds)
        self.utcSeconds = utcSeconds
        isAllDay = false
    }

    /// Reads what follows the `_` in the id of an instance at Google: `20261109T090000Z` if the
    /// series is timed, `20261109` if it is all day; nil for anything else or an unknown zone.
    public init?(idSuffix: String, start: SeriesStart) {
        guard let (wall, hasTime, isUTC) = WallTime.iCalendar(idSuffix) else { return nil }
        switch start {
        case .date:
            guard !hasTime else { return nil }
            self.init(date: wall)
        case .dateTime(_, let zone):
            guard hasTime, isUTC, case .success(let rules) = ZoneRules.lookUp(zone) else {
                return nil
            }
            self.init(utcSeconds: Int64(wall.secondsAsUTC), zone: rules)
        }
    }

    /// `20261109T090000Z`, or `20261109` if all day: the id of an instance after the `_`.
    ///
    /// Source: Google Calendar API, "Recurring events"; the suffix is the original start in UTC.
    public var idSuffix: String {
        let utc = WallTime(clampingSecondsAsUTC: Int(utcSeconds))
        return isAllDay ? utc.basicDateText : utc.basicDateTimeText + "Z"
    }

    /// Earlier by UTC.
    public static func < (left: Self, right: Self) -> Bool {
        (left.utcSeconds, left.isAllDay ? 0 : 1) < (right.utcSeconds, right.isAllDay ? 0 : 1)
    }
}
