import GoogleAPI
import LosslessJSON

/// Somebody else at the same Google, with a program and a token of her own.
struct DemoColleague: Sendable {
    let api: CalendarAPI
    /// The shared calendar's id at Google.
    let calendar: String

    init(google: Google, token: String, calendar: String) {
        api = CalendarAPI(
            client: GoogleClient(
                gate: google.gate, endpoints: google.endpoints, tokens: TokenSource(fixed: token),
                now: google.now))
        self.calendar = calendar
    }

    /// Changes an event.
    func patch(_ id: String, with patch: JSON) async throws {
        try await api.send(.patchEvent(id, in: calendar, with: patch))
    }

    /// Makes an event.
    func add(_ event: JSON) async throws { try await api.send(.insertEvent(event, into: calendar)) }

    /// Deletes an event.
    func delete(_ id: String) async throws { try await api.send(.deleteEvent(id, in: calendar)) }

    /// What Google holds of an event.
    func get(_ id: String) async throws -> JSON? {
        try await api.send(.getEvent(id, in: calendar)).json
    }
}
