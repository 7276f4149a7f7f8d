import LosslessJSON

/// A conference that Google would still be making.
struct PendingConference {
    let event: Event
    /// When it is there, in milliseconds since 1970; `nil` waits for a command.
    let due: Int64?

    /// Whose conference it is.
    struct Event: Hashable {
        let calendarID: String
        let eventID: String
    }

    /// What becomes of it.
    enum Outcome: String, CaseIterable {
        case success
        case failure
    }
}

/// The conferences that are still to be made, at most one for each event.
struct PendingConferences {
    /// What comes due first stands first, what waits for a command last.
    private(set) var all: [PendingConference] = []
    private var events: Set<PendingConference.Event> = []

    /// When the first one comes due by itself, in milliseconds since 1970.
    var nextDue: Int64? { all.first?.due }

    /// Whether the event has one of its own.
    func contains(_ event: PendingConference.Event) -> Bool { events.contains(event) }

    /// Adds one, unless the event has one already.
    mutating func add(_ pending: PendingConference) {
        guard events.insert(pending.event).inserted else { return }
        var (low, high) = (0, all.count)
        while low < high {
            let middle = low + (high - low) / 2
            if all[middle].due ?? .max <= pending.due ?? .max {
                low = middle + 1
            } else {
                high = middle
            }
        }
        all.insert(pending, at: low)
    }

    /// Takes out all of them.
    mutating func takeAll() -> [PendingConference] {
        defer { self = PendingConferences() }
        return all
    }

    /// Takes out those that are due by then.
    mutating func takeDue(by now: Int64) -> [PendingConference] {
        let due = Array(all.prefix { $0.due.map { $0 <= now } ?? false })
        all.removeFirst(due.count)
        for pending in due { events.remove(pending.event) }
        return due
    }

    /// Forgets those of a calendar that is no more.
    mutating func removeAll(on calendarID: String) {
        all.removeAll { $0.event.calendarID == calendarID }
        events = Set(all.map(\.event))
    }

    /// Takes out the one of an event; `nil` if it has none.
    mutating func take(_ event: PendingConference.Event) -> PendingConference? {
        guard events.remove(event) != nil else { return nil }
        return all.firstIndex { $0.event == event }.map { all.remove(at: $0) }
    }
}

extension World {
    /// Remembers an event whose conference is still to be made.
    ///
    /// A guest's request is the organizer's to complete, whose event is then brought to all. An
    /// instance that was changed waits for its series, as the instances do that were not.
    func expectConference(of record: EventRecord, on calendar: CalendarRecord) {
        guard record.life == .live, record.hasPendingConference else { return }
        var holder = calendar
        if !record.isOrganizers,
            let organizers = self.calendar(EventPeople.organizerAddress(record.document)),
            let original = organizers.events[record.id], original.iCalUID == record.iCalUID,
            original.isOrganizers, original.life == .live, original.hasPendingConference
        {
            holder = organizers
        }
        if let series = record.seriesID.flatMap({ holder.events[$0] }), series.life == .live,
            series.iCalUID == record.iCalUID, series.hasPendingConference,
            series.conferenceRequest == record.conferenceRequest
        {
            return
        }
        let due = switches.conferencePendingSeconds.map { now &+ Int64($0) * 1000 }
        let event = PendingConference.Event(calendarID: holder.id, eventID: record.id)
        calendarState.pendingConferences.add(PendingConference(event: event, due: due))
    }

    /// Lets a conference go on being made where its event is now.
    func moveConference(
        of record: EventRecord, from source: CalendarRecord, to destination: CalendarRecord
    ) {
        let event = PendingConference.Event(calendarID: source.id, eventID: record.id)
        guard let pending = calendarState.pendingConferences.take(event) else { return }
        calendarState.pendingConferences.add(
            PendingConference(
                event: .init(calendarID: destination.id, eventID: record.id), due: pending.due))
    }

    /// Makes the conferences whose time has come.
    func completeDueConferences() {
        guard let due = calendarState.pendingConferences.nextDue, due <= now else { return }
        for pending in calendarState.pendingConferences.takeDue(by: now) {
            complete(pending, .success)
        }
    }

    /// Ends the making of all conferences.
    ///
    /// - Returns: How many there were.
    func completeConferences(_ outcome: PendingConference.Outcome) -> Int {
        let all = calendarState.pendingConferences.takeAll()
        for pending in all { complete(pending, outcome) }
        return all.count
    }

    /// Ends the making of a conference, which is a change of its event and of the exceptions that
    /// wait with it, those too that are on guests' calendars alone.
    private func complete(_ pending: PendingConference, _ outcome: PendingConference.Outcome) {
        guard let home = calendar(pending.event.calendarID),
            let record = home.events[pending.event.eventID]
        else { return }
        var made: [String: JSON] = [:]
        let exceptions = waitingExceptions(of: record, on: home, organizedOn: home)
        settle([record] + exceptions, on: home, outcome, made: &made)
        guard record.isOrganizers, record.life == .live else { return }
        for guest in EventPeople.addresses(record.document) {
            guard let calendar = calendar(guest), calendar.isPrimary, calendar !== home,
                calendar.events[record.id]?.iCalUID == record.iCalUID
            else { continue }
            let exceptions = waitingExceptions(of: record, on: calendar, organizedOn: home)
            settle(exceptions, on: calendar, outcome, made: &made)
        }
    }

    /// The exceptions of a series whose conference is made with the series'.
    private func waitingExceptions(
        of series: EventRecord, on calendar: CalendarRecord, organizedOn home: CalendarRecord
    ) -> [EventRecord] {
        calendar.events.exceptions(of: series.id).filter { exception in
            exception.iCalUID == series.iCalUID
                && [calendar, home].allSatisfy {
                    !calendarState.pendingConferences.contains(
                        .init(calendarID: $0.id, eventID: exception.id))
                }
        }
    }

    /// Writes what became of the conferences that events still wait for: one for each request.
    private func settle(
        _ records: [EventRecord], on calendar: CalendarRecord,
        _ outcome: PendingConference.Outcome, made: inout [String: JSON]
    ) {
        guard let owner = account(calendar.owner ?? "") ?? defaultAccount else { return }
        let writer = EventWriter(
            world: self, calendar: calendar, account: owner, options: WriteOptions())
        for record in records where record.life == .live && record.hasPendingConference {
            guard let data = record.document["conferenceData"]?.object else { continue }
            let request = record.conferenceRequest ?? ""
            let conference =
                made[request] ?? ConferenceWriter.completed(data, outcome, random: &random)
            made[request] = conference
            var fields = record.document
            fields["conferenceData"] = conference
            fields["hangoutLink"] = ConferenceWriter.meetAddress(conference)
            writer.store(record, EventDraft(record, fields: fields), contentChanged: true)
            if record.isOrganizers { writer.invitations.spread(record, formerGuests: []) }
        }
    }
}

extension EventRecord {
    /// Whether the event's conference was asked for and is not made yet.
    var hasPendingConference: Bool {
        let request = document["conferenceData"]?["createRequest"]
        return request?["status"]?["statusCode"]?.string == "pending"
    }

    /// The id of the request for the event's conference.
    var conferenceRequest: String? {
        document["conferenceData"]?["createRequest"]?["requestId"]?.string
    }
}
