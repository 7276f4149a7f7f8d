import LosslessJSON

extension EventWriter {
    /// Deletes an event, a whole series, or one instance.
    ///
    /// - Throws: 410 `deleted` if it is deleted already.
    @discardableResult
    func delete(_ target: EventTarget) throws(GoogleFailure) -> EventRecord {
        guard target.life == .live else { throw .deleted }
        let draft = target.draft(in: calendar)
        let record = materialise(target)
        if target.isInstance {
            record.take(
                draft.fields, start: draft.start, end: draft.end, series: nil,
                version: world.nextVersion(), updated: world.now)
        }
        let exceptions = calendar.events.exceptions(of: record.id).filter { $0.life == .live }
        let staysInSeries = record.seriesID.flatMap { calendar.events[$0] }?.life == .live
        if !record.isOrganizers { markDeclined(record) }
        cancel(record, as: staysInSeries ? .cancelled : .deleted)
        guard record.isOrganizers else {
            invitations.decline(record)
            return record
        }
        invitations.withdraw(record)
        let invited = Set(EventPeople.addresses(record.document))
        for exception in exceptions { invitations.withdraw(exception, besides: invited) }
        return record
    }

    /// Notes a guest's refusal on the copy that goes, so that it is not brought back unasked.
    private func markDeclined(_ record: EventRecord) {
        record.rewrite { document in
            guard let attendees = document["attendees"]?.array else { return }
            document["attendees"] = .array(
                attendees.map { attendee in
                    guard attendee["self"]?.bool == true else { return attendee }
                    var own = attendee
                    own["responseStatus"] = "declined"
                    return own
                })
        }
    }

    /// Marks a stored event as gone, and its exceptions with it.
    func cancel(_ record: EventRecord, as life: EventRecord.Life) {
        record.life = life
        var document = record.document
        document["status"] = "cancelled"
        document["updated"] = .string(Stamp.utc(world.now))
        let uid = record.iCalUID
        record.take(
            document, start: record.start, end: record.end, series: record.series,
            version: world.nextVersion(), updated: world.now)
        calendar.events.touch(record, formerUID: uid, contentChangedAt: world.now)
        guard record.seriesID == nil else { return }
        for exception in calendar.events.exceptions(of: record.id)
        where exception.life == .live || exception.life == .cancelled {
            cancel(exception, as: .deleted)
        }
    }
}
