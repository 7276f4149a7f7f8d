import LosslessJSON
import TandemCore
import TandemSync

extension SyncSummary {
    /// The summary for people and programs.
    var answer: Answer {
        let summary = self
        return Answer(json: json, plain: table(showsQuiet: true), notes: notes) { style in
            summary.lines(style)
        }
    }

    /// One line a collection; those without news are only counted, unless all are wanted.
    private func table(showsQuiet: Bool) -> TextTable {
        var table = TextTable(
            columns: [
                .init(title: "calendar", isElastic: true), .init(title: "account"),
                .init(title: "read"), .init(title: "received"), .init(title: "sent"),
                .init(title: "waiting", isElastic: true),
            ])
        for report in collections where showsQuiet || report.isNews {
            table.rows.append([
                report.name, report.account, report.listing, report.pulled.text,
                report.pushed.text, report.waitingText,
            ])
        }
        return table
    }

    private func lines(_ style: TerminalStyle) -> [String] {
        var lines: [String] = []
        let table = table(showsQuiet: false)
        if !table.rows.isEmpty {
            lines += table.aligned(style, showsDetails: false).split(separator: "\n").map(
                String.init)
        }
        let quiet = collections.filter { !$0.isNews }.count
        if quiet > 0 { lines.append(style.dim("\(quiet) calendar(s) without news.")) }
        lines.append(style.bold(closing))
        return lines
    }

    /// What went wrong, of each kind once.
    var failures: [CommandFailure] {
        var failures = outcomes.compactMap(\.failure)
        for report in collections {
            let failure = report.failure.map {
                CommandFailure($0, account: report.account, collection: report.name)
            }
            guard let failure, !failures.contains(where: { $0.message == failure.message })
            else { continue }
            failures.append(failure)
        }
        if outcomes.isEmpty {
            failures.append(Self.noAccount)
        }
        return failures
    }

    /// There is nobody to sync for.
    static let noAccount = CommandFailure(
        .signInNeeded, "There is no account yet.", remedy: "tandem auth login")

    /// What the run came to, on one line.
    private var closing: String {
        let received = collections.reduce(0) { $0 + $1.pulled.total }
        let seconds = Double(finished.milliseconds - started.milliseconds) / 1000
        let rounded = (seconds * 10).rounded() / 10
        return "Received \(received), sent \(writes), \(requests) requests, \(bytes) bytes, "
            + "\(rounded) s."
    }

    /// What waits for a person, and the way out.
    private var notes: [String] {
        func total(_ part: KeyPath<CollectionReport, Int>) -> Int {
            collections.reduce(0) { $0 + $1[keyPath: part] }
        }
        var notes: [String] = []
        if total(\.conflicts) > 0 {
            notes.append("\(total(\.conflicts)) conflict(s) wait: tandem conflicts list")
        }
        if total(\.quarantined) > 0 {
            notes.append("\(total(\.quarantined)) item(s) set aside: tandem quarantine list")
        }
        if total(\.held) > 0 {
            notes.append("\(total(\.held)) delete(s) held: tandem holds list")
        }
        if total(\.parked) > 0 {
            notes.append("\(total(\.parked)) edit(s) put off: tandem queue list")
        }
        if total(\.unconfirmed) > 0 {
            notes.append("\(total(\.unconfirmed)) write(s) unconfirmed: tandem sync")
        }
        return notes
    }
}

extension CommandFailure {
    /// Why something of an account was not synced: the collection's name says what, where it was
    /// not all of it.
    init(_ failure: SyncFailure, account: String, collection: String? = nil) {
        let moment = failure.retryAt.map { " Not before \($0.rfc3339)." } ?? ""
        let place = collection.map { "\($0): " } ?? ""
        self.init(
            ExitReason(failure.attention), code: "\(failure.error.code)",
            "\(place)\(failure.error.message)\(moment)",
            remedy: failure.remedy(account: account),
            google: Self.google(
                api: failure.error.api, method: failure.error.method,
                status: failure.error.status, reason: failure.error.reason))
    }
}

extension CollectionReport {
    /// Whether there is anything to say about it.
    var isNews: Bool {
        pulled.total + pushed.total + conflicts + quarantined + held + unconfirmed + parked > 0
            || listing == "full" || failure != nil
    }

    /// What waits in it.
    var waitingText: String {
        let parts = [
            (conflicts, "conflict"), (quarantined, "set aside"), (held, "held"),
            (unconfirmed, "unconfirmed"), (parked, "put off"),
        ].filter { $0.0 > 0 }
        return parts.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }
}
