import LosslessJSON

extension Invitations {
    /// Makes or updates the copy of an event on a guest's primary calendar.
    func updateCopy(of record: EventRecord, for guest: String) {
        guard let calendar = world.calendar(guest), calendar.isPrimary,
            EventPeople.organizerAddress(record.document) != guest
        else { return }
        let existing = calendar.events[record.id]
        if let existing, existing.iCalUID != record.iCalUID { return }  // Somebody took the id.
        if let existing, existing.life == .deleted || existing.life == .cancelled,
            !isAskedAgain(record, guest)
        {
            return
        }
        let copy = existing ?? calendar.events.make(record.id)
        copy.life = .live
        let fields = copyFields(of: record, on: calendar, over: existing?.document)
        if EventWriter.changedNames(copy.document, fields).isEmpty,
            copy.document["sequence"] == fields["sequence"]
        {
            return
        }
        let formerSeries = copy.series
        writer(on: calendar).store(
            copy,
            EventDraft(
                fields: fields, start: record.start, end: record.end, series: record.series),
            contentChanged: true)
        if let formerSeries, formerSeries.lines != record.series?.lines {
            copy.formerSeries.append((until: copy.change, series: formerSeries))
        }
    }

    /// Takes the copy off a guest's calendar.
    func cancelCopy(of record: EventRecord, at guest: String) {
        guard let calendar = world.calendar(guest), calendar.isPrimary,
            EventPeople.organizerAddress(record.document) != guest
        else { return }
        let writer = self.writer(on: calendar)
        if let copy = calendar.events[record.id], copy.iCalUID == record.iCalUID {
            guard copy.life == .live else { return }
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

    /// Whether the organizer wants a new answer of a guest who had deleted the copy.
    private func isAskedAgain(_ record: EventRecord, _ guest: String) -> Bool {
        record.document["attendees"]?.array?.contains {
            $0["email"]?.string?.lowercased() == guest
                && $0["responseStatus"]?.string == "needsAction"
        } == true
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
        fields["creator"] = EventPeople.seen(fields["creator"], from: calendar.id)
        fields["organizer"] = EventPeople.seen(fields["organizer"], from: calendar.id)
        fields["htmlLink"] = .string(
            EventLinks.html(eventID: record.id, calendarID: calendar.id))
        if let attendees = fields["attendees"]?.array {
            fields["attendees"] = .array(
                EventPeople.marked(attendees, organizer: organizer, calendarID: calendar.id))
        }
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
}
