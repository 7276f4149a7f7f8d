import LosslessJSON
import TandemFormats

/// Changes events of one calendar on behalf of one user.
struct EventWriter {
    let world: World
    let calendar: CalendarRecord
    let account: Account
    let options: WriteOptions

    /// Makes an event from a client's resource.
    ///
    /// - Throws: 400 for a bad resource or an empty iCalUID, 409 `duplicate` for a taken id or
    ///   iCalUID.
    func insert(_ body: JSONObject) throws(GoogleFailure) -> EventRecord {
        try EventTypes.check(body)
        let givenID = body["id"]?.nonNull?.string
        if let givenID {
            guard Self.isValidID(givenID) else { throw .invalidId }
            guard calendar.events[givenID] == nil else { throw .duplicate }
        }
        let uid = body["iCalUID"]?.nonNull?.string
        guard uid != "" else { throw .required("Missing iCalUID.") }
        if let uid, calendar.events.records(uid: uid).contains(where: { $0.life == .live }) {
            throw .duplicate
        }
        if body["eventType"]?.string == "fromGmail" {
            throw .invalid("Invalid value for: eventType")
        }
        var raw = writable(body)
        try ConferenceWriter(world: world, options: options).settle(&raw, base: nil)
        var draft = try EventDraft(raw, zone: calendar.zone)
        try EventTypeChecks.checkPlace(draft.fields, on: calendar)
        let id = givenID ?? world.nextEventID(on: calendar)
        var fields = draft.fields
        fields.removeValue(forKey: "attendeesOmitted")
        fields["organizer"] = .object(EventPeople.organizer(of: calendar))
        fields["creator"] = .object(EventPeople.creator(account, on: calendar))
        fields["iCalUID"] = .string(uid ?? "\(id)@google.com")
        fields["sequence"] = .int(try EventChecks.sequence(body) ?? 0)
        if body["privateCopy"]?.bool == true { fields["privateCopy"] = true }
        stampNew(&fields, id: id)
        markPeople(&fields)
        draft.fields = fields
        let record = calendar.events.make(id)
        if fields["status"]?.string == "cancelled" { record.life = .deleted }
        store(record, draft, contentChanged: true)
        guard record.life == .live else { return record }
        world.expectConference(of: record, on: calendar)
        invitations.spread(record, formerGuests: [])
        return record
    }

    /// Writes a checked resource into its record and notes the change.
    func store(_ record: EventRecord, _ draft: EventDraft, contentChanged: Bool) {
        var fields = draft.fields
        if contentChanged { fields["updated"] = .string(Stamp.utc(world.now)) }
        fields["kind"] = "calendar#event"
        fields["etag"] = ""
        let formerUID = record.iCalUID
        record.take(
            EventFields.ordered(fields), start: draft.start, end: draft.end,
            series: draft.series, version: world.nextVersion(),
            updated: contentChanged ? world.now : record.updated)
        calendar.events.touch(
            record, formerUID: formerUID, contentChangedAt: contentChanged ? world.now : nil)
    }

    /// The members that come from the server when an event is made.
    func stampNew(_ fields: inout JSONObject, id: String) {
        fields["id"] = .string(id)
        fields["htmlLink"] = .string(EventLinks.html(eventID: id, calendarID: calendar.id))
        fields["created"] = .string(Stamp.utc(world.now))
    }

    /// Sets the marks `organizer` and `self` among the guests.
    func markPeople(_ fields: inout JSONObject) {
        guard let attendees = fields["attendees"]?.array else { return }
        fields["attendees"] = .array(
            EventPeople.marked(
                attendees, organizer: EventPeople.organizerAddress(fields),
                calendarID: calendar.address))
    }

    /// What a client may write; what this request's options leave out stays only if all is kept.
    func writable(_ body: JSONObject, keepsAll: Bool = false) -> JSONObject {
        var raw = JSONObject()
        for member in body where !EventFields.readOnly.contains(member.key) {
            raw[member.key] = member.value
        }
        raw.removeValue(forKey: "sequence")
        if keepsAll { return raw }
        if options.labelVersion == 0 { raw.removeValue(forKey: "eventLabelId") }
        if !options.supportsAttachments { raw.removeValue(forKey: "attachments") }
        return raw
    }

    var invitations: Invitations {
        Invitations(world: world, home: calendar, actor: account, notify: options.notify)
    }

    /// Whether a client may choose that id: `[a-v0-9]{5,1024}`.
    static func isValidID(_ id: String) -> Bool {
        (5...1024).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "v")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
    }
}
