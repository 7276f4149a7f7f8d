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
}
