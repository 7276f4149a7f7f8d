import ArgumentParser
import LosslessJSON
import TandemCore
import TandemStore

/// `status`: how fresh everything is, and what waits.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show how fresh everything is, and what waits.",
        usage: "tandem status [<options>]",
        discussion: """
            Items are counted as 'tandem events list' lists them: a series is one,
            and cancelled or deleted ones are none.
            """)

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withApp(options) { app in
            let report = try await app.reading { transaction in
                try StatusReport(
                    Directory(transaction, accounts: app.options.accounts), in: transaction)
            }
            return Outcome(report.answer(ItemText(zone: app.zone)))
        }
    }
}

/// The state of the chosen accounts.
struct StatusReport: Sendable {
    private var accounts: [AccountStatus] = []

    private struct AccountStatus: Sendable {
        var account: Account
        var state: String
        var collections: [CollectionStatus]
        var lastSync: LastSync?
    }

    private struct CollectionStatus: Sendable {
        var collection: RemoteCollection
        var state: String
        var items: Int
        var dirty: Int
        var conflicts: Int
        var quarantined: Int
        var held: Int
        /// Whether anything of it waits for Google or for a person.
        var waits: Bool { dirty + conflicts + quarantined + held > 0 }
        var parkedUntil: Timestamp?
        var reason: String?
    }

    /// What was read longer ago counts as stale: two intervals of five minutes, each up to a
    /// quarter longer, and a little.
    static let freshFor = Duration.seconds(900)

    init(_ directory: Directory, in transaction: StoreTransaction) throws {
        let now = transaction.environment.now()
        let leases = try transaction.leases.list()
        let syncs = try LastSync.of(directory.accounts, in: transaction)
        for account in directory.accounts {
            let root = directory.collections.first { $0.account == account.id && $0.isRoot }
            // What waits in a calendar that is gone at Google is told as long as it waits.
            let collections = try directory.collections
                .filter { $0.account == account.id }
                .map { try Self.status(of: $0, below: root, account, at: now, in: transaction) }
                .filter { !$0.collection.isGone || $0.waits }
            let isBusy = leases.contains {
                $0.account == account.id && $0.isBinding(in: transaction.environment)
            }
            let state =
                if account.state == .needsConsent {
                    "needs-consent"
                } else if isBusy {
                    "busy"
                } else if collections.isEmpty
                    || collections.contains(where: { $0.state != "fresh" })
                {
                    "stale"
                } else {
                    "fresh"
                }
            accounts.append(
                AccountStatus(
                    account: account, state: state, collections: collections,
                    lastSync: syncs[account.name]))
        }
    }

    private static func status(
        of collection: RemoteCollection, below root: RemoteCollection?, _ account: Account,
        at now: Timestamp, in transaction: StoreTransaction
    ) throws -> CollectionStatus {
        let states = try transaction.resources.states(in: collection.id)
        let parked = [collection.parkedUntil, account.parkedUntil].compactMap { $0 }.max()
        let isParked = parked.map { $0 > now } ?? false
        return CollectionStatus(
            collection: collection,
            state: state(
                of: collection, below: root, isSignedIn: account.state == .ok, at: now),
            items: try transaction.resources.count(in: collection.id),
            dirty: states[.dirty, default: 0] + states[.pushing, default: 0]
                + states[.unconfirmed, default: 0],
            conflicts: try transaction.conflicts.count(in: collection.id),
            quarantined: try transaction.quarantine.count(in: collection.id),
            held: try transaction.holds.list(in: collection.id).reduce(0) { $0 + $1.deletes },
            parkedUntil: isParked ? parked : nil,
            reason: collection.isGone ? "gone" : collection.parkReason ?? account.parkReason)
    }

    /// `fresh` only if the last reading came to its end, and not too long ago; `parked` only until
    /// a moment that is known.
    ///
    /// - Parameters:
    ///   - collection: The collection.
    ///   - root: The list of the account's collections: where that could not be read, the others
    ///     were not even asked for.
    ///   - isSignedIn: Whether Google lets the account in: else nothing of it can be read, however
    ///     short a while ago it was.
    ///   - now: The moment it is.
    /// - Returns: The contract's word.
    static func state(
        of collection: RemoteCollection, below root: RemoteCollection? = nil,
        isSignedIn: Bool = true, at now: Timestamp
    ) -> String {
        guard !collection.isGone else { return CollectionState.unreachable.rawValue }
        let rests = collection.parkedUntil.map { $0 > now } ?? false
        guard collection.state == .fresh || collection.state == .parked && !rests else {
            return collection.state.rawValue
        }
        guard let success = collection.lastSuccess else { return "new" }
        for attempt in [collection.lastAttempt, root.flatMap(failedAttempt)].compactMap({ $0 })
        where attempt > success {
            return "stale"
        }
        guard isSignedIn else { return "stale" }
        let age = now.duration(since: success)
        return age > freshFor || age < .zero - freshFor ? "stale" : "fresh"
    }

