import LosslessJSON

extension Invitations {
    /// Makes or updates the copy of a live event on a guest's primary calendar.
    func updateCopy(of record: EventRecord, for guest: String) {
        guard let calendar = world.calendar(guest), calendar.isPrimary,
            EventPeople.organizerAddress(record.document) != guest
        else { return }
        let existing = calendar.events[record.id]
        // Somebody took the id, or it is their own event that others hold under its id and UID.
        if let existing, existing.iCalUID != record.iCalUID || existing.isOrganizers { return }
        let isGone = existing.map(Self.isGone) ?? false
        let series = record.seriesID.flatMap { calendar.events[$0] }
        // Who took a whole series off gets no exception of it either.
        if let left = isGone ? existing : existing == nil ? series : nil, Self.isGone(left),
            !isWanted(left, of: record, guest)
        {
            return
        }
        let copy = existing ?? calendar.events.make(record.id)
        let fields = copyFields(of: record, on: calendar, over: existing?.document)
        let isKnown = copy.life == .live && Self.sharesAll(copy.document, fields)
        if existing != nil, isKnown { return }
        let writer = self.writer(on: calendar)
        copy.life = .live
        if isGone { writer.reviveExceptions(of: copy) }
        writer.replace(copy, EventDraft(record, fields: fields), contentChanged: true)
        if existing == nil || isGone { carryExceptions(of: record, to: guest) }
    }

    /// Gives a guest who is new to a series the instances that were changed or taken out before;
    /// who is a guest of the series alone has no part in an instance with other guests.
    private func carryExceptions(of master: EventRecord, to guest: String) {
        guard master.series != nil,
            let calendar = world.calendar(EventPeople.organizerAddress(master.document)),
            calendar.events[master.id] === master
        else { return }
        for exception in calendar.events.exceptions(of: master.id)
        where exception.life == .live || exception.life == .cancelled {
            let isGuest = EventPeople.addresses(exception.document).contains(guest)
            if isGuest, exception.life == .live {
                updateCopy(of: exception, for: guest)
            } else {
                cancelCopy(of: exception, at: guest)
            }
        }
    }

    private static func isGone(_ copy: EventRecord) -> Bool {
        copy.life == .deleted || copy.life == .cancelled
    }

    /// Whether a copy holds what the organizer's event says.
    private static func sharesAll(_ copy: JSONObject, _ fields: JSONObject) -> Bool {
        EventWriter.changedNames(copy, fields).isEmpty
            && ["sequence", "organizer", "hangoutLink"].allSatisfy { copy[$0] == fields[$0] }
    }

    /// Takes the copy off a guest's calendar.
    func cancelCopy(of record: EventRecord, at guest: String) {
        guard let calendar = world.calendar(guest), calendar.isPrimary,
            EventPeople.organizerAddress(record.document) != guest
        else { return }
        let writer = self.writer(on: calendar)
        if let copy = calendar.events[record.id], copy.iCalUID == record.iCalUID {
            guard copy.life == .live, !copy.isOrganizers else { return }
            let staysInSeries = copy.seriesID.flatMap { calendar.events[$0] }?.life == .live
            writer.cancel(copy, as: staysInSeries ? .cancelled : .deleted)
        } else if let seriesID = record.seriesID, calendar.events[seriesID]?.life == .live,
            calendar.events[record.id] == nil
        {
            let copy = calendar.events.make(record.id)
            copy.take(
                copyFields(of: record, on: calendar, over: nil), start: record.start,
                end: record.end, series: nil, version: world.nextVersion(), updated: world.now)
            writer.cancel(copy, as: .cancelled)
        }
    }

    /// Whether a copy that is gone comes back: not to a guest who took it off, unless asked anew.
    private func isWanted(
        _ copy: EventRecord, of record: EventRecord, _ guest: String
    ) -> Bool {
        let list = record.document["attendees"]?.array ?? []
        let answer = list.first { $0["email"]?.string?.lowercased() == guest }?["responseStatus"]
        let own = copy.document["attendees"]?.array?.first { $0["self"]?.bool == true }
        guard own?["responseStatus"]?.string == "declined" else { return true }
        // The answers of that many guests never reach the organizer.
        return answer?.string == "needsAction" && list.count <= Self.answerLimit
    }

    /// The organizer's event as the guest's calendar holds it.
    private func copyFields(
        of record: EventRecord, on calendar: CalendarRecord, over old: JSONObject?
    ) -> JSONObject {
        var fields = JSONObject()
        for member in record.document where !EventFields.ownToCopy.contains(member.key) {
            fields[member.key] = member.value
        }
        let organizer = EventPeople.organizerAddress(record.document)
        fields["creator"] = EventPeople.seen(fields["creator"], from: calendar.address)
        fields["organizer"] = EventPeople.seen(fields["organizer"], from: calendar.address)
        fields["htmlLink"] = .string(
            EventLinks.html(eventID: record.id, calendarID: calendar.id))
        fields["attendees"] = fields["attendees"]?.array.map {
            .array(
                EventPeople.marked($0, organizer: organizer, calendarID: calendar.address))
        }
        keepOwnAnswer(&fields, old: old)
        GuestRules.hideOthers(&fields)
        fields.removeValue(forKey: "source")  // Only the creator sees it.
        for (name, moment) in [("start", record.start), ("end", record.end)] {
            fields[name] = moment.json(in: calendar.zone)
        }
        fields["created"] = old?["created"] ?? fields["created"]
        for name in EventFields.ownToCopy.sorted() { fields[name] = old?[name] }
        if fields["reminders"] == nil { fields["reminders"] = ["useDefault": true] }
        keepPrivateProperties(&fields, old: old)
        return fields
    }

    private func keepPrivateProperties(_ fields: inout JSONObject, old: JSONObject?) {
        var properties = JSONObject()
        properties["private"] = old?["extendedProperties"]?["private"]
        properties["shared"] = fields["extendedProperties"]?["shared"]
        fields.setUnlessEmpty("extendedProperties", properties)
    }
    /// With more guests than answers are carried back of, each copy has its own answer.
    private func keepOwnAnswer(_ fields: inout JSONObject, old: JSONObject?) {
        guard let list = fields["attendees"]?.array, list.count > Self.answerLimit,
            let own = old?["attendees"]?.array?.first(where: { $0["self"]?.bool == true })
        else { return }
        fields["attendees"] = .array(list.map { $0["self"]?.bool == true ? own : $0 })
    }
}
