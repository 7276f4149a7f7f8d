import LosslessJSON
import TandemCore

/// Who else sees an event, and what that allows.
///
/// - SeeAlso: Google Calendar API guides, "Invite users to events" and "Events and calendars".
struct EventSharing {
    private let event: JSON

    init(_ event: JSON) { self.event = event }

    /// Whether the event is ours: an event that Google has not seen yet has no organiser.
    var isOwn: Bool { event["organizer"].map { $0["self"]?.bool == true } ?? true }

    private var guests: [JSON] { event["attendees"]?.array ?? [] }

    /// The address of each guest but oneself, in lower case; rooms read no mail.
    private var mailedGuests: [String] {
        guests.filter { $0["self"]?.bool != true && $0["resource"]?.bool != true }
            .compactMap { $0["email"]?.string?.lowercased() }
    }

    private var ownAddresses: [String] {
        guests.filter { $0["self"]?.bool == true }.compactMap { $0["email"]?.string?.lowercased() }
    }

    // MARK: - Coming back to life

    /// Whether nobody else would notice that the event was made again.
    var mayRecreate: Bool {
        let others = guests.filter {
            $0["self"]?.bool != true && $0["organizer"]?.bool != true
        }
        return event.object != nil && isOwn && others.isEmpty
            && event["attendeesOmitted"]?.bool != true && event["status"]?.string != "cancelled"
            // Google makes these from mails, and lets nobody else create one.
            && event["eventType"]?.string != "fromGmail"
    }

    func recreated(as remoteID: RemoteID?) -> JSON {
        guard let object = event.object else { return event }
        var copy = JSONObject()
        copy["id"] = remoteID.map { .string($0.rawValue) }
        for member in object where !EventRules.serverOwnedMembers.contains(member.key) {
            // The UID of the deleted event stays taken, and what was cancelled is made to live.
            let isStale =
                member.key == "iCalUID" || (member.key == "status" && member.value == "cancelled")
            if !isStale { copy[member.key] = member.value }
        }
        return .object(copy)
    }

    // MARK: - One's own part

    /// Members of the own guest entry that are the guest's to change.
    private static let ownGuestMembers = ["responseStatus", "comment", "additionalGuests"]
    private static let ownMembers = ["reminders", "colorId"]

    /// The event with what a guest may change taken from `edited`; `nil` if that is nothing.
    func ownPart(of edited: JSON) -> JSON? {
        let mixed = withOwnPart(of: edited)
        return mixed == event ? nil : mixed
    }

    private func withOwnPart(of edited: JSON) -> JSON {
        let (before, after) = (CanonicalEvent.form(of: event), CanonicalEvent.form(of: edited))
        var mixed = event
        for member in Self.ownMembers where before[member] != after[member] {
            mixed[member] = edited[member]
        }
        let properties = JSONPointer(components: ["extendedProperties", "private"])
        if before[properties] != after[properties] { mixed[properties] = edited[properties] }
        if let answered = answeredGuests(edited) { mixed["attendees"] = .array(answered) }
        return mixed
    }

    /// The guests as they are, but for one's own answer, if that was changed.
    private func answeredGuests(_ edited: JSON) -> [JSON]? {
        guard let place = guests.firstIndex(where: { $0["self"]?.bool == true }),
            let address = guests[place]["email"]?.string?.lowercased(),
            let mine = edited["attendees"]?.array?
                .first(where: { $0["email"]?.string?.lowercased() == address })
        else { return nil }
        var answered = guests
        for member in Self.ownGuestMembers { answered[place][member] = mine[member] }
        return answered[place] == guests[place] ? nil : answered
    }

    // MARK: - The organiser's part

    /// The fields of each copy of an event, so that a guest may change the own one.
    private static let copyFields: Set<String> = [
        "reminders", "colorId", "eventLabelId", "privateProperties", "transparency", "visibility",
        "attendeesOmitted",
    ]

