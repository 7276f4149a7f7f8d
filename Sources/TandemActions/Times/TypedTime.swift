public import TandemFormats

/// A point in time as a person typed it.
public enum TypedTime: Hashable, Sendable {
    /// A date without a time of day.
    case day(WallTime)
    /// A time on the viewer's wall clock.
    case wall(WallTime)
    /// An instant, in seconds since 1970-01-01T00:00:00Z: it was typed with its own offset.
    case instant(Int64)

    /// The instant it stands for, a day for its first one, in seconds since 1970 UTC.
    public func utcSeconds(in zone: ZoneRules) -> Int64 {
        switch self {
        case .day(let day): zone.utcSeconds(of: day.startOfDay)
        case .wall(let wall): zone.utcSeconds(of: wall)
        case .instant(let seconds): seconds
        }
    }

    /// What the viewer's wall clock shows then.
    public func wall(in zone: ZoneRules) -> WallTime {
        switch self {
        case .day(let day): day.startOfDay
        case .wall(let wall): wall
        case .instant(let seconds): zone.wall(atUTCSeconds: seconds)
        }
    }

    /// Whether only a date was typed.
    public var isDay: Bool {
        if case .day = self { true } else { false }
    }

    /// What is to be said about a time that the zone's clocks skip or show twice: which moment is
    /// meant by it; `nil` for any other.
    ///
    /// - SeeAlso: RFC 5545, section 3.3.5, for the moment that is taken.
    public func remark(in zone: ZoneRules) -> String? {
        guard case .wall(let wall) = self else { return nil }
        let taken = zone.utcSeconds(of: wall)
        func exact(_ seconds: Int64) -> String {
            OffsetTime(
                utcSeconds: seconds, offsetSeconds: zone.offsetSeconds(atUTCSeconds: seconds)
            ).rfc3339
        }
        let typed = wall.dateTimeText.replacing("T", with: " ")
        if zone.skips(wall) {
            return "Clocks in \(zone.identifier) skip \(typed): taken as \(exact(taken))."
        }
        return zone.secondUTCSeconds(of: wall).map { second in
            "Clocks in \(zone.identifier) show \(typed) twice: taken as the first, "
                + "\(exact(taken)); for the second type \(exact(second))."
        }
    }
}
