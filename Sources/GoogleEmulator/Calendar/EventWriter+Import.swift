import LosslessJSON
import TandemFormats

extension EventWriter {
    /// Adds a private copy of an event that lives elsewhere, or updates the copy that is there.
    ///
    /// - Throws: 400 without iCalUID, start or end, or with a sequence below the copy's.
    func importEvent(_ body: JSONObject) throws(GoogleFailure) -> EventRecord {
        guard let uid = body["iCalUID"]?.nonNull?.string, !uid.isEmpty else {
            throw .required("Missing iCalUID.")
        }
        var raw = writable(body)
        EventTypeChecks.makePlain(&raw)
        let slot = try slot(body)
        if slot != nil { raw.removeValue(forKey: "recurrence") }
        let known = try knownCopy(uid: uid, slot: slot)
        try ConferenceWriter(world: world, options: options).settle(&raw, base: known?.document)
        var draft = try EventDraft(raw, zone: calendar.zone)
        let sequence = try EventChecks.sequence(body) ?? 0
        if let known, known.life == .live, sequence < known.document["sequence"]?.int ?? 0 {
            throw .invalid("Invalid sequence value.")
        }
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
        if let slot {
            fields["recurringEventId"] = .string(slot.series)
            fields["originalStartTime"] = slot.original.json(in: calendar.zone)
        }
        stampNew(&fields, id: id)
        if let created = known?.document["created"] { fields["created"] = created }
        markPeople(&fields)
        draft.fields = fields
        let record = known ?? calendar.events.make(id)
        let isCancelled = fields["status"]?.string == "cancelled"
        if record.life != .live, !isCancelled { reviveExceptions(of: record) }
        record.life = !isCancelled ? .live : slot == nil ? .deleted : .cancelled
        replace(record, draft, contentChanged: true)
        return record
    }

    /// Which instance of which series an imported exception stands for.
    struct ImportSlot {
        let series: String
        let original: EventMoment
        let suffix: String
    }

    private func slot(_ body: JSONObject) throws(GoogleFailure) -> ImportSlot? {
        guard let series = body["recurringEventId"]?.nonNull?.string,
            let original = body["originalStartTime"]?.nonNull
        else { return nil }
        guard Self.canNameSeries(series) else { throw .invalidId }
        let moment = try EventMoment(original, role: .original)
        let slot: RecurrenceSlot
        switch moment {
        case .date(let wall): slot = RecurrenceSlot(date: wall)
        case .dateTime(let seconds, _): slot = RecurrenceSlot(utcSeconds: seconds, zone: .utc)
        }
        return ImportSlot(series: series, original: moment, suffix: slot.idSuffix)
    }

    /// Whether that may be a series' id; Google's own are wider than what clients may choose.
    private static func canNameSeries(_ id: String) -> Bool {
        (1...1024).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    private func knownCopy(uid: String, slot: ImportSlot?) throws(GoogleFailure) -> EventRecord? {
        if let slot { return calendar.events["\(slot.series)_\(slot.suffix)"] }
        let copies = calendar.events.records(uid: uid).filter { $0.seriesID == nil }
        return copies.first { $0.life == .live } ?? copies.last
    }

    private func freeID(_ body: JSONObject, slot: ImportSlot?) throws(GoogleFailure) -> String {
        if let slot { return "\(slot.series)_\(slot.suffix)" }
        guard let given = body["id"]?.nonNull?.string else { return world.nextEventID() }
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