    /// What of an edit only the organiser may do; `nil` where nobody else organises the event.
    ///
    /// An instance that Google has as a part of its series alone does not say who organises it.
    func refusal(of edited: JSON, series: JSON?) -> Refusal? {
        let leading = event["organizer"] == nil ? series ?? event : event
        guard !EventSharing(leading).isOwn, leading["guestsCanModify"]?.bool != true else {
            return nil
        }
        let (before, after) = (CanonicalEvent.form(of: event), CanonicalEvent.form(of: edited))
        let fields = EventRules().allFields(of: [before, after]).filter { field in
            field.value(in: before) != field.value(in: after)
                && !Self.copyFields.contains(field.name)
                && !mayChange(field, from: before, to: after)
        }
        guard !fields.isEmpty else { return nil }
        let organizer = leading["organizer"]
        let name = organizer?["email"]?.string ?? organizer?["displayName"]?.string
        return Refusal(
            fields: fields.map(\.name),
            reason: "Only the organiser of the event can change this",
            keeper: name.map { String($0.prefix(Self.longestName)) })
    }

    /// The longest address that mail knows.
    ///
    /// - SeeAlso: RFC 5321, section 4.5.3.1.3.
    private static let longestName = 254

    /// A guest may leave, answer, and invite others unless that is forbidden, but take nobody out.
    private func mayChange(_ field: MergeField, from before: JSON, to after: JSON) -> Bool {
        switch field.name {
        case "status": return after["status"] == "cancelled"
        case "attendees":
            let own = Set(ownAddresses)
            let others = [before, after].map { form in
                (form["attendees"]?.array ?? []).filter { guest in
                    guest["email"]?.string.map { !own.contains($0) } ?? true
                }
            }
            guard others[0].allSatisfy(others[1].contains) else { return false }
            return others[0].count == others[1].count
                || event["guestsCanInviteOthers"]?.bool != false
        default: return false
        }
    }

    // MARK: - Mail

    static func notified(before: JSON?, after: JSON?) -> [String] {
        let versions = [before, after].compactMap { $0 }.filter { $0.object != nil }
        let forms = [before, after].map {
            $0.map { withoutOwnMembers(CanonicalEvent.form(of: $0)) }
        }
        guard let current = versions.last, forms[0] != forms[1] else { return [] }
        let sides = versions.map(EventSharing.init)
        let own = Set(sides.flatMap(\.ownAddresses))
        var addresses = Set(sides.flatMap(\.mailedGuests))
        if !EventSharing(current).isOwn {
            // A guest who deletes the own copy declines.
            let isAnswer = after == nil || isAnswerOnly(before: before, after: after)
            if isAnswer { addresses = [] }
            addresses.formUnion(versions.compactMap { organizer(of: $0) })
        }
        return addresses.subtracting(own).filter { !$0.isEmpty }.sorted()
    }

    /// Every guest who reads mail: a move changes the organizer, which all of them see.
    var notifiedOfMove: [String] {
        Set(mailedGuests).subtracting(ownAddresses).filter { !$0.isEmpty }.sorted()
    }

    private static func organizer(of event: JSON) -> String? {
        event["organizer"]?["email"]?.string?.lowercased()
    }

    /// A canonical form without what nobody else sees.
    private static func withoutOwnMembers(_ form: JSON) -> JSON {
        var form = form
        for member in ownMembers { form[member] = nil }
        form[JSONPointer(components: ["extendedProperties", "private"])] = nil
        if form["extendedProperties"]?.isBlank == true { form["extendedProperties"] = nil }
        return form
    }

    /// Whether nothing changed but one's own answer.
    private static func isAnswerOnly(before: JSON?, after: JSON?) -> Bool {
        guard let before, let after else { return false }
        let answered = EventSharing(before).withOwnPart(of: after)
        return withoutOwnMembers(CanonicalEvent.form(of: answered))
            == withoutOwnMembers(CanonicalEvent.form(of: after))
    }
}
