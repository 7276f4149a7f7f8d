import LosslessJSON
import TandemFormats

extension EventWriter {
    /// Changes an event to what `body` says: `PUT` replaces it, `PATCH` is laid over it.
    ///
    /// - Returns: What the target has become; itself where nothing changed.
    /// - Throws: 400 for a bad resource, 403 for a guest who changes what is shared.
    func change(
        _ target: EventTarget, body: JSONObject, replaces: Bool
    ) throws(GoogleFailure) -> EventTarget {
        try EventTypes.check(body)
        let base = target.document(in: calendar)
        var raw = replaces ? replaced(base, by: body) : patched(base, by: body)
        if target.life != .live, body["status"]?.string == nil { raw["status"] = "cancelled" }
        if target.isInstance { raw.removeValue(forKey: "recurrence") }
        try ConferenceWriter(world: world, options: options).settle(&raw, base: base)
        var draft = try EventDraft(raw, zone: calendar.zone)
        if let type = base["eventType"], draft.fields["eventType"] != type {
            throw .invalid("Event type cannot be changed.")
        }
        for name in EventFields.readOnly where name != "hangoutLink" {
            if let value = base[name] { draft.fields[name] = value }
        }
        EventChecks.keepResources(&draft.fields, base: base)
        markPeople(&draft.fields)
        GuestRules.restoreOmitted(base: base, draft: &draft.fields)
        if base["creator"]?["email"]?.string?.lowercased() != account.email {
            draft.fields["source"] = base["source"]
        }
        if target.isInstance { EventVisibility.settle(&draft.fields, base: base) }
        var changed = Self.changedNames(base, draft.fields)
        let isOrganizer = base["organizer"]?["self"]?.bool == true
        if !isOrganizer {
            try GuestRules.check(base: base, draft: draft.fields, changed: changed)
        }
        draft.fields["sequence"] = .number(
            JSONNumber(try sequence(base: base, body: body, changed, isOrganizer: isOrganizer)))
        if draft.fields["sequence"] != base["sequence"] { changed.insert("sequence") }
        if draft.fields["status"]?.string == "cancelled" {
            if target.life == .live { return .stored(try delete(target)) }
        } else if changed.isEmpty, target.life == .live {
            return target
        }
        return .stored(apply(target, draft, base: base, changed: changed))
    }

    /// Writes a checked change and tells the guests' calendars of it; what stays deleted concerns
    /// nobody else.
    private func apply(
        _ target: EventTarget, _ draft: EventDraft, base: JSONObject, changed: Set<String>
    ) -> EventRecord {
        let record = materialise(target)
        if record.life != .live, draft.fields["status"]?.string != "cancelled" {
            record.life = .live
            reviveExceptions(of: record)
        }
        replace(record, draft, contentChanged: changed != ["reminders"])
        guard record.life == .live else { return record }
        if record.seriesID != nil, changed.contains("visibility") { restrictSeries(of: record) }
        if record.isOrganizers {
            invitations.spread(record, formerGuests: EventPeople.addresses(base))
        } else {
            invitations.answer(record, formerly: base)
            if base["attendeesOmitted"]?.bool == true { record.rewrite(GuestRules.hideOthers) }
        }
        world.expectConference(of: record, on: calendar)
        return record
    }

    /// The record behind a target; an instance becomes an exception of its series.
    func materialise(_ target: EventTarget) -> EventRecord {
        switch target {
        case .stored(let record): return record
        case .instance:
            if let dropped = calendar.events[target.id] {
                dropped.life = .live
                return dropped
            }
            return calendar.events.make(target.id)
        }
    }

    /// The base with a merge patch laid over what may be written.
    private func patched(_ base: JSONObject, by body: JSONObject) -> JSONObject {
        let kept = writable(base, keepsAll: true)
        let patch = JSON.object(writable(body))
        var merged = JSON.object(kept).merging(patch)
        if let data = patch["conferenceData"], !data.isNull,
            ConferenceWriter.isAnother(data, than: kept["conferenceData"])
        {
            // Nothing of the former conference belongs to it.
            merged["conferenceData"] = JSON.object([:]).merging(data)
        }
        return merged.object ?? kept
    }

    /// What a `PUT` leaves: only what the body holds, but for members that this request's
    /// options take out of the client's hands.
    private func replaced(_ base: JSONObject, by body: JSONObject) -> JSONObject {
        var raw = writable(body)
        if options.labelVersion == 0 { raw["eventLabelId"] = base["eventLabelId"] }
        if !options.supportsAttachments { raw["attachments"] = base["attachments"] }
        if raw["eventType"] == nil { raw["eventType"] = base["eventType"] }
        return raw
    }

    /// The next sequence: one more when the organizer changes what guests must know.
    private func sequence(
        base: JSONObject, body: JSONObject, _ changed: Set<String>, isOrganizer: Bool
    ) throws(GoogleFailure) -> Int64 {
        let current = base["sequence"]?.int ?? 0
        let ignoresLow = world.switches.lowSequence == .ignored
        if let given = try EventChecks.sequence(body), given >= current || !ignoresLow {
            guard given >= current else {
                throw .invalid(
                    "Invalid sequence value. The specified sequence number is below the current "
                        + "sequence number of the resource. Re-fetch the resource and use its "
                        + "sequence number on the following request.")
            }
            // A guest's own copy follows the organizer's.
            if given > current, isOrganizer { return given }
        }
        let isRevision = EventFields.significant.contains { changed.contains($0) }
        return isOrganizer && isRevision ? min(current + 1, Int64(Int32.max)) : current
    }

    /// The names whose values differ, of those that a client may write.
    static func changedNames(_ base: JSONObject, _ new: JSONObject) -> Set<String> {
        var names: Set<String> = []
        for member in base where !EventFields.readOnly.contains(member.key) {
            if new[member.key] != member.value { names.insert(member.key) }
        }
        for member in new where !EventFields.readOnly.contains(member.key) {
            if base[member.key] == nil { names.insert(member.key) }
        }
        names.remove("sequence")
        return names
    }
}
