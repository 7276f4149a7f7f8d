public import LosslessJSON
public import TandemCore
public import TandemFormats
public import TandemStore

/// A stretch of time as somebody looks at it.
public struct AgendaWindow: Hashable, Sendable {
    /// Where it begins, in seconds since 1970 UTC.
    public let from: Int64
    /// The first second behind it.
    public let to: Int64
    /// The zone it is seen from, which decides when an all-day event begins and ends.
    public let zoneName: String
    let zone: ZoneRules

    /// The longest window: ten years.
    public static let maxSeconds: Int64 = 3660 * 86_400

    /// Checks a window.
    /// - Throws: `TandemError` with code `invalid` for one that is empty or longer than ten years.
    public init(from: Int64, to: Int64, zone: ZoneRules) throws(TandemError) {
        let (length, overflow) = to.subtractingReportingOverflow(from)
        guard length > 0 else {
            throw TandemError(
                .invalid,
                "The window is empty: its end, which does not belong to it, must come "
                    + "after its start.")
        }
        guard !overflow, length <= Self.maxSeconds else {
            throw TandemError(.invalid, "The window is longer than ten years; ask for less.")
        }
        self.from = from
        self.to = to
        self.zone = zone
        zoneName = zone.identifier
    }

    /// The same window in another's eyes.
    public static func == (left: Self, right: Self) -> Bool {
        (left.from, left.to, left.zoneName) == (right.from, right.to, right.zoneName)
    }

    /// Feeds what equality compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(from)
        hasher.combine(to)
        hasher.combine(zoneName)
    }

    /// Whether an event of these times touches the window; one without length counts where it is.
    func touches(_ span: EventSpan) -> Bool {
        let start = span.start.utcSeconds(viewedIn: zone)
        let end = span.end.utcSeconds(viewedIn: zone)
        return start < to && (end > from || start >= from)
    }

    /// The window as the store knows it: a day wider, since days begin at other moments elsewhere.
    var widened: Range<Int64> {
        let from = from.subtractingReportingOverflow(86_400)
        let to = to.addingReportingOverflow(86_400)
        return (from.overflow ? .min : from.partialValue)..<(to.overflow ? .max : to.partialValue)
    }
}

/// One event, or one instance of a series, in a window.
public struct AgendaEntry: Sendable {
    /// The id it is found by: the resource's, of an instance the series' with the slot behind `_`.
    public let id: String
    /// What is stored of it: the event, the exception, else the series.
    public let resource: StoredResource
    /// The event as the provider would list it, with its own times.
    public let data: JSON
    /// When it begins in the viewer's eyes, in seconds since 1970 UTC.
    public let start: Int64
    /// When it ends, likewise.
    public let end: Int64
    /// Whether it lasts whole days.
    public let isAllDay: Bool
    /// The accounts that hold it, the resource's own first.
    public internal(set) var accounts: [AccountID]

    init(id: String, resource: StoredResource, data: JSON, span: EventSpan, zone: ZoneRules) {
        self.id = id
        self.resource = resource
        self.data = data
        start = span.start.utcSeconds(viewedIn: zone)
        end = span.end.utcSeconds(viewedIn: zone)
        isAllDay = span.start.isDay
        accounts = [resource.account]
    }

    /// What a page ends with and the next one begins behind.
    public var mark: String { "\(start)~\(id)" }

    /// By start, whole days first, then by end and id.
    static func precedes(_ left: Self, _ right: Self) -> Bool {
        (left.start, left.isAllDay ? 0 : 1, left.end, left.id)
            < (right.start, right.isAllDay ? 0 : 1, right.end, right.id)
    }
}

/// Everything in a window, in order, and what could not be worked out.
public struct Agenda: Sendable {
    /// The window's events and instances.
    public internal(set) var entries: [AgendaEntry]
    /// Series that could not be expanded, or not to the end of the window, with the reason;
    /// everything else is complete.
    public internal(set) var unreadable: [(resource: ResourceID, reason: String)]

    /// At most `limit` entries behind a mark, and the mark that goes on; `nil` at the end.
    ///
    /// - Parameters:
    ///   - limit: The most entries; `nil` for all.
    ///   - mark: ``AgendaEntry/mark`` of the last entry seen.
    /// - Returns: The entries, and the mark of the next page.
    /// - Throws: `TandemError` with code `invalid` for a mark that no entry gave.
    public func page(
        limit: Int?, after mark: String?
    ) throws(TandemError) -> (entries: [AgendaEntry], next: String?) {
        var rest = entries[...]
        if let mark {
            let parts = mark.split(separator: "~", maxSplits: 1)
            guard parts.count == 2, let start = Int64(parts[0]) else {
                throw TandemError(.invalid, "'\(mark.shortened)' is no mark that a list gave.")
            }
            if let seen = rest.lastIndex(where: { $0.mark == mark }) {
                rest = rest[(seen + 1)...]
            } else {
                rest = rest.drop { ($0.start, $0.id) <= (start, String(parts[1])) }
            }
        }
        guard let limit, rest.count > limit else { return (Array(rest), nil) }
        let page = Array(rest.prefix(limit))
        return (page, page.last?.mark)
    }
}
