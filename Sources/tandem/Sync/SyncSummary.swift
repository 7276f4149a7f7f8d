import LosslessJSON
import TandemCore
import TandemSync

/// What a sync came to, over all accounts.
struct SyncSummary: Sendable {
    var run: RunID
    var started: Timestamp
    var finished: Timestamp
    var outcomes: [AccountOutcome]
    var wasInterrupted: Bool

    /// What it came to for one account.
    struct AccountOutcome: Sendable {
        var id: AccountID
        var account: String
        /// `nil` where it could not begin.
        var report: AccountReport?
        var failure: CommandFailure?

        /// Why the process does not exit with 0.
        var exit: ExitReason? {
            if let failure { return failure.exit }
            return report?.attention.map(ExitReason.init)
        }

        /// What kept it from beginning, or stopped all of it.
        var halt: CommandFailure? {
            failure ?? report?.failure.map { CommandFailure($0, account: account) }
        }
    }

    /// The collections of all accounts.
    var collections: [CollectionReport] { outcomes.flatMap { $0.report?.collections ?? [] } }

    /// The order in which reasons count when several fit.
    private static let order: [ExitReason] = [
        .interrupted, .busy, .signInNeeded, .safetyStop, .rateLimited, .temporary,
        .configuration, .denied, .notFound, .other, .partial, .conflicts,
    ]

    var exit: ExitReason {
        guard !outcomes.isEmpty else { return .signInNeeded }
        let exits = outcomes.compactMap(\.exit) + (wasInterrupted ? [.interrupted] : [])
        return Self.order.first { exits.contains($0) } ?? exits.first ?? .done
    }

    var requests: Int { outcomes.reduce(0) { $0 + ($1.report?.traffic.requests ?? 0) } }
    var bytes: Int { outcomes.reduce(0) { $0 + ($1.report?.traffic.bytes ?? 0) } }

    /// How many writes Google was sent and took.
    var writes: Int { collections.reduce(0) { $0 + $1.pushed.total } }

    /// What was done, for when it cannot be printed; `nil` where nothing was.
    var change: MadeChange? {
        let isChanged = collections.contains { $0.pulled.total + $0.pushed.total > 0 }
        return isChanged ? MadeChange("sync", run: run) : nil
    }

    /// Whether something broke off before its end.
    var isHalted: Bool {
        wasInterrupted || outcomes.contains { $0.failure != nil || $0.report?.failure != nil }
    }

    var json: JSON {
        [
            "run": .string(run.rawValue), "started": .string(started.rfc3339),
            "finished": .string(finished.rfc3339), "halted": .bool(isHalted),
            "exit": .number(JSONNumber(Int64(exit.rawValue))),
            "requests": .number(JSONNumber(requests)), "bytes": .number(JSONNumber(bytes)),
            "accounts": .array(outcomes.map(\.json)),
            "collections": .array(collections.map(\.json)),
        ]
    }
}

extension ExitReason {
    init(_ attention: SyncAttention) {
        self =
            switch attention {
            case .interrupted: .interrupted
            case .signInNeeded: .signInNeeded
            case .clientRefused: .configuration
            case .held: .safetyStop
            case .throttled: .rateLimited
            case .temporarilyFailed: .temporary
            case .quarantined: .partial
            case .conflicts: .conflicts
            }
    }
}

extension SyncSummary.AccountOutcome {
    var json: JSON {
        let error =
            failure?.json["error"] ?? report?.failure?.json(account: account) ?? .null
        return ["account": .string(account), "error": error]
    }
}

extension CollectionReport {
    /// The report as `sync --json` shows it.
    var json: JSON {
        [
            "account": .string(account), "kind": .string(kind.rawValue), "name": .string(name),
            "id": .string(id.rawValue), "listing": .string(listing),
            "requests": .number(JSONNumber(requests)), "pulled": pulled.json,
            "pushed": pushed.json, "conflicts": .number(JSONNumber(conflicts)),
            "quarantined": .number(JSONNumber(quarantined)), "held": .number(JSONNumber(held)),
            "unconfirmed": .number(JSONNumber(unconfirmed)),
            "parked": .number(JSONNumber(parked)),
            "broughtBack": .array(broughtBack.map(\.json)),
            "error": failure?.json(account: account) ?? .null,
        ]
    }
}

extension BroughtBack {
    var json: JSON { ["item": .string(resource.rawValue), "title": .string(title)] }

    /// What people are told of a delete that was overruled, and the way to repeat it; Google does
    /// not say who edits.
    static func note(title: String, item: String) -> String {
        let title = title.isEmpty ? "(no title)" : TerminalText.oneLine(title)
        return "brought back: \(TerminalText.cut(title, to: 60)) (edited by another person or "
            + "program at Google after it was deleted here); to delete it all the same: "
            + "tandem events delete \(item)"
    }

    /// The same for every one that the stored summary of a run names.
    static func notes(in summary: JSON?) -> [String] {
        (summary?["collections"]?.array ?? []).flatMap { $0["broughtBack"]?.array ?? [] }.map {
            note(title: $0["title"]?.string ?? "", item: $0["item"]?.string ?? "")
        }
    }
}

extension ChangeCounts {
    var json: JSON {
        [
            "created": .number(JSONNumber(created)), "updated": .number(JSONNumber(updated)),
            "deleted": .number(JSONNumber(deleted)),
        ]
    }

    /// `+1 ~2 -3`, or nothing.
    var text: String {
        let parts = [("+", created), ("~", updated), ("-", deleted)].filter { $0.1 > 0 }
        return parts.map { "\($0.0)\($0.1)" }.joined(separator: " ")
    }

    /// The same for people: of what is new, how many are only cancelled.
    var words: String { text + (cancelled > 0 ? " (\(cancelled) cancelled)" : "") }
}

extension SyncFailure {
    /// The failure of an account as programs see it.
    func json(account: String) -> JSON {
        var json: JSONObject = [
            "code": .string("\(error.code)"), "message": .string(message),
            "remedy": .string(remedy(account: account)),
            "retryAt": retryAt.map { .string($0.rfc3339) } ?? .null,
        ]
        json["google"] = CommandFailure.google(
            api: error.api, method: error.method, status: error.status, reason: error.reason)
        return .object(json)
    }

    /// What happened, in words.
    var message: String {
        guard error.code == .offline else { return error.message }
        return "Google could not be reached; what was edited here is kept for a later sync. "
            + error.message
    }

    /// The next command to type, or what else to do.
    func remedy(account: String) -> String {
        switch attention {
        case .signInNeeded: "tandem auth login --account \(account.shellWord)"
        case .clientRefused:
            error.status == 403
                ? "Switch the API on for the client's project in Google's console, then: "
                    + "tandem sync"
                : "Get a new client file from Google's console, then: tandem auth login "
                    + "--account \(account.shellWord) --client-secrets FILE"
        case .throttled: "tandem sync --now"
        case .temporarilyFailed where error.code == .cursorExpired: "tandem sync --full"
        case .temporarilyFailed where error.code == .offline:
            "Once it can be reached: tandem sync\nWhat waits until then: tandem queue list"
        case .temporarilyFailed, .interrupted: "tandem sync"
        case .held: "tandem holds list"
        case .quarantined: "tandem quarantine list"
        case .conflicts: "tandem conflicts list"
        }
    }
}
