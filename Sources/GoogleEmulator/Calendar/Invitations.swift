import LosslessJSON
import TandemFormats

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
        if record.isPrivateCopy { return }
        let guests = EventPeople.addresses(record.document)
        for guest in guests { updateCopy(of: record, for: guest) }
        for guest in formerGuests where !guests.contains(guest) {
            cancelCopy(of: record, at: guest)
        }
        mail(record, to: guests + formerGuests.filter { !guests.contains($0) })
    }

    /// Cancels the copies of a deleted event of all guests but some.
    func withdraw(_ record: EventRecord, besides others: Set<String> = []) {
        if record.isPrivateCopy { return }
        let guests = EventPeople.addresses(record.document).filter { !others.contains($0) }
        for guest in guests { cancelCopy(of: record, at: guest) }
        mail(record, to: guests)
    }

    /// Carries what a guest changed to the organizer's event, and from there to all guests: the
    /// own answer, whom the guest invited and, under `guestsCanModify`, everything shared.
    func answer(_ record: EventRecord, formerly base: JSONObject) {
        guard let (calendar, target) = organizersEvent(of: record) else { return }
        var draft = target.draft(in: calendar)
        let former = draft.fields
        let mayModify = former["guestsCanModify"]?.bool == true
        if mayModify { carryChanges(of: record, since: base, to: &draft, zone: calendar.zone) }
        let mine = ownEntry(record.document)
        carryGuests(
            of: record.document, mine: mine,
            replaces: mayModify && base["attendeesOmitted"]?.bool != true
                && record.document["attendees"] != base["attendees"],
            to: &draft.fields)
        store(draft, at: target, on: calendar, formerly: former, toldBy: record)
    }

    /// Carries a guest's deletion to the organizer's event as a refusal.
    func decline(_ record: EventRecord) {
        guard let mine = ownEntry(record.document),
            let (calendar, target) = organizersEvent(of: record)
        else { return }
        var draft = target.draft(in: calendar)
        let former = draft.fields
        carryGuests(of: [:], mine: mine, replaces: false, to: &draft.fields)
        store(draft, at: target, on: calendar, formerly: former, toldBy: record)
    }

    /// What all share, out of the copy of a guest who may modify the event.
    private func carryChanges(
        of copy: EventRecord, since base: JSONObject, to draft: inout EventDraft, zone: ZoneRules
    ) {
        let names = EventWriter.changedNames(base, copy.document)
            .subtracting(EventFields.ownToCopy)
            .subtracting(["attendees", "attendeesOmitted", "source"])
        for name in names.sorted() where name != "extendedProperties" {
            draft.fields[name] = copy.document[name]
        }
        if names.contains("conferenceData") {
            draft.fields["hangoutLink"] = copy.document["hangoutLink"]
        }
        if names.contains("extendedProperties") {
            var properties = draft.fields["extendedProperties"]?.object ?? [:]
            properties["shared"] = copy.document["extendedProperties"]?["shared"]
            draft.fields.setUnlessEmpty("extendedProperties", properties)
        }
        if !names.isDisjoint(with: ["start", "end", "recurrence"]) {
            (draft.start, draft.end, draft.series) = (copy.start, copy.end, copy.series)
            draft.fields["start"] = copy.start.json(in: zone)
            draft.fields["end"] = copy.end.json(in: zone)
        }
        if EventFields.significant.contains(where: names.contains) {
            let sequence = draft.fields["sequence"]?.int ?? 0
            draft.fields["sequence"] = .int(min(sequence + 1, Int64(Int32.max)))
        }
    }

    /// The organizer's list with the guest's own entry, and whom the guest invited.
    ///
    /// With more than 200 guests answers stay on the guest's own copy.
    private func carryGuests(
        of copy: JSONObject, mine: JSON?, replaces: Bool, to fields: inout JSONObject
    ) {
        let list = fields["attendees"]?.array ?? []
        let carriesAnswers = list.count <= Self.answerLimit
        var known: Set<String> = []
        var result: [JSON] = []
        let sent = copy["attendees"]?.array ?? []
        for attendee in replaces ? sent : list + sent {
            let email = attendee["email"]?.string?.lowercased() ?? ""
            guard known.insert(email).inserted else { continue }
            let isMine = email == home.address && mine != nil
            result.append(isMine && carriesAnswers ? mine ?? attendee : attendee)
        }
        fields.setUnlessEmpty("attendees", result)
    }

    private func ownEntry(_ document: JSONObject) -> JSON? {
        document["attendees"]?.array?.first { $0["email"]?.string?.lowercased() == home.address }
    }

    /// The organizer's own event, if the organizer's calendar is here.
    private func organizersEvent(of record: EventRecord) -> (CalendarRecord, EventTarget)? {
        guard let calendar = world.calendar(EventPeople.organizerAddress(record.document)),
            calendar !== home
        else { return nil }
        do {
            let target = try EventTarget(id: record.id, in: calendar)
            guard target.life == .live else { return nil }
            let base = target.document(in: calendar)
            guard base["iCalUID"] == record.document["iCalUID"],
                base["organizer"]?["self"]?.bool == true
            else { return nil }
            return (calendar, target)
        } catch {
            return nil  // The organizer no longer has the event; the copy stands alone.
        }
    }

    /// Writes the organizer's event, unless nothing changed, and tells every guest's calendar.
    private func store(
        _ draft: EventDraft, at target: EventTarget, on calendar: CalendarRecord,
        formerly base: JSONObject, toldBy record: EventRecord
    ) {
        let writer = self.writer(on: calendar)
        var draft = draft
        writer.markPeople(&draft.fields)
        guard !EventWriter.changedNames(base, draft.fields).isEmpty else { return }
        let original = writer.materialise(target)
        writer.replace(original, draft, contentChanged: true)
        let guests = EventPeople.addresses(draft.fields)
        for guest in guests { updateCopy(of: original, for: guest) }
        for guest in EventPeople.addresses(base) where !guests.contains(guest) {
            cancelCopy(of: original, at: guest)
        }
        mail(record, to: [EventPeople.organizerAddress(record.document)])
    }

    func writer(on calendar: CalendarRecord) -> EventWriter {
        EventWriter(world: world, calendar: calendar, account: actor, options: WriteOptions())
    }

    /// Counts one mail for each address that the request wants told.
    private func mail(_ record: EventRecord, to addresses: [String]) {
        for address in addresses where address != actor.email && address != home.address {
            switch notify {
            case .nobody: continue
            case .external where world.account(address) != nil: continue
            case .external, .everybody: world.mails.add(address)
            }
        }
    }
}
