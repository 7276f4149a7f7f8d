import LosslessJSON

extension EventWriter {
    /// Adds a private copy of an event that lives elsewhere, or updates the copy that is there.
    ///
    /// - Throws: 400 without iCalUID, start or end, with a sequence below the copy's, or for an
    ///   instance that its series has not.
    func importEvent(_ body: JSONObject) throws(GoogleFailure) -> EventRecord {
        try EventTypes.check(body)
        let uid = try importUID(body)
        var raw = writable(body)
        EventTypeChecks.makePlain(&raw)
        let slot = try importSlot(body)
        if let slot {
            try check(slot, uid: uid)
            raw.removeValue(forKey: "recurrence")
        }
        let known = try knownCopy(uid: uid, slot: slot)
        try ConferenceWriter(world: world, options: options).settle(&raw, base: known?.document)
        var draft = try EventDraft(raw, zone: calendar.zone)
        let sequence = try importSequence(body, known: known)
        let id: String
        if let known { id = known.id } else { id = try freeID(body, slot: slot) }
        var fields = draft.fields
        fields.removeValue(forKey: "attendeesOmitted")
        fields["organizer"] = organizer(body, known: known)
        fields["creator"] =
            known?.document["creator"]
            ?? .object(EventPeople.creator(account, on: calendar))
        fields["iCalUID"] = .string(uid)
        fields["sequence"] = .number(JSONNumber(sequence))
        slot?.mark(&fields, in: calendar.zone)
        stampNew(&fields, id: id)
        if let created = known?.document["created"] { fields["created"] = created }
        markPeople(&fields)
        draft.fields = fields
        let record = known ?? calendar.events.make(id)
        let isCancelled = fields["status"]?.string == "cancelled"
        if record.life != .live, !isCancelled { reviveExceptions(of: record) }
        record.life = !isCancelled ? .live : slot == nil ? .deleted : .cancelled
        replace(record, draft, contentChanged: true)
        world.expectConference(of: record, on: calendar)
        return record
    }

    /// What an import would change; `nil` if it would add an event.
    ///
    /// - Throws: 400 for a body that names no event.
    func importTarget(_ body: JSONObject) throws(GoogleFailure) -> EventTarget? {
        try EventTypes.check(body)
        let uid = try importUID(body)
        guard let slot = try importSlot(body) else {
            return try knownCopy(uid: uid, slot: nil).map { .stored($0) }
        }
        do {
            return try EventTarget(id: slot.id, in: calendar)
        } catch {
            return nil  // Nothing has that place yet.
        }
    }

    private func importUID(_ body: JSONObject) throws(GoogleFailure) -> String {
        guard let uid = body["iCalUID"]?.nonNull?.string, !uid.isEmpty else {
            throw .required("Missing iCalUID.")
        }
        return uid
    }

    /// The instance that an import stands for; without its original start an instance is an event
    /// of its own.
    private func importSlot(_ body: JSONObject) throws(GoogleFailure) -> SeriesInstance? {
        body["originalStartTime"]?.nonNull == nil ? nil : try SeriesInstance(body)
    }

    /// An exception takes the place of an instance of a series that is here.
    ///
    /// - Throws: 400 `invalid`.
    private func check(_ slot: SeriesInstance, uid: String) throws(GoogleFailure) {
        guard let master = calendar.events[slot.series], master.life == .live,
            let series = master.series
        else { throw .invalid("Invalid value for: recurringEventId") }
        guard master.iCalUID == uid else { throw .invalid("Invalid value for: iCalUID") }
        let life = calendar.events[slot.id]?.life
        guard life == .live || life == .cancelled || series.has(slot.slot) else {
            throw .invalid("Invalid value for: originalStartTime")
        }
    }

    /// The sequence as given; one that is not given, or is low and ignored, stays the copy's.
    ///
    /// - Throws: 400 `invalid` for one below that of a live copy.
    private func importSequence(
        _ body: JSONObject, known: EventRecord?
    ) throws(GoogleFailure) -> Int64 {
        let current = known?.document["sequence"]?.int ?? 0
        guard let given = try EventChecks.sequence(body) else { return current }
        guard known?.life == .live, given < current else { return given }
        guard world.switches.lowSequence == .ignored else {
            throw .invalid("Invalid sequence value.")
        }
        return current
    }

    private func knownCopy(uid: String, slot: SeriesInstance?) throws(GoogleFailure) -> EventRecord?
    {
        if let slot { return calendar.events[slot.id] }
        let copies = calendar.events.records(uid: uid).filter { $0.seriesID == nil }
        return copies.first { $0.life == .live } ?? copies.last
    }

    private func freeID(_ body: JSONObject, slot: SeriesInstance?) throws(GoogleFailure) -> String {
        if let slot { return slot.id }
        guard let given = body["id"]?.nonNull?.string else {
            return world.nextEventID(on: calendar)
        }
        guard Self.isValidID(given) else { throw .invalidId }
        guard calendar.events[given] == nil else { throw .duplicate }
        return given
    }

    /// The organizer as given; without one that of the copy that is there, else this calendar.
    private func organizer(_ body: JSONObject, known: EventRecord?) -> JSON {
        guard let given = body["organizer"]?.nonNull?.object, given["email"]?.string != nil else {
            return known?.document["organizer"] ?? .object(EventPeople.organizer(of: calendar))
        }
        return .object(EventPeople.seen(.object(given), from: calendar.address)?.object ?? given)
    }
}
