public import LosslessJSON
public import TandemCore

/// The rules for events of Google Calendar: single events, series, and exceptions of series.
///
/// - SeeAlso: Google Calendar API v3 reference, "Events"; guide, "Recurring events".
public struct EventRules: KindRules {
    /// Makes the rules; they have no state.
    public init() {}

    /// Events.
    public var kind: Kind { .event }

    /// The members that Google alone writes.
    ///
    /// - `kind`, `etag`, `htmlLink`, `created`, `updated`, `creator`, `hangoutLink`, `locked` are
    ///   marked read-only in the reference; `sequence` is counted by Google, and a lower number
    ///   sent back is refused.
    /// - `id`, `recurringEventId` and `originalStartTime` name the resource; they stand in the
    ///   address of a request and never change.
    /// - `organizer` changes by `events.move` alone.
    ///
    /// Not among them, because a creation has to carry them, though they never change afterwards:
    /// `iCalUID`, `eventType` and `privateCopy`; nor `attendeesOmitted`, which says in a write that
    /// the other guests shall stay.
    public var serverOwned: Set<String> { Self.serverOwnedMembers }

    static let serverOwnedMembers: Set<String> = [
        "kind", "etag", "id", "htmlLink", "created", "updated", "creator", "organizer",
        "sequence", "hangoutLink", "locked", "recurringEventId", "originalStartTime",
    ]

    /// The parts of an event.
    ///
    /// One's own reminders, colour and answer belong to the copy in one's own calendar (guide,
    /// "Invite users to events"), so nobody else's edit competes with them.
    public var fields: [MergeField] { Self.mergeFields }

    static let mergeFields: [MergeField] = [
        whole("summary"),
        MergeField("time", ["start", "end", "endTimeUnspecified"].map(pointer), .whole),
        whole("recurrence"), whole("location"), whole("description"), whole("status"),
        MergeField(
            "attendees", [pointer("attendees")],
            .keyedList(by: "email", ownFlag: "self", ownMember: "responseStatus")),
        whole("conferenceData"),
        MergeField("reminders", [pointer("reminders")], .ownSide),
        MergeField("colorId", [pointer("colorId")], .ownSide),
        whole("transparency"), whole("visibility"),
        MergeField(
            "attachments", [pointer("attachments")],
            .keyedList(by: "fileUrl", ownFlag: nil, ownMember: nil)),
        MergeField(
            "privateProperties", [JSONPointer(components: ["extendedProperties", "private"])],
            .keyedObject),
        MergeField(
            "sharedProperties", [JSONPointer(components: ["extendedProperties", "shared"])],
            .keyedObject),
        whole("guestsCanInviteOthers"), whole("guestsCanModify"),
        whole("guestsCanSeeOtherGuests"), whole("anyoneCanAddSelf"), whole("source"),
        whole("gadget"), whole("eventLabelId"), whole("workingLocationProperties"),
        whole("focusTimeProperties"), whole("outOfOfficeProperties"),
        whole("birthdayProperties"), whole("eventType"), whole("iCalUID"), whole("privateCopy"),
    ]

    private static func whole(_ member: String) -> MergeField {
        MergeField(member, [pointer(member)], .whole)
    }

    private static func pointer(_ member: String) -> JSONPointer {
        JSONPointer(components: [member])
    }

    /// The form in which equal events look equal.
    ///
    /// Times are compared as instants in their zone, guests and recurrence lines in any order and
    /// spelling, and what Google fills in by itself counts as left out, such as an `iCalUID` made
    /// from the id. Members that no rule knows stay as they are.
    public func canonical(_ resource: JSON) -> JSON { CanonicalEvent.form(of: resource) }

    /// Refuses an event that Google would refuse, or would silently cut.
    /// - Throws: `TandemError` with code `invalid`, naming the member at fault.
    public func validate(_ resource: JSON) throws(TandemError) {
        try EventValidator(event: resource).check()
    }

    /// Title, words, time and series of an event; odd input loses what cannot be read.
    public func projection(of resource: JSON) -> Projection {
        EventProjector.projection(of: resource)
    }

    /// The same as ``projection(of:)-(JSON)``, from scanned bytes, for which no tree is needed.
    public func projection(of node: JSONNode) -> Projection { EventProjector.projection(of: node) }

    /// Whether the event is gone: cancelled, and not an instance cancelled out of a series that
    /// lives on.
    ///
    /// - SeeAlso: Google Calendar API reference, "Events", `status`: cancelled exceptions are
    ///   resources to be kept as long as their series; all other cancelled events are deleted ones.
    public func isTombstone(_ resource: JSON) -> Bool {
        resource["status"]?.string == "cancelled" && !EventIdentity(resource).isException
    }

    /// The event's `id`.
    public func remoteID(of resource: JSON) -> RemoteID? {
        guard let id = resource["id"]?.string, !id.isEmpty else { return nil }
        return RemoteID(rawValue: id)
    }

    /// The event's `etag`.
    public func etag(of resource: JSON) -> ETag? {
        guard let etag = resource["etag"]?.string, !etag.isEmpty else { return nil }
        return ETag(rawValue: etag)
    }

    /// The organizer's address: an event has one calendar of its own, whose address organizes it;
    /// guests' calendars have copies under the same id.
    ///
    /// - SeeAlso: Google Calendar API reference, "Events", `organizer`; `events.move`.
    public func home(of resource: JSON) -> RemoteID? {
        guard let organizer = resource["organizer"]?["email"]?.string, !organizer.isEmpty else {
            return nil
        }
        return RemoteID(rawValue: organizer)
    }

