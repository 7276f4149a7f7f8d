public import GoogleAPI
import LosslessJSON
public import TandemCore
public import TandemSync

/// One Google account as the engine sees it: calendars, and the events of each.
///
/// Events are listed as Google stores them, series and exceptions apart. A full listing and its
/// deltas are one query: deltas report what was deleted by themselves, and a full listing has the
/// cancelled instances of series that live, so neither asks for tombstones.
///
/// - SeeAlso: Google Calendar API guide, "Synchronize resources efficiently"; reference,
///   `events.list`, `showDeleted` and `syncToken`.
public struct GoogleAccountConnector: Connector {
    /// The rules of every kind that Google accounts have here.
    public static let rules: [any KindRules] = [CalendarRules(), EventRules()]

    /// Google's name for the list of calendars.
    static let calendarList = RemoteID(rawValue: "users/me/calendarList")

    /// Always `google`.
    public var provider: String { "google" }

    /// Up to 50 calls go into one batch.
    ///
    /// - SeeAlso: Google Calendar API guide, "Send batch requests".
    public var capabilities: ConnectorCapabilities {
        ConnectorCapabilities(
            maximumBatch: GoogleClient.maxBatchCalls, dailyReset: Self.dailyReset)
    }

    /// The rules of calendars and events.
    public var rules: [any KindRules] { Self.rules }

    /// The list of calendars.
    public var roots: [CollectionDraft] {
        [
            CollectionDraft(
                remoteID: Self.calendarList, kind: .calendar, name: "Calendars", access: .own)
        ]
    }

    /// Daily quotas begin anew at midnight Pacific time: at 07:00 or 08:00 UTC.
    ///
    /// - SeeAlso: Google Calendar API guide, "Manage quotas".
    private static let dailyReset = Duration.seconds(8 * 3600)

    private let api: MeteredAPI

    /// Connects to the account that `client` is authorised for.
    public init(client: GoogleClient) { api = MeteredAPI(CalendarAPI(client: client)) }

    /// Which query the cursors of a kind belong to; to be changed with ``listing(_:)``.
    public func fingerprint(of kind: Kind) -> String {
        kind == .calendar ? "calendarList/2 showHidden" : "events/2"
    }

    /// What went over the wire since the connector was made; bytes after unpacking.
    public var traffic: Traffic { api.traffic }

    // MARK: - Reading

    /// Reads one page: up to 250 calendars, or 2,500 events; 250 of events too large for that.
    public func pull(_ request: PullRequest) async throws(RemoteError) -> PulledPage {
        do throws(GoogleError) {
            let page: GooglePage
            do throws(GoogleError) {
                page = try await api.page(try listing(request, most: Self.mostEvents))
            } catch  where error.code == .answerTooLarge && request.collection.kind == .event {
                page = try await api.page(try listing(request, most: Self.fewEvents))
            }
            return PulledPage(
                items: PageReader.items(page, kind: request.collection.kind),
                next: page.nextPageToken,
                cursor: page.nextSyncToken.map { Cursor(rawValue: $0) },
                timeZone: page.document.root["timeZone"]?.string,
                access: page.document.root["accessRole"]?.string.map { CalendarRules.access($0) })
        } catch {
            throw FailureTable.remoteError(error, isWrite: false)
        }
    }

    /// The most that Google lists on one page.
    ///
    /// - SeeAlso: Google Calendar API reference, `events.list`, `maxResults`.
    private static let mostEvents = 2500
    private static let fewEvents = 250

    private func listing(
        _ request: PullRequest, most: Int
    ) throws(GoogleError) -> CalendarCall {
        guard request.collection.kind == .calendar else {
            var query = EventsQuery()
            query.maxResults = most
            query.pageToken = request.page
            query.syncToken = request.cursor?.rawValue
            return try .listEvents(of: request.collection.remoteID.rawValue, query)
        }
        var query = CalendarListQuery()
        query.maxResults = 250
        query.showHidden = true
        query.pageToken = request.page
        query.syncToken = request.cursor?.rawValue
        return try .listCalendarList(query)
    }

    // MARK: - Writing

    /// Sends writes: those of events in one request, those of calendars one after the other.
    public func push(
        _ requests: [PushRequest]
    ) async -> [Result<RemoteResource, RemoteError>] {
        var answers: [Result<RemoteResource, RemoteError>?] = []
        var calls: [CalendarCall] = []
        for request in requests {
            guard request.collection.kind != .calendar else {
                answers.append(await writeCalendar(request))
                continue
            }
            do throws(GoogleError) {
                calls.append(try EventWrites.call(for: request))
                answers.append(nil)
            } catch {
                answers.append(.failure(FailureTable.remoteError(error, isWrite: true)))
            }
        }
        var outcomes = await send(calls)[...]
        return zip(requests, answers).map { request, answer in
            if let answer { return answer }
            guard let outcome = outcomes.popFirst() else { return Self.lost(request) }
            return Self.answer(outcome.map { $0 }, of: request)
        }
    }

