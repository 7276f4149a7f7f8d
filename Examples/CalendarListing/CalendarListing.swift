import Foundation
import GoogleAPI
import LosslessJSON

/// Lists the primary calendar page by page; run again, it lists what changed meanwhile.
@main struct CalendarListing {
    /// Where the sync token is kept from one run to the next.
    static let place = URL(filePath: "sync-token")

    static func main() async throws {
        let settings = ProcessInfo.processInfo.environment
        let google = try settings["GOOGLE_URL"].map { try GoogleEndpoints(loopback: $0) } ?? .google
        guard let token = settings["GOOGLE_TOKEN"] else { return print("Set GOOGLE_TOKEN.") }
        let isKept = FileManager.default.fileExists(atPath: place.path)
        let syncToken = isKept ? try String(contentsOf: place, encoding: .utf8) : nil
        do {
            try await GoogleClient.withClient(token: token, at: google) { client in
                try await update(CalendarAPI(client: client), since: syncToken)
            }
        } catch let error as GoogleError {
            print(error.message)
        }
    }

    /// Lists what changed, or everything where Google no longer knows the sync token.
    static func update(_ calendar: CalendarAPI, since syncToken: String?) async throws {
        do {
            try await list(calendar, since: syncToken)
        } catch let error as GoogleError where error.code == .fullSyncRequired {
            print("The sync token is too old: everything is listed again.")
            try await list(calendar, since: nil)
        }
    }

    /// Prints pages, and what changed; keeps the sync token, which only the last page has.
    static func list(_ calendar: CalendarAPI, since syncToken: String?) async throws {
        var query = EventsQuery()
        query.maxResults = 100
        query.syncToken = syncToken
        for try await page in calendar.eventPages(of: "primary", query) {
            print("events on this page: \(page.items.count)")
            for event in page.items where syncToken != nil {
                let isGone = event["status"]?.string == "cancelled"
                print(isGone ? "gone:" : "here:", event["summary"]?.string ?? "an event")
            }
            try page.nextSyncToken?.write(to: place, atomically: true, encoding: .utf8)
        }
    }
}