    /// What differs; conference data goes whole, since its parts only make sense together, and
    /// guests whom the copy here leaves out stay.
    ///
    /// - SeeAlso: Google Calendar API guide, "Create events", section "Add video and phone
    ///   conferences"; reference, "Events", `attendeesOmitted`.
    public func patch(from base: JSON, to edited: JSON) -> JSON {
        // A cancelled instance may say no more than its names, and its times cannot be taken away.
        if EventIdentity(edited).isException, edited["status"] == "cancelled",
            base["status"] != "cancelled"
        {
            return ["status": "cancelled"]
        }
        var patch = JSON.patch(from: base, to: edited)
        for name in serverOwned { patch[name] = nil }
        if let conference = edited["conferenceData"], patch["conferenceData"] != nil {
            patch["conferenceData"] = conference
        }
        if patch["attendees"] != nil, base["attendeesOmitted"]?.bool == true {
            patch["attendeesOmitted"] = true
        }
        return patch
    }

    /// A new id: 130 random bits in base32hex; of an exception the id that its instance has anyway.
    public func makeRemoteID(for resource: JSON, random: any RandomSource) -> RemoteID? {
        let identity = EventIdentity(resource)
        let id = identity.isException ? identity.instanceID : EventName.makeID(random)
        return id.map(RemoteID.init(rawValue:))
    }

    /// Whether nobody else would notice: the event is ours, has no guests, was not made by Google
    /// itself, and lives.
    public func mayRecreate(_ resource: JSON) -> Bool { EventSharing(resource).mayRecreate }

    /// The event on its own under `remoteID`, without its old `iCalUID`, which stays taken.
    public func recreated(_ resource: JSON, as remoteID: RemoteID?) -> JSON {
        EventSharing(resource).recreated(as: remoteID)
    }

    /// `base` with what a guest may change of an event that somebody else organises: the own answer,
    /// reminders, colour and private properties.
    ///
    /// - SeeAlso: Google Calendar API guide, "Invite users to events".
    public func ownPart(of edited: JSON, base: JSON) -> JSON? {
        EventSharing(base).ownPart(of: edited)
    }

    /// What only the organiser may change of somebody else's event; all may be changed where guests
    /// may modify it, and what belongs to one's own copy always.
    ///
    /// - SeeAlso: Google Calendar API reference, "Events", `guestsCanModify`, `guestsCanInviteOthers`
    ///   and `organizer.self`; guide, "Invite users to events".
    public func refusal(of edited: JSON, base: JSON, series: JSON?) -> Refusal? {
        EventSharing(base).refusal(of: edited, series: series)
    }

    /// Whether `series` still starts at the exception's original time; a series that cannot be
    /// read is taken at its word.
    public func slotExists(for exception: JSON, in series: JSON) -> Bool {
        SeriesReading.slotExists(for: exception, in: series)
    }

    /// The start and the rule: with one of them changed, instances are others.
    public var slotFields: Set<String> { ["time", "recurrence"] }

    /// The exception with the other series' name and the id that Google gives that instance, without
    /// what only Google may write.
    public func exception(_ exception: JSON, of series: RemoteID) -> JSON? {
        var carried = exception
        for member in Self.serverOwnedMembers where member != "originalStartTime" {
            carried[member] = nil
        }
        carried["iCalUID"] = nil
        carried["recurringEventId"] = .string(series.rawValue)
        guard let id = EventIdentity(carried).instanceID else { return nil }
        carried["id"] = .string(id)
        return carried
    }

    /// Its names and the slot that it no longer fills.
    ///
    /// - SeeAlso: Google Calendar API reference, "Events", `status`: of cancelled exceptions only
    ///   `id`, `recurringEventId` and `originalStartTime` are sure to be there.
    public func cancelled(_ exception: JSON) -> JSON? {
        guard EventIdentity(exception).isException else { return nil }
        var cancelled: JSON = ["status": "cancelled"]
        for member in ["id", "recurringEventId", "originalStartTime"] {
            cancelled[member] = exception[member]
        }
        return cancelled
    }

    /// Whom Google would mail about a change if `sendUpdates` were `all`: the guests of before and
    /// after, never oneself and no rooms; of somebody else's event, for one's own answer, its
    /// organiser alone.
    public func notified(before: JSON?, after: JSON?) -> [String] {
        EventSharing.notified(before: before, after: after)
    }

    /// Whom Google would mail about a move if `sendUpdates` were `all`: every guest, since the event
    /// changes its organizer, but for oneself and rooms.
    ///
    /// - SeeAlso: Google Calendar API reference, `events.move`.
    public func notified(moving resource: JSON) -> [String] {
        EventSharing(resource).notifiedOfMove
    }

    /// Events contain nothing.
    public func collection(for resource: JSON) -> CollectionDraft? { nil }

    /// The event's `creator`; of an exception that would be who made its series.
    ///
    /// - SeeAlso: Google Calendar API reference, "Events", `creator`.
    public func maker(of resource: JSON) -> Person? {
        EventIdentity(resource).isException ? nil : resource["creator"].flatMap(person)
    }

    /// A guest, by address and name.
    public func person(_ element: JSON) -> Person? {
        let (name, email) = (element["displayName"]?.string, element["email"]?.string)
        guard (name ?? email) != nil else { return nil }
        return Person(name: name, email: email)
    }
}