    /// When the list of collections was last asked for in vain.
    private static func failedAttempt(_ root: RemoteCollection) -> Timestamp? {
        guard let attempt = root.lastAttempt else { return nil }
        return root.lastSuccess.map { $0 < attempt } ?? true ? attempt : nil
    }

    var json: JSON { ["accounts": .array(accounts.map(json))] }

    private func json(_ status: AccountStatus) -> JSON {
        [
            "account": .string(status.account.name),
            "email": status.account.email.map { .string($0) } ?? .null,
            "state": .string(status.state), "lastSync": status.lastSync?.json ?? .null,
            "collections": .array(status.collections.map(json)),
        ]
    }

    private func json(_ status: CollectionStatus) -> JSON {
        func number(_ value: Int) -> JSON { .number(JSONNumber(value)) }
        let collection = status.collection
        return [
            "id": .string(collection.id.rawValue), "kind": .string(collection.kind.rawValue),
            "name": .string(collection.name), "state": .string(status.state),
            "lastSuccess": collection.lastSuccess.map { .string($0.rfc3339) } ?? .null,
            "parkedUntil": status.parkedUntil.map { .string($0.rfc3339) } ?? .null,
            "reason": status.reason.map { .string($0) } ?? .null, "items": number(status.items),
            "dirty": number(status.dirty), "conflicts": number(status.conflicts),
            "quarantined": number(status.quarantined), "held": number(status.held),
        ]
    }

    func answer(_ text: ItemText) -> Answer {
        let notes = accounts.compactMap { status in
            status.state == "needs-consent"
                ? "Sign in again: tandem auth login --account \(status.account.name.shellWord)"
                : status.lastSync?.note(
                    account: status.account.name, text,
                    unsent: status.collections.reduce(0) { $0 + $1.dirty })
        }
        return Answer(json: json, times: text, notes: notes) { table($0) }
    }

    private func table(_ text: ItemText) -> TextTable {
        var table = TextTable(
            columns: [
                .init(title: "account", isElastic: true),
                .init(title: "calendar", isElastic: true),
                .init(title: "state"), .init(title: "last read"),
                .init(title: "items", isNumeric: true),
                .init(title: "unsent", isNumeric: true, isOccasional: true),
                .init(title: "conflicts", isNumeric: true, isOccasional: true),
                .init(title: "set aside", isNumeric: true, isOccasional: true),
                .init(title: "held", isNumeric: true, isOccasional: true),
                .init(title: "parked until", isOccasional: true),
                .init(title: "reason", isElastic: true, isOccasional: true),
            ])
        table.emptyText = Directory.noAccount
        for status in accounts {
            if status.collections.isEmpty {
                table.rows.append([status.account.name, "", status.state])
            }
            for one in status.collections {
                table.rows.append([
                    status.account.name, one.collection.name, one.state,
                    one.collection.lastSuccess.map { text.time($0.seconds) } ?? "never",
                    String(one.items), Self.count(one.dirty), Self.count(one.conflicts),
                    Self.count(one.quarantined), Self.count(one.held),
                    one.parkedUntil.map { text.time($0.seconds) } ?? "",
                    one.reason.map { text.isExact ? $0 : RestReason.words($0) } ?? "",
                ])
            }
        }
        return table
    }

    private static func count(_ number: Int) -> String { number == 0 ? "" : String(number) }
}

/// Why a collection rests, in words for people.
enum RestReason {
    /// The words for the engine's own word, which is shown itself where nothing better is known.
    static func words(_ reason: String) -> String { sentences[reason] ?? reason }

    private static let sentences: [String: String] = [
        "offline": "Google could not be reached",
        "transient": "Google failed",
        "unknownOutcome": "an answer was lost",
        "untrusted": "the connection could not be trusted",
        "throttled": "too many requests",
        "quotaExceeded": "a usage limit is reached, so nothing is sent for now",
        "dailyLimitExceeded": "the day's limit is reached",
        "signInNeeded": "the sign-in no longer counts",
        "permissionMissing": "the sign-in does not cover it",
        "clientRefused": "Google refuses the client, or its project lacks the API",
        "forbidden": "Google does not allow it",
        "notFound": "it is not there any more, or no longer shared",
        "gone": "it was deleted",
        "cursorExpired": "everything has to be listed again",
        "rejected": "Google does not take the request",
    ]
}
