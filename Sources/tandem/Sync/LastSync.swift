import LosslessJSON
import TandemCore
import TandemStore

/// How the last sync of an account ended.
struct LastSync: Sendable {
    private let run: RunID
    private let finished: Timestamp
    private let exit: Int?
    /// What went wrong with the account, as the sync said it then.
    private let error: JSON?
    /// In which collection, where it was not all of the account.
    private let place: String?

    /// So many runs are looked at in all, and so many at a time.
    private static let (reach, chunk) = (1_000, 20)

    /// The last sync of each account that came to its end, by the account's name; what an earlier
    /// account of that name went through is not told of it.
    static func of(
        _ accounts: [Account], in transaction: StoreTransaction
    ) throws -> [String: LastSync] {
        var found: [String: LastSync] = [:]
        var (mark, seen) = (RunID?.none, 0)
        while found.count < accounts.count, seen < reach {
            let runs = try transaction.runs.list(limit: chunk, after: mark)
            for run in runs where run.command == "sync" {
                for account in accounts
                where found[account.name] == nil && run.started >= account.createdAt {
                    found[account.name] = LastSync(of: account.name, in: run)
                }
            }
            guard runs.count == chunk, let last = runs.last else { break }
            (mark, seen) = (last.id, seen + runs.count)
        }
        return found
    }

    /// `nil` where the run did not come to its end, or was about others.
    init?(of account: String, in run: RunRecord) {
        let accounts = run.summary?["accounts"]?.array ?? []
        guard let finished = run.finished,
            let own = accounts.first(where: { $0["account"]?.string == account })
        else { return nil }
        let collection = (run.summary?["collections"]?.array ?? []).first {
            $0["account"]?.string == account && $0["error"]?["message"] != nil
        }
        self.run = run.id
        self.finished = finished
        exit = run.exit
        let whole = own["error"].flatMap { $0["message"] == nil ? nil : $0 }
        error = whole ?? collection?["error"]
        place = whole == nil ? collection?["name"]?.string : nil
    }

    var json: JSON {
        [
            "run": .string(run.rawValue), "finished": .string(finished.rfc3339),
            "exit": exit.map { .number(JSONNumber($0)) } ?? .null, "error": error ?? .null,
        ]
    }

    /// When it failed, why, what waits and what to type; `nil` where it did not fail.
    func note(account: String, _ text: ItemText, unsent: Int) -> String? {
        guard let message = error?["message"]?.string else { return nil }
        let waiting =
            unsent == 0
            ? "" : " \(Counted.text(unsent, "edit")) \(unsent == 1 ? "waits" : "wait") to be sent."
        let remedy = error?["remedy"]?.string?.split(separator: "\n").first.map { " " + $0 } ?? ""
        return "The last sync of '\(account)' failed at \(text.time(finished.seconds)): "
            + (place.map { $0 + ": " } ?? "") + message + waiting + remedy
    }
}