    /// One call goes by itself, several go into batches.
    private func send(_ calls: [CalendarCall]) async -> [Result<GoogleAnswer, GoogleError>] {
        guard calls.count != 1 else {
            do throws(GoogleError) {
                return [.success(try await api.send(calls[0]))]
            } catch {
                return [.failure(error)]
            }
        }
        var outcomes: [Result<GoogleAnswer, GoogleError>] = []
        var rest = calls[...]
        while !rest.isEmpty {
            outcomes += await api.batch(Array(rest.prefix(GoogleClient.maxBatchCalls)))
            rest = rest.dropFirst(GoogleClient.maxBatchCalls)
        }
        return outcomes
    }

    private func writeCalendar(
        _ request: PushRequest
    ) async -> Result<RemoteResource, RemoteError> {
        do throws(GoogleError) {
            return Self.answer(
                .success(try await CalendarWriter(api: api).write(request)), of: request)
        } catch {
            return Self.answer(.failure(error), of: request)
        }
    }

    /// Reads what a write answered: the resource as it now is, or nothing after a delete.
    private static func answer(
        _ outcome: Result<GoogleAnswer?, GoogleError>, of request: PushRequest
    ) -> Result<RemoteResource, RemoteError> {
        let answer: GoogleAnswer?
        switch outcome {
        case .failure(let error):
            return .failure(FailureTable.remoteError(error, isWrite: true))
        case .success(let success):
            answer = success
        }
        if let answer, let resource = PageReader.resource(answer, kind: request.collection.kind) {
            return .success(resource)
        }
        guard request.verb == .delete, let target = request.target else { return lost(request) }
        return .success(RemoteResource(remoteID: target, etag: nil, json: [:], isTombstone: true))
    }

    private static func lost(_ request: PushRequest) -> Result<RemoteResource, RemoteError> {
        .failure(
            RemoteError(
                .unknownOutcome,
                "Google's answer to a write names no resource; what became of it is looked up.",
                api: "calendar"))
    }

    // MARK: - Looking up

    /// Reads what Google holds under a write's target.
    ///
    /// After a lost answer to a move the event is looked for where it was to go: `present` says
    /// that it was moved, `absent` that it was not. A new calendar, whose id Google chooses, and an
    /// event with a UID from elsewhere are found by their contents, too, and then named by the id
    /// that Google gave them.
    public func lookUp(_ request: PushRequest) async throws(RemoteError) -> LookUp {
        do throws(GoogleError) {
            return try await request.collection.kind == .calendar
                ? lookUpCalendar(request) : lookUpEvent(request)
        } catch {
            throw FailureTable.remoteError(error, isWrite: false)
        }
    }

    private func lookUpCalendar(_ request: PushRequest) async throws(GoogleError) -> LookUp {
        if request.verb == .create, let body = request.body, body["id"] == nil {
            guard let entry = try await CalendarWriter(api: api).find(body),
                case .resource(let resource) = PageReader.item(entry, kind: .calendar)
            else { return .absent }
            return .present(resource)
        }
        guard let target = request.target else { return .absent }
        return try await found(try .getCalendarListEntry(target.rawValue), kind: .calendar)
    }

    private func lookUpEvent(_ request: PushRequest) async throws(GoogleError) -> LookUp {
        guard let target = request.target else { return .absent }
        let place =
            request.verb == .move
            ? request.destination ?? request.collection.remoteID : request.collection.remoteID
        let answer = try await found(
            try .getEvent(target.rawValue, in: place.rawValue), kind: .event)
        guard answer == .absent, request.verb == .create, let body = request.body,
            let uid = EventWrites.newEvent(body, id: target.rawValue)["iCalUID"]?.string
        else { return answer }
        var query = EventsQuery()
        query.iCalUID = uid
        let page = try await api.page(try .listEvents(of: place.rawValue, query))
        let copies = page.items.lazy.compactMap { PageReader.named($0, kind: .event) }
        let found = copies.first { $0.json["recurringEventId"] == nil }
        return found.map { .present($0) } ?? .absent
    }

    private func found(_ call: CalendarCall, kind: Kind) async throws(GoogleError) -> LookUp {
        do throws(GoogleError) {
            guard let resource = PageReader.resource(try await api.send(call), kind: kind) else {
                throw GoogleError(
                    code: .unreadable, message: "Google's answer names no resource.",
                    service: .calendar, method: call.call.name)
            }
            return resource.isTombstone ? .tombstone : .present(resource)
        } catch {
            switch error.code {
            case .notFound: return .absent
            case .deleted: return .tombstone
            default: throw error
            }
        }
    }
}
