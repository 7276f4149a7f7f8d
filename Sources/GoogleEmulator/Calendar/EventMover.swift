import LosslessJSON
import TandemFormats

/// `events.move`: another calendar becomes the organizer.
///
/// - SeeAlso: Google Calendar API reference, "Events: move".
struct EventMover {
    let world: World
    let account: Account
    let source: CalendarRecord
    let destination: CalendarRecord
    let options: WriteOptions

    private var sourceWriter: EventWriter { writer(source) }

    private func writer(_ calendar: CalendarRecord) -> EventWriter {
        EventWriter(world: world, calendar: calendar, account: account, options: options)
    }

    /// - Throws: 400 for an instance or a special type, 403 for a guest's copy, 409 for an id or
    ///   an iCalUID that the destination has given to another event.
    func move(_ target: EventTarget) throws(GoogleFailure) -> EventRecord {
        guard case .stored(let record) = target, record.seriesID == nil else {
            throw .invalid("An instance of a recurring event cannot be moved.")
        }
        guard record.life == .live else { throw .deleted }
        guard record.eventType == "default" else {
            throw .invalid("Only events of type default can be moved.")
        }
        guard record.isOrganizers else { throw .notOrganizer }
        guard source !== destination else { return record }
        let exceptions = source.events.exceptions(of: record.id)
            .filter { $0.life == .live || $0.life == .cancelled }
        try checkRoom(for: [record] + exceptions)
        let lives = exceptions.map(\.life)
        let moved = arrive(record, life: .live)
        let others = zip(exceptions, lives).map { arrive($0, life: $1) }
        leave(record, exceptions)
        let invitations = writer(destination).invitations
        invitations.spread(moved, formerGuests: [])
        for exception in others where exception.life == .live {
            invitations.spread(exception, formerGuests: [])
        }
        return moved
    }

    /// A guest's copy becomes the event, and so does what was moved or deleted before; nothing
    /// else of the destination may go.
    ///
    /// - Throws: 409 `duplicate`.
    private func checkRoom(for records: [EventRecord]) throws(GoogleFailure) {
        for record in records {
            guard let there = destination.events[record.id] else { continue }
            let isOthers = there.life == .live && there.isOrganizers
            guard there.iCalUID == record.iCalUID, !isOthers else { throw .duplicate }
        }
        guard let moved = records.first else { return }
        let isTaken = destination.events.records(uid: moved.iCalUID).contains {
            $0.life == .live && ($0.seriesID ?? $0.id) != moved.id
        }
        guard !isTaken else { throw .duplicate }
    }

    /// The event on its new calendar.
    private func arrive(_ record: EventRecord, life: EventRecord.Life) -> EventRecord {
        let writer = self.writer(destination)
        var fields = record.document
        fields["organizer"] = .object(EventPeople.organizer(of: destination))
        fields["creator"] = EventPeople.seen(fields["creator"], from: destination.address)
        fields["htmlLink"] = .string(
            EventLinks.html(eventID: record.id, calendarID: destination.id))
        EventView.move(&fields, to: destination.zone)
        writer.markPeople(&fields)
        let arrived = destination.events[record.id] ?? destination.events.make(record.id)
        arrived.life = life
        writer.replace(arrived, EventDraft(record, fields: fields), contentChanged: true)
        world.moveConference(of: record, from: source, to: destination)
        return arrived
    }

    /// The old calendar keeps a stub, or a guest's copy if the old organizer is a guest.
    private func leave(_ record: EventRecord, _ exceptions: [EventRecord]) {
        guard EventPeople.addresses(record.document).contains(source.address) else {
            sourceWriter.cancel(record, as: .deleted)
            return
        }
        becomeCopy(record)
        for exception in exceptions where exception.life == .live {
            if EventPeople.addresses(exception.document).contains(source.address) {
                becomeCopy(exception)
            } else {
                sourceWriter.cancel(exception, as: .cancelled)
            }
        }
    }

    private func becomeCopy(_ record: EventRecord) {
        var fields = record.document
        let organizer = EventPeople.organizer(of: destination)
        fields["organizer"] = EventPeople.seen(.object(organizer), from: source.address)
        sourceWriter.markPeople(&fields)
        sourceWriter.store(record, EventDraft(record, fields: fields), contentChanged: true)
    }
}
