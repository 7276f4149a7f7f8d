public import LosslessJSON
public import TandemCore

/// The rules for the entries of a person's list of calendars.
///
/// An entry is two things in one: the calendar itself (title, description, place, zone), shared
/// with everybody who sees it, and this person's view of it (own title, colours, reminders, whether
/// it is shown). A write of the former goes to `calendars.patch`, of the latter to
/// `calendarList.patch`: see ``viewMembers``.
///
/// - SeeAlso: Google Calendar API v3 reference, "CalendarList" and "Calendars".
public struct CalendarRules: KindRules {
    /// Makes the rules; they have no state.
    public init() {}

    /// Entries of the list of calendars.
    public var kind: Kind { .calendar }

    /// The members that Google alone writes and that say nothing to anybody here.
    ///
    /// `kind`, `etag`, `primary`, `deleted` and `dataOwner` are read-only in the reference;
    /// `conferenceProperties` is what the domain's administrators allow; `id` stands in the address
    /// of a request. `accessRole` is not among them: it is never sent either, but what one may do
    /// in a calendar is news when it changes.
    public var serverOwned: Set<String> { Self.serverOwnedMembers }

    static let serverOwnedMembers: Set<String> = [
        "kind", "etag", "id", "primary", "deleted", "dataOwner", "conferenceProperties",
    ]

    /// The members that are never sent.
    static let readOnlyMembers = serverOwnedMembers.union(["accessRole"])

    /// The members of the person's own view; all others belong to the calendar itself.
    static let viewMembers: Set<String> = [
        "summaryOverride", "colorId", "backgroundColor", "foregroundColor", "hidden", "selected",
        "defaultReminders", "notificationSettings",
    ]

    /// The parts of an entry; nobody else edits one's own view.
    public var fields: [MergeField] { Self.mergeFields }

    private static let mergeFields: [MergeField] =
        ["summary", "description", "location", "timeZone"].map { field($0, [$0], .whole) }
        + [
            field("summaryOverride", ["summaryOverride"], .ownSide),
            field("color", ["colorId", "backgroundColor", "foregroundColor"], .ownSide),
        ]
        + ["selected", "hidden", "defaultReminders", "notificationSettings"].map {
            field($0, [$0], .ownSide)
        }
        + ["accessRole", "labelProperties", "autoAcceptInvitations", "workingHours"].map {
            field($0, [$0], .whole)
        }

    private static func field(
        _ name: String, _ members: [String], _ merging: MergeField.Merging
    ) -> MergeField {
        MergeField(name, members.map { JSONPointer(components: [$0]) }, merging)
    }

    /// The form in which equal entries look equal: reminders and notifications in any order, colours
    /// in any case, and what says no more than leaving it out is left out.
    public func canonical(_ resource: JSON) -> JSON { CanonicalCalendar.form(of: resource) }

    /// Refuses an entry that Google would refuse.
    /// - Throws: `TandemError` with code `invalid`, naming the member at fault.
    public func validate(_ resource: JSON) throws(TandemError) {
        try CalendarValidator(entry: resource).check()
    }

    /// The title as this person sees it, and the words of the calendar.
    public func projection(of resource: JSON) -> Projection {
        let words = ["summaryOverride", "summary", "description", "location", "id"]
            .compactMap { resource[$0]?.string }.filter { !$0.isEmpty }
            .map { PlainWords.cut($0, bytes: EventProjector.descriptionBytes) }
        return Projection(
            title: PlainWords.cut(Self.name(of: resource), bytes: EventProjector.titleBytes),
            searchText: words.joined(separator: "\n"), isCancelled: isTombstone(resource))
    }

    private static func name(of entry: JSON) -> String {
        ["summaryOverride", "summary", "id"].compactMap { entry[$0]?.string }
            .first { !$0.isEmpty } ?? ""
    }

    /// Whether the entry left the list: lists say so with `deleted`.
    public func isTombstone(_ resource: JSON) -> Bool { resource["deleted"]?.bool == true }

    /// The calendar's id.
    public func remoteID(of resource: JSON) -> RemoteID? {
        guard let id = resource["id"]?.string, !id.isEmpty else { return nil }
        return RemoteID(rawValue: id)
    }

    /// The entry's `etag`.
    public func etag(of resource: JSON) -> ETag? {
        guard let etag = resource["etag"]?.string, !etag.isEmpty else { return nil }
        return ETag(rawValue: etag)
    }

    /// The id of a calendar to subscribe to; `nil` for a new calendar, whose id Google chooses.
    public func makeRemoteID(for resource: JSON, random: any RandomSource) -> RemoteID? {
        remoteID(of: resource)
    }

    /// Never: a calendar is more than its entry, so only a person may decide.
    public func mayRecreate(_ resource: JSON) -> Bool { false }

    /// The entry as a calendar to be made, or, with a `remoteID`, to be subscribed to.
    public func recreated(_ resource: JSON, as remoteID: RemoteID?) -> JSON {
        guard let object = resource.object else { return resource }
        var copy = JSONObject()
        copy["id"] = remoteID.map { .string($0.rawValue) }
        for member in object where !Self.readOnlyMembers.contains(member.key) {
            copy[member.key] = member.value
        }
        return .object(copy)
    }

    /// `base` with the changes of one's own view, which need no right on the calendar.
    public func ownPart(of edited: JSON, base: JSON) -> JSON? {
        var mixed = base
        let (before, after) = (canonical(base), canonical(edited))
        for member in Self.viewMembers.sorted() where before[member] != after[member] {
            mixed[member] = edited[member]
        }
        return mixed == base ? nil : mixed
    }

    /// Calendars have no exceptions.
    public func slotExists(for exception: JSON, in series: JSON) -> Bool { true }

    /// Nobody is mailed about a calendar's entry.
    public func notified(before: JSON?, after: JSON?) -> [String] { [] }

    /// The calendar's events; `nil` for an entry that left the list.
    public func collection(for resource: JSON) -> CollectionDraft? {
        guard !isTombstone(resource), let id = remoteID(of: resource) else { return nil }
        let zone = resource["timeZone"]?.string
        return CollectionDraft(
            remoteID: id, kind: .event, name: Self.name(of: resource),
            access: Self.access(resource["accessRole"]?.string),
            timeZone: zone?.isEmpty == false ? zone : nil)
    }

    /// A role we do not know may read: nothing is written where it might not be allowed.
    ///
    /// - SeeAlso: Google Calendar API reference, "CalendarList", `accessRole`.
    static func access(_ role: String?) -> CollectionAccess {
        switch role {
        case "owner": .own
        case "writer", "writerWithoutPrivateAccess": .write
        case "freeBusyReader", "none": .freeBusy
        default: .read
        }
    }
}
