import Foundation
import GoogleAPI
import GoogleConnector
import LosslessJSON
import TandemCore
import TandemStore
import TandemSync

/// Keeps a Google account in the folder `calendars`; titles become events, offline, first.
@main struct EmbeddedSync {
    static func main() async throws {
        let settings = ProcessInfo.processInfo.environment
        let google = try settings["GOOGLE_URL"].map { try GoogleEndpoints(loopback: $0) } ?? .google
        guard let token = settings["GOOGLE_TOKEN"] else { return print("Set GOOGLE_TOKEN.") }
        let rulebook = Rulebook(GoogleAccountConnector.rules)
        try await Store.withStore(folder: "calendars", rulebook: rulebook) { store in
            let account = try await store.write {
                try $0.accounts.ensure(name: "ada", provider: "google")
            }
            for title in CommandLine.arguments.dropFirst() {
                try await add(title, to: account, in: store)
            }
            let report = try await GoogleClient.withClient(token: token, at: google) { client in
                try await Synchronizer(store: store)
                    .sync(account, through: GoogleAccountConnector(client: client))
            }
            for part in report.collections {
                print("\(part.name): \(part.pulled.total) read, \(part.pushed.total) sent")
            }
            for failure in report.failures { print(failure.error.message) }
        }
    }

    /// Writes to the store only: the event is safe on the disk, and is sent by the next sync.
    static func add(_ title: String, to account: Account, in store: Store) async throws {
        try await store.write { transaction in
            let calendars = try transaction.collections.list(of: account.id)
            guard let calendar = calendars.first(where: { $0.kind == .event }) else { return }
            let day: JSON = ["start": ["date": "2026-11-09"], "end": ["date": "2026-11-10"]]
            let event = day.merging(["summary": .string(title)])
            try transaction.createLocally(event, kind: .event, in: calendar, run: nil)
        }
    }
}
