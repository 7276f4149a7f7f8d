import LosslessJSON
import TandemCore
import TandemSync

extension SyncSummary {
    /// The summary for people and programs.
    var answer: Answer {
        let summary = self
        return Answer(json: json, plain: table(showsQuiet: true), notes: notes) { style in
            summary.lines(style)
        }.asReceipt
    }

    /// One line a collection; those without news are only counted, unless all are wanted.
    private func table(showsQuiet: Bool) -> TextTable {
        var table = TextTable(
            columns: [
                .init(title: "calendar", isElastic: true),
                .init(title: "account", isElastic: true),
                .init(title: "read"), .init(title: "received", isOccasional: true),
                .init(title: "sent", isOccasional: true),
                .init(title: "waiting", isElastic: true, isOccasional: true),
            ])
        for report in collections where showsQuiet || report.isNews {
            table.rows.append([
                report.name, report.account, report.listing,
                // The column that programs read stays what it was.
                showsQuiet ? report.pulled.text : report.pulled.words,
                report.pushed.text, report.waitingText,
            ])
        }
        return table
    }

    private func lines(_ style: TerminalStyle) -> [String] {
        // Where nothing could begin, the failures say all there is.
        guard outcomes.contains(where: { $0.report != nil }) else { return [] }
        var lines: [String] = []
        let table = table(showsQuiet: false)
        if !table.rows.isEmpty {
            lines += table.aligned(style, showsDetails: false).split(separator: "\n").map(
                String.init)
        }
        // The list of the calendars is none of them.
        let quiet = collections.filter { !$0.isNews && $0.kind == .event }.count
        if quiet > 0 { lines.append(style.dim(Counted.text(quiet, "calendar") + " without news.")) }
        lines += closing(style.columns).map(style.bold)
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
        for outcome in outcomes {
            // An account that rests was asked for nothing, so no collection says why.
            guard let report = outcome.report, let halt = outcome.halt,
                !report.collections.contains(where: { $0.failure == report.failure }),
                !failures.contains(where: { $0.message == halt.message })
            else { continue }
            failures.append(halt)
        }
        if outcomes.isEmpty {
            failures.append(Self.noAccount)
        }
        return failures
    }

    /// There is nobody to sync for.
    static let noAccount = CommandFailure(
        .signInNeeded, "There is no account yet.",
        remedy: "tandem auth login\nOr see it at work without one: tandem demo")

    /// What the run came to: on one line, or on two where that is too long for the terminal.
    private func closing(_ columns: Int?) -> [String] {
        let seconds = Double(finished.milliseconds - started.milliseconds) / 1000
        let rounded = (seconds * 10).rounded() / 10
        let moved = "Received \(items(\.pulled)), sent \(items(\.pushed))"
        let traffic =
            "\(Counted.text(requests, "request")), \(Counted.bytes(bytes)), \(rounded) s."
        let fits = columns.map { moved.count + 2 + traffic.count <= $0 } ?? true
        return fits ? ["\(moved); \(traffic)"] : ["\(moved).", traffic]
    }

    /// What came or went, by kind: `4 calendars and 366 events (5 cancelled)`; `0` for nothing.
    private func items(_ counts: KeyPath<CollectionReport, ChangeCounts>) -> String {
        var kinds: [Kind] = []
        for report in collections where !kinds.contains(report.kind) { kinds.append(report.kind) }
        let words = kinds.compactMap { kind -> String? in
            let all = collections.filter { $0.kind == kind }.map { $0[keyPath: counts] }
            let (total, cancelled) = all.reduce((0, 0)) { ($0.0 + $1.total, $0.1 + $1.cancelled) }
            guard total > 0 else { return nil }
            return Counted.text(total, kind.rawValue)
                + (cancelled > 0 ? " (\(cancelled) cancelled)" : "")
        }
        return words.isEmpty ? "0" : words.joined(separator: " and ")
    }

    /// So many overruled deletes are told one by one; the log tells all.
    private static let mostBroughtBack = 20

    /// What came back, what waits for a person, and the way out.
    private var notes: [String] {
        func total(_ part: KeyPath<CollectionReport, Int>) -> Int {
            collections.reduce(0) { $0 + $1[keyPath: part] }
        }
        func wait(_ number: Int) -> String { number == 1 ? "waits" : "wait" }
        let (conflicts, aside, held) = (total(\.conflicts), total(\.quarantined), total(\.held))
        let (parked, unconfirmed) = (total(\.parked), total(\.unconfirmed))
        var notes = collections.flatMap(\.broughtBack).prefix(Self.mostBroughtBack).map {
            BroughtBack.note(title: $0.title, item: $0.resource.rawValue)
        }
        if conflicts > 0 {
            notes.append(
                "\(Counted.text(conflicts, "conflict")) \(wait(conflicts)): tandem conflicts list")
        }
        if aside > 0 {
            notes.append("\(Counted.text(aside, "item")) set aside: tandem quarantine list")
        }
        if held > 0 { notes.append("\(Counted.text(held, "delete")) held: tandem holds list") }
        if parked > 0 { notes.append("\(Counted.text(parked, "edit")) put off: tandem queue list") }
        if unconfirmed > 0 {
            notes.append("\(Counted.text(unconfirmed, "write")) unconfirmed: tandem sync")
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
            "\(place)\(failure.message)\(moment)",
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
            (conflicts, Counted.text(conflicts, "conflict")),
            (quarantined, "\(quarantined) set aside"), (held, "\(held) held"),
            (unconfirmed, "\(unconfirmed) unconfirmed"), (parked, "\(parked) put off"),
        ]
        return parts.filter { $0.0 > 0 }.map(\.1).joined(separator: ", ")
    }
}
