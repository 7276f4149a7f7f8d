import GoogleAPI
import GoogleEmulator
import LosslessJSON
import Testing

/// The program under test: says what a calendar holds.
struct Agenda {
    let calendar: CalendarAPI

    func summary() async throws -> String {
        var titles: [String] = []
        do {
            for try await page in calendar.eventPages(of: "primary") {
                titles += page.items.compactMap { $0["summary"]?.string }
            }
        } catch {
            guard error.code == .backend else { throw error }
            return "Google is out of order, ask again later"
        }
        return titles.isEmpty ? "nothing to do" : titles.sorted().joined(separator: ", ")
    }
}

/// A Google of its own for each test: nothing is shared, nothing is left over.
@Suite struct AgendaTests {
    /// Lends the program under test, on a local Google.
    private func withAgenda(_ body: (Agenda, RunningGoogle) async throws -> Void) async throws {
        try await withGoogle(.init(users: ["ada@example.com"])) { running in
            let token = try running.google.accessToken(for: "ada@example.com")
            let endpoints = try GoogleEndpoints(loopback: running.url)
            try await GoogleClient.withClient(token: token, at: endpoints) { client in
                try await body(Agenda(calendar: CalendarAPI(client: client)), running)
            }
        }
    }

    @Test func `it tells what the calendar holds`() async throws {
        try await withAgenda { agenda, _ in
            #expect(try await agenda.summary() == "nothing to do")
            try await agenda.calendar.insertEvent(
                [
                    "summary": "Pump inspection", "start": ["date": "2026-11-09"],
                    "end": ["date": "2026-11-10"],
                ], into: "primary")
            #expect(try await agenda.summary() == "Pump inspection")
        }
    }

    @Test func `a failure of Google's is told, and the next try works`() async throws {
        try await withAgenda { agenda, running in
            try running.google.addFault(.init(method: "events.list", status: 503))
            #expect(try await agenda.summary() == "Google is out of order, ask again later")
            #expect(try await agenda.summary() == "nothing to do")
            #expect(running.google.requests.map(\.status) == [503, 200])
        }
    }
}
