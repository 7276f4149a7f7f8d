import LosslessJSON
import TandemFormats

// What becomes of the instances of a series that changes.
extension EventWriter {
    /// How many former rules and starts a series remembers for the cursors that saw them.
    private static let mostFormerSeries = 20

    /// Writes a resource over another one that may be a series, or was one.
    ///
    /// Cursors hear of the instances that are no more, and exceptions without a slot go.
    func replace(_ record: EventRecord, _ draft: EventDraft, contentChanged: Bool) {
        let isNew = record.version == 0
        let former = record.series
        store(record, draft, contentChanged: contentChanged)
        if let former, !former.yieldsSame(as: record.series) {
            remember(former, of: record)
            if world.switches.seriesChangeDropsExceptions { dropLostExceptions(of: record) }
        } else if former == nil, !isNew, let series = record.series {
            remember(series.asSingle, of: record)
        }
    }

    private func remember(_ former: EventSeries, of record: EventRecord) {
        record.formerSeries.removeAll {
            $0.series.yieldsSame(as: former) && $0.series.duration == former.duration
        }
        record.formerSeries.append((until: record.change, series: former))
        guard record.formerSeries.count > Self.mostFormerSeries else { return }
        calendar.events.forgetInstances(until: record.formerSeries.removeFirst().until)
    }

    /// Takes out the exceptions whose start the changed series no longer yields; those whom only
    /// the exception invited lose it.
    private func dropLostExceptions(of master: EventRecord) {
        let invited = Set(EventPeople.addresses(master.document))
        for exception in calendar.events.exceptions(of: master.id)
        where exception.life == .live || exception.life == .cancelled {
            let suffix = exception.id.dropFirst(master.id.utf8.count + 1)
            if let series = master.series, let slot = RecurrenceSlot(anySuffix: suffix),
                series.has(slot)
            {
                continue
            }
            let wasLive = exception.life == .live
            cancel(exception, as: .dropped)
            if wasLive, exception.isOrganizers {
                invitations.withdraw(exception, besides: invited)
            }
        }
    }

    /// Shows the exceptions that were deleted with a series as cancelled instances again.
    func reviveExceptions(of master: EventRecord) {
        for exception in calendar.events.exceptions(of: master.id)
        where exception.life == .deleted {
            cancel(exception, as: .cancelled)
        }
    }
}
