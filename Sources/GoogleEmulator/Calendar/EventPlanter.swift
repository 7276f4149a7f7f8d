import LosslessJSON

/// Plants events as they were written down: with ids that no client could choose, with the times
/// of their making, with organizers elsewhere.
///
/// Everything else is checked as for a client.
struct EventPlanter {
    let world: World
    /// Instances that were taken out of their series; these come last, when all series are there.
    private var cancelled: [Seedling] = []
    /// What was planted for an organizer here, whose guests here get copies in the end.
    private var invited: [(seedling: Seedling, record: EventRecord)] = []

    private struct Seedling {
        let body: JSONObject
        let place: String
        let calendar: CalendarRecord
        let account: Account
    }

    init(world: World) {
        self.world = world
    }

    /// Plants one event.
    ///
    /// - Throws: `invalidSeed` with the place and what Google would say.
    mutating func plant(
        _ event: JSON, _ place: String, on calendar: CalendarRecord, by account: Account
    ) throws(LocalGoogleError) {
        let body = try SeedFields(event, place).json.object ?? [:]
        let seedling = Seedling(body: body, place: place, calendar: calendar, account: account)
        if body["status"]?.string == "cancelled", body["start"]?.nonNull == nil {
            cancelled.append(seedling)
            return
        }
        do throws(GoogleFailure) {
            let record = try make(seedling)
            let hasGuests = record.document["attendees"] != nil || record.seriesID != nil
            if record.life == .live, record.isOrganizers, hasGuests {
                invited.append((seedling, record))
            }
        } catch {
            throw Self.refusal(seedling, error)
        }
    }

    /// Sends guests their copies, without mails, and takes out the cancelled instances, theirs too.
    func finish() throws(LocalGoogleError) {
        for (seedling, record) in invited where record.seriesID == nil {
            writer(seedling).invitations.spread(record, formerGuests: [])
        }
        for seedling in cancelled {
            do throws(GoogleFailure) {
                guard let slot = try SeriesInstance(seedling.body) else {
                    throw .required(
                        "A deleted event needs start and end, or the instance that it was.")
                }
                let target = try EventTarget(id: slot.id, in: seedling.calendar)
                _ = try writer(seedling).delete(target)
            } catch {
                throw Self.refusal(seedling, error)
            }
        }
        for (seedling, record) in invited {
            guard let master = record.seriesID.flatMap({ seedling.calendar.events[$0] }) else {
                continue
            }
            // Who is a guest of the series alone has no part in that instance.
            writer(seedling).invitations.spread(
                record, formerGuests: EventPeople.addresses(master.document))
        }
    }

    private static func refusal(
        _ seedling: Seedling, _ failure: GoogleFailure
    ) -> LocalGoogleError {
        .invalidSeed("\(seedling.place): Google would refuse this event: \(failure.message)")
    }

    private func writer(_ seedling: Seedling) -> EventWriter {
        var options = WriteOptions()
        options.conferenceVersion = 1
        options.labelVersion = 1
        options.supportsAttachments = true
        return EventWriter(
            world: world, calendar: seedling.calendar, account: seedling.account,
            options: options)
    }

    private func make(_ seedling: Seedling) throws(GoogleFailure) -> EventRecord {
        let (body, calendar) = (seedling.body, seedling.calendar)
        let writer = writer(seedling)
        try EventTypes.check(body)
        let slot = try SeriesInstance(body)
        let id = try freeID(body, slot: slot, on: calendar)
        var raw = writer.writable(body)
        if slot != nil { raw.removeValue(forKey: "recurrence") }
        // A conference that is there already stays as it is; only one that is asked for is made.
        if let data = body["conferenceData"], data["entryPoints"]?.nonNull != nil {
            try ConferenceChecks.check(data, solutions: ConferenceChecks.readable)
        } else {
            try ConferenceWriter(world: world, options: writer.options).settle(&raw, base: nil)
        }
        let draft = try EventDraft(raw, zone: calendar.zone)
        try EventTypeChecks.checkPlace(draft.fields, on: calendar)
        var fields = draft.fields
        name(&fields, as: seedling)
        fields["iCalUID"] = .string(try freeUID(body, id: id, slot: slot, on: calendar))
        fields["sequence"] = .int(try EventChecks.sequence(body) ?? 0)
        for mark in ["privateCopy", "locked"] where body[mark]?.bool == true {
            fields[mark] = true
        }
        if let link = body["hangoutLink"]?.string { fields["hangoutLink"] = .string(link) }
        slot?.mark(&fields, in: calendar.zone)
        writer.stampNew(&fields, id: id)
        writer.markPeople(&fields)
        let updated = try moment("updated", body) ?? world.now
        fields["created"] = .string(Stamp.utc(try moment("created", body) ?? updated))
        fields["updated"] = .string(Stamp.utc(updated))
        fields["kind"] = "calendar#event"
        fields["etag"] = ""
        let record = calendar.events.make(id)
        if fields["status"]?.string == "cancelled" {
            record.life = slot == nil ? .deleted : .cancelled
        }
        record.take(
            EventFields.ordered(fields), start: draft.start, end: draft.end, series: draft.series,
            version: world.nextVersion(), updated: updated)
        calendar.events.touch(record, formerUID: "", contentChangedAt: updated)
        world.expectConference(of: record, on: calendar)
        return record
    }

    /// Organizer and creator as given, else as of an event that is made here.
    private func name(_ fields: inout JSONObject, as seedling: Seedling) {
        let (body, calendar) = (seedling.body, seedling.calendar)
        fields["organizer"] =
            person(body["organizer"], on: calendar)
            ?? .object(EventPeople.organizer(of: calendar))
        fields["creator"] =
            person(body["creator"], on: calendar)
            ?? .object(EventPeople.creator(seedling.account, on: calendar))
    }

    private func person(_ json: JSON?, on calendar: CalendarRecord) -> JSON? {
        guard let json, json["email"]?.string != nil else { return nil }
        return EventPeople.seen(json, from: calendar.address)
    }

    private func moment(_ name: String, _ body: JSONObject) throws(GoogleFailure) -> Int64? {
        guard let value = body[name]?.nonNull else { return nil }
        guard let moment = value.string.flatMap(Stamp.milliseconds) else {
            throw .invalid("Invalid value for: \(name)")
        }
        return moment
    }

    // MARK: Ids

    /// The id as given; of an exception the one that Google would give it.
    private func freeID(
        _ body: JSONObject, slot: SeriesInstance?, on calendar: CalendarRecord
    ) throws(GoogleFailure) -> String {
        let given = body["id"]?.nonNull?.string
        guard let id = slot?.id ?? given else { return world.nextEventID(on: calendar) }
        guard given == nil || given == id, SeriesInstance.canBeID(id) else { throw .invalidId }
        guard calendar.events[id] == nil else { throw .duplicate }
        return id
    }

    private func freeUID(
        _ body: JSONObject, id: String, slot: SeriesInstance?, on calendar: CalendarRecord
    ) throws(GoogleFailure) -> String {
        guard let uid = body["iCalUID"]?.nonNull?.string, !uid.isEmpty else {
            let master = slot.flatMap { calendar.events[$0.series] }
            return master?.iCalUID ?? "\(slot?.series ?? id)@google.com"
        }
        let isTaken = calendar.events.records(uid: uid).contains {
            $0.life == .live && $0.seriesID == nil
        }
        guard slot != nil || !isTaken else { throw .duplicate }
        return uid
    }
}
