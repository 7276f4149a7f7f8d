import LosslessJSON

extension EventWriter {
    /// Deletes an event, a whole series, or one instance.
    ///
    /// - Throws: 410 `deleted` if it is deleted already.
    @discardableResult
    func delete(_ target: EventTarget) throws(GoogleFailure) -> EventRecord {
        guard target.life == .live else { throw .deleted }
        let base = target.document(in: calendar)
        let record: EventRecord
        if case .instance(let master, let slot) = target, let series = master.series {
            record = materialise(target)
            record.take(
                base, start: series.begin(of: slot), end: series.end(of: slot), series: nil,
                version: world.nextVersion(), updated: world.now)
        } else {
            record = materialise(target)
        }
        let staysInSeries = record.seriesID.flatMap { calendar.events[$0] }?.life == .live
        cancel(record, as: staysInSeries ? .cancelled : .deleted)
        if record.isOrganizers {
            invitations.withdraw(record)
        } else {
            invitations.decline(record)
        }
        return record
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
