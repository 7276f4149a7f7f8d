import Synchronization

/// The clock changes of one IANA zone, such as `Europe/Paris`, `UTC`, `Etc/GMT+3`, or an alias.
///
/// Past and planned changes come from the system's compiled zone files (RFC 8536); beyond the
/// last planned one the file's own rule goes on without end.
public struct ZoneRules: Sendable {
    /// The name asked for; an alias stays an alias.
    public let identifier: String
    private let offsets: OffsetTimeline

    init(identifier: String, offsets: OffsetTimeline) {
        self.identifier = identifier
        self.offsets = offsets
    }

    /// Coordinated Universal Time; needs no zone file.
    public static let utc = ZoneRules(identifier: "UTC", offsets: OffsetTimeline(fixedOffset: 0))

    private static let cache = Mutex<[String: ZoneRules]>([:])

    /// Looks a zone up by its IANA name; names are case sensitive.
    ///
    /// Each zone is read from disk once and then kept; safe to call from any thread.
    /// - Throws: ``FormatError`` with code `zone` if there is no such zone.
    public static func named(_ identifier: String) throws(FormatError) -> ZoneRules {
        try lookUp(identifier).get()
    }

    /// As ``named(_:)``, for those to whom a missing zone is no error.
    static func lookUp(_ identifier: String) -> Result<ZoneRules, FormatError> {
        if identifier == utc.identifier { return .success(utc) }
        if let known = cache.withLock({ $0[identifier] }) { return .success(known) }
        // Two threads may both read the file; the results are equal. Only real zones are kept, so
        // the cache cannot outgrow the system's zone table.
        return ZoneFile.offsets(of: identifier).map { offsets in
            let rules = ZoneRules(identifier: identifier, offsets: offsets)
            cache.withLock { $0[identifier] = rules }
            return rules
        }
    }

    /// The instant at which clocks in this zone show `wall`, in seconds since 1970-01-01T00:00:00Z.
    ///
    /// A time that clocks skip is read with the offset from before the change, one that they show
    /// twice is the first of the two (RFC 5545, section 3.3.5).
    public func utcSeconds(of wall: WallTime) -> Int64 {
        let local = Int64(wall.secondsAsUTC)
        return local - offsets.offset(atLocal: local)
    }

    /// Whether clocks in this zone skip `wall`, as when they are set forward.
    public func skips(_ wall: WallTime) -> Bool {
        self.wall(atUTCSeconds: utcSeconds(of: wall)) != wall
    }

    /// The instant at which clocks in this zone show `wall` again, as after they were set back, in
    /// seconds since 1970-01-01T00:00:00Z; `nil` where they show it once or never.
    public func secondUTCSeconds(of wall: WallTime) -> Int64? {
        let first = utcSeconds(of: wall)
        let before = offsets.offset(atUTC: first)
        // Clocks are set back by some hours at most, but for a day at the date line.
        for distance in [14_400, 100_000] as [Int64] {
            let after = offsets.offset(atUTC: first + distance)
            let second = first + before - after
            if after < before, self.wall(atUTCSeconds: second) == wall { return second }
        }
        return nil
    }

    /// What clocks in this zone show at an instant; one outside the years 1…9999 becomes the
    /// nearest end of them.
    public func wall(atUTCSeconds seconds: Int64) -> WallTime {
        let (sum, overflow) = seconds.addingReportingOverflow(offsets.offset(atUTC: seconds))
        return WallTime(clampingSecondsAsUTC: Int(overflow ? seconds : sum))
    }

    /// Local time minus UTC at an instant, in seconds.
    public func offsetSeconds(atUTCSeconds seconds: Int64) -> Int {
        Int(offsets.offset(atUTC: seconds))
    }

    /// The difference between the largest and the smallest offset within two days of an instant,
    /// in seconds; 0 where clocks do not change.
    func offsetSpread(around seconds: Int64) -> Int { Int(offsets.spread(around: seconds)) }
}

/// All offsets a zone ever had and will have.
struct OffsetTimeline: Sendable {
    /// One change of the clocks.
    struct Change: Equatable {
        /// UTC seconds of the change.
        let instant: Int64
        /// Seconds east of UTC from then on.
        let offset: Int64
    }

    /// Instants of the changes, ascending.
    private let instants: [Int64]
    /// For each change the local time from which on the new offset is the right reading: local
    /// times in a gap, and the first showing of an overlap, still belong to the old offset.
    private let localThresholds: [Int64]
    /// `offsets[0]` holds before the first change, `offsets[i + 1]` after change `i`.
    private let offsets: [Int64]
    /// From here on the changes repeat every 400 years; nil when there are none to repeat.
    private let cycleStart: Int64?

    private static let cycle = Int64(WallTime.daysPerEra * WallTime.secondsPerDay)

    init(fixedOffset: Int64) { self.init(initialOffset: fixedOffset, changes: [], cycleStart: nil) }

    /// `changes` must ascend and, if `cycleStart` is given, reach 400 years and two days past it.
    init(initialOffset: Int64, changes: [Change], cycleStart: Int64?) {
        var thresholds: [Int64] = []
        var previous = initialOffset
        for change in changes {
            let threshold = change.instant + max(previous, change.offset)
            // Two changes within hours of each other must not put the thresholds out of order.
            thresholds.append(max(threshold, thresholds.last ?? threshold))
            previous = change.offset
        }
        instants = changes.map(\.instant)
        localThresholds = thresholds
        offsets = [initialOffset] + changes.map(\.offset)
        self.cycleStart = cycleStart
    }

    func offset(atUTC seconds: Int64) -> Int64 {
        offsets[Self.countUpTo(folded(seconds), in: instants)]
    }

    func offset(atLocal seconds: Int64) -> Int64 {
        offsets[Self.countUpTo(folded(seconds), in: localThresholds)]
    }

    /// How far around an instant a spread is looked for: two days, more than any offset.
    private static let reach = Int64(2 * WallTime.secondsPerDay)

    /// The difference between the largest and the smallest offset within two days of an instant.
    func spread(around seconds: Int64) -> Int64 {
        let center = folded(seconds)
        var near = offsets(around: center)
        if let cycleStart, center < cycleStart + Self.reach {
            // What lies before a later cycle is the end of the one before it.
            near += offsets(around: center + Self.cycle)
        }
        return (near.max() ?? 0) - (near.min() ?? 0)
    }

    private func offsets(around center: Int64) -> ArraySlice<Int64> {
        let first = Self.countUpTo(center - Self.reach, in: instants)
        return offsets[first...Self.countUpTo(center + Self.reach, in: instants)]
    }

    /// Keeps instants so near (35 million years) that adding to them cannot overflow.
    static func clamped(_ instant: Int64) -> Int64 { min(max(instant, -1 << 50), 1 << 50) }

    /// The same moment of the first 400 year cycle.
    private func folded(_ seconds: Int64) -> Int64 {
        let seconds = Self.clamped(seconds)
        guard let cycleStart, seconds >= cycleStart else { return seconds }
        return cycleStart + (seconds - cycleStart) % Self.cycle
    }

    /// How many of the ascending `values` are not above `limit`.
    private static func countUpTo(_ limit: Int64, in values: [Int64]) -> Int {
        var low = 0
        var high = values.count
        while low < high {
            let middle = (low + high) / 2
            if values[middle] <= limit { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
