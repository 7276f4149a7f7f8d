public import LosslessJSON
public import TandemCore
public import TandemFormats

/// What a person may say about an event in friendly words; `nil` leaves a part as it is.
public struct EventFields: Sendable {
    /// The event's name.
    public var title: String?
    /// When it begins; a day makes it last all day.
    public var start: TypedTime?
    /// When it ends; for whole days the last day, itself included.
    public var end: TypedTime?
    /// How long it lasts, instead of an end.
    public var duration: TypedDuration?
    /// The IANA zone its times are kept in; the calendar's or the viewer's without it.
    public var timeZone: String?
    /// Where it happens; an empty text removes it.
    public var place: String?
    /// What else is to say; an empty text removes it.
    public var details: String?
    /// Addresses to invite.
    public var guests: [String] = []
    /// Addresses to invite no longer.
    public var removedGuests: [String] = []
    /// How it recurs: `daily`, `weekly`, `monthly`, `yearly`, an RRULE, or `none`.
    public var recurrence: String?
    /// Whether the time counts as free.
    public var isFree: Bool?
    /// Minutes before the start at which to remind; replaces the calendar's reminders.
    public var reminders: [Int] = []

    /// Says nothing yet.
    public init() {}

    /// Whether nothing was said.
    public var isEmpty: Bool {
        title == nil && place == nil && details == nil && !saysWhen && recurrence == nil
            && isFree == nil && guests.isEmpty && removedGuests.isEmpty && reminders.isEmpty
    }

    /// Whether something was said about the time.
    var saysWhen: Bool { start != nil || end != nil || duration != nil || timeZone != nil }

    /// The most guests one event may have.
    ///
    /// - SeeAlso: Google Calendar help, "Invite people to your event": 200 guests.
    static let maxGuests = 200
}

extension EventFields {
    /// The event with what was said applied to it.
    ///
    /// - Parameters:
    ///   - event: The event as it is; an empty object for a new one.
    ///   - zone: The zone that typed times are read in.
    ///   - fallbackZone: The zone of an event that names none.
    /// - Returns: The event, changed.
    /// - Throws: ``TandemError`` with code `invalid` where the parts make no sense together.
    public func applied(
        to event: JSON, viewedIn zone: ZoneRules, fallbackZone: String
    ) throws(TandemError) -> JSON {
        var event = event
        if let title { event["summary"] = .string(title) }
        if let place { event["location"] = place.isEmpty ? nil : .string(place) }
        if let details { event["description"] = details.isEmpty ? nil : .string(details) }
        if let isFree { event["transparency"] = isFree ? "transparent" : nil }
        if saysWhen { try applyTimes(to: &event, viewedIn: zone, fallbackZone: fallbackZone) }
        if let recurrence { try Self.setRecurrence(recurrence, of: &event) }
        if !guests.isEmpty || !removedGuests.isEmpty { try applyGuests(to: &event) }
        if !reminders.isEmpty {
            let overrides = reminders.map { minutes -> JSON in
                ["method": "popup", "minutes": .number(JSONNumber(minutes))]
            }
            event["reminders"] = ["useDefault": false, "overrides": .array(overrides)]
        }
        return event
    }

    private func applyGuests(to event: inout JSON) throws(TandemError) {
        var attendees = event["attendees"]?.array ?? []
        for address in removedGuests {
            let count = attendees.count
            attendees.removeAll { Self.address(of: $0) == address.lowercased() }
            guard attendees.count < count else {
                throw TandemError(.notFound, "'\(address.shortened)' is not among the guests.")
            }
        }
        for address in guests {
            guard Self.isAddress(address) else {
                throw TandemError(
                    .invalid, "'\(address.shortened)' is not an e-mail address; type name@host.")
            }
            if !attendees.contains(where: { Self.address(of: $0) == address.lowercased() }) {
                attendees.append(["email": .string(address)])
            }
        }
        guard attendees.count <= Self.maxGuests else {
            throw TandemError(.invalid, "An event has at most \(Self.maxGuests) guests.")
        }
        event["attendees"] = attendees.isEmpty ? nil : .array(attendees)
    }

    static func address(of attendee: JSON) -> String? { attendee["email"]?.string?.lowercased() }

    /// One `@` with something on both sides, no blanks or control characters, at most 254 bytes.
    ///
    /// - SeeAlso: RFC 5321, section 4.5.3.1.3.
    static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && text.utf8.count <= 254
            && text.unicodeScalars.allSatisfy {
                $0.value > 0x20 && $0.value != 0x7F && !"<>,;\"".unicodeScalars.contains($0)
            }
    }

    private static func setRecurrence(
        _ text: String, of event: inout JSON
    ) throws(TandemError) {
        let words = ["daily", "weekly", "monthly", "yearly"]
        if text.lowercased() == "none" {
            event["recurrence"] = nil
            return
        }
        let line =
            words.contains(text.lowercased())
            ? "RRULE:FREQ=\(text.uppercased())"
            : text.uppercased().hasPrefix("FREQ=") ? "RRULE:\(text)" : text
        guard line.uppercased().hasPrefix("RRULE:") else {
            throw TandemError(
                .invalid,
                "'\(text.shortened)' is no rule of recurrence; type daily, weekly, monthly, "
                    + "yearly, none, or a rule such as 'FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10'.")
        }
        event["recurrence"] = [.string(line)]
    }
}
