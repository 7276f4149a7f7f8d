public import LosslessJSON

/// Google Calendar v3 for one account: makes calls, sends them, reads pages.
///
/// ``send(_:)``, ``page(_:)`` and ``batch(_:)`` take any ``CalendarCall``; the methods beside them
/// are short forms for the calls used most.
public struct CalendarAPI: Sendable {
    /// The authorised way to Google.
    public let client: GoogleClient

    /// Makes the client of one account's calendars.
    public init(client: GoogleClient) { self.client = client }

    /// Sends one call.
    ///
    /// - Returns: The answer's JSON and etag; without JSON after a delete.
    /// - Throws: ``GoogleError``.
    @discardableResult
    public func send(_ call: CalendarCall) async throws(GoogleError) -> GoogleAnswer {
        try await client.send(call.call)
    }

    /// Sends a listing's call and reads its page.
    public func page(_ call: CalendarCall) async throws(GoogleError) -> GooglePage {
        try await client.page(call.call)
    }

    /// Sends up to 50 calls in one request; see ``GoogleClient/batch(_:)``.
    ///
    /// - Returns: One outcome per call, in the order given.
    public func batch(
        _ calls: [CalendarCall]
    ) async throws(GoogleError) -> [Result<GoogleAnswer, GoogleError>] {
        try await client.batch(calls.map(\.call))
    }

    /// One page of the calendars that the person sees.
    public func listCalendarList(
        _ query: CalendarListQuery = CalendarListQuery()
    ) async throws(GoogleError) -> GooglePage {
        try await page(try .listCalendarList(query))
    }

    /// One page of a calendar's events.
    public func listEvents(
        of calendarID: String, _ query: EventsQuery = EventsQuery()
    ) async throws(GoogleError) -> GooglePage {
        try await page(try .listEvents(of: calendarID, query))
    }

    /// One page of a series' instances.
    public func listInstances(
        of eventID: String, in calendarID: String, _ query: InstancesQuery = InstancesQuery()
    ) async throws(GoogleError) -> GooglePage {
        try await page(try .listInstances(of: eventID, in: calendarID, query))
    }

    /// One page of a calendar's access rules.
    public func listRules(
        of calendarID: String, _ query: CalendarPageQuery = CalendarPageQuery()
    ) async throws(GoogleError) -> GooglePage {
        try await page(try .listRules(of: calendarID, query))
    }

    /// One page of the person's settings.
    public func listSettings(
        _ query: CalendarPageQuery = CalendarPageQuery()
    ) async throws(GoogleError) -> GooglePage {
        try await page(try .listSettings(query))
    }

    /// One event; a cancelled one, too.
    public func getEvent(
        _ eventID: String, in calendarID: String
    ) async throws(GoogleError) -> GoogleAnswer {
        try await send(try .getEvent(eventID, in: calendarID))
    }

    /// Inserts an event.
    @discardableResult
    public func insertEvent(
        _ event: JSON, into calendarID: String, _ options: EventWriteOptions = .init()
    ) async throws(GoogleError) -> GoogleAnswer {
        try await send(try .insertEvent(event, into: calendarID, options))
    }

    /// Changes fields of an event.
    @discardableResult
    public func patchEvent(
        _ eventID: String, in calendarID: String, with patch: JSON, ifMatch etag: String? = nil,
        _ options: EventWriteOptions = .init()
    ) async throws(GoogleError) -> GoogleAnswer {
        try await send(
            try .patchEvent(eventID, in: calendarID, with: patch, ifMatch: etag, options))
    }

    /// Cancels an event.
    public func deleteEvent(
        _ eventID: String, in calendarID: String, ifMatch etag: String? = nil,
        sendUpdates: SendUpdates = .nobody
    ) async throws(GoogleError) {
        try await send(
            try .deleteEvent(eventID, in: calendarID, ifMatch: etag, sendUpdates: sendUpdates))
    }
}
