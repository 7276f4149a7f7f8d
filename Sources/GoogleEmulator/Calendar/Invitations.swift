import LosslessJSON

/// Carries events between the calendars of an organizer and of guests on this local Google, and
/// counts the mails that the real one would send.
struct Invitations {
    let world: World
    /// The calendar on which somebody just acted.
    let home: CalendarRecord
    let actor: Account
    var notify: WriteOptions.Notify = .nobody

    /// More guests than this, and answers are no longer carried back.
    static let answerLimit = 200

    /// Brings every guest's copy up to date with the organizer's event.
    func spread(_ record: EventRecord, formerGuests: [String]) {
        let guests = EventPeople.addresses(record.document)
        for guest in guests { updateCopy(of: record, for: guest) }
        for guest in formerGuests where !guests.contains(guest) {
            cancelCopy(of: record, at: guest)
        }
        mail(record, to: guests + formerGuests.filter { !guests.contains($0) })
    }

    /// Cancels every guest's copy of a deleted event.
    func withdraw(_ record: EventRecord) {
        let guests = EventPeople.addresses(record.document)
        for guest in guests { cancelCopy(of: record, at: guest) }
        mail(record, to: guests)
    }

    /// Carries a guest's answer to the organizer's event, and from there to the other guests.
    func answer(_ record: EventRecord, formerly base: JSONObject) {
        guard let (calendar, original) = organizersEvent(of: record) else { return }
        let writer = self.writer(on: calendar)
        var document = original.document
        if base["guestsCanModify"]?.bool == true {
            for name in EventWriter.changedNames(base, record.document)
            where !EventFields.ownToCopy.contains(name) && name != "attendees" {
                document[name] = record.document[name]
            }
        }
        guard let mine = ownEntry(record.document),
            document["attendees"]?.array?.count ?? 0 <= Self.answerLimit
        else { return }
        document["attendees"] = .array(
            merged(document["attendees"]?.array ?? [], with: record.document, mine: mine))
        store(document, in: original, like: record, with: writer)
        for guest in EventPeople.addresses(document) where guest != home.id {
            updateCopy(of: original, for: guest)
        }
        mail(record, to: [EventPeople.organizerAddress(record.document)])
    }

    /// Carries a guest's deletion to the organizer's event as a refusal.
    func decline(_ record: EventRecord) {
        guard var mine = ownEntry(record.document)?.object,
            let (calendar, original) = organizersEvent(of: record)
        else { return }
        mine["responseStatus"] = "declined"
        var document = original.document
        document["attendees"] = .array(
            merged(document["attendees"]?.array ?? [], with: [:], mine: .object(mine)))
        store(document, in: original, like: nil, with: writer(on: calendar))
        for guest in EventPeople.addresses(document) where guest != home.id {
            updateCopy(of: original, for: guest)
        }
        mail(record, to: [EventPeople.organizerAddress(record.document)])
    }

    /// The organizer's list with the guest's own entry, and whom the guest invited.
    private func merged(_ list: [JSON], with copy: JSONObject, mine: JSON) -> [JSON] {
        let address = mine["email"]?.string?.lowercased()
        var known: Set<String> = []
        var result = list.map { attendee in
            let email = attendee["email"]?.string?.lowercased() ?? ""
            known.insert(email)
            return email == address ? mine : attendee
        }
        for attendee in copy["attendees"]?.array ?? [] {
            guard let email = attendee["email"]?.string?.lowercased(), !known.contains(email)
            else { continue }
            result.append(attendee)
        }
        return result
    }

    private func ownEntry(_ document: JSONObject) -> JSON? {
        document["attendees"]?.array?.first { $0["email"]?.string?.lowercased() == home.id }
    }

    /// The organizer's own event, if the organizer's calendar is here.
    private func organizersEvent(of record: EventRecord) -> (CalendarRecord, EventRecord)? {
        guard let calendar = world.calendar(EventPeople.organizerAddress(record.document)),
            calendar !== home
        else { return nil }
        do {
            let target = try EventTarget(id: record.id, in: calendar)
            guard target.life == .live else { return nil }
            let base = target.document(in: calendar)
            guard base["iCalUID"] == record.document["iCalUID"] else { return nil }
            let original = writer(on: calendar).materialise(target)
            if case .instance(let master, let slot) = target, let series = master.series {
                original.take(
                    base, start: series.begin(of: slot), end: series.end(of: slot), series: nil,
                    version: world.nextVersion(), updated: world.now)
            }
            return (calendar, original)
        } catch {
            return nil  // The organizer no longer has the event; the copy stands alone.
        }
    }

    private func store(
        _ document: JSONObject, in original: EventRecord, like copy: EventRecord?,
        with writer: EventWriter
    ) {
        let id = EventPeople.organizerAddress(document)
        var fields = document
        if let attendees = document["attendees"]?.array {
            fields["attendees"] = .array(
                EventPeople.marked(attendees, organizer: id, calendarID: writer.calendar.id))
        }
        let followsCopy = copy?.document["guestsCanModify"]?.bool == true
        writer.store(
            original,
            EventDraft(
                fields: fields, start: followsCopy ? copy?.start ?? original.start : original.start,
                end: followsCopy ? copy?.end ?? original.end : original.end,
                series: followsCopy ? copy?.series : original.series),
            contentChanged: true)
    }

    func writer(on calendar: CalendarRecord) -> EventWriter {
        EventWriter(world: world, calendar: calendar, account: actor, options: WriteOptions())
    }

    /// Counts one mail for each address that the request wants told.
    private func mail(_ record: EventRecord, to addresses: [String]) {
        for address in addresses where address != actor.email && address != home.id {
            switch notify {
            case .nobody: continue
            case .external where world.account(address) != nil: continue
            case .external, .everybody: world.mails.add(address)
            }
        }
    }
}
