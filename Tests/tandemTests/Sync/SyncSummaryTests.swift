import LosslessJSON
import TandemCore
import Testing

@testable import TandemSync
@testable import tandem

@Suite struct SyncSummaryTests {
    private func summary(_ exits: [ExitReason], wasInterrupted: Bool = false) -> SyncSummary {
        SyncSummary(
            run: RunID(rawValue: "run"), started: Timestamp(milliseconds: 0),
            finished: Timestamp(milliseconds: 0),
            outcomes: exits.map { exit in
                .init(
                    id: AccountID(rawValue: exit.name), account: exit.name, report: nil,
                    failure: CommandFailure(exit, "x"))
            }, wasInterrupted: wasInterrupted)
    }

    @Test func `of several reasons the gravest counts, in whatever order accounts come`() {
        let order: [ExitReason] = [
            .busy, .signInNeeded, .safetyStop, .rateLimited, .temporary, .configuration, .denied,
            .notFound, .other, .partial, .conflicts,
        ]
        for (index, grave) in order.enumerated() {
            let lighter = Array(order[(index + 1)...])
            #expect(summary(lighter + [grave]).exit == grave)
            #expect(summary([grave] + lighter.reversed()).exit == grave)
        }
        #expect(summary(order, wasInterrupted: true).exit == .interrupted)
        #expect(summary([]).exit == .signInNeeded)
    }

    /// A collection of which only some counts are not zero.
    private func report(
        _ name: String, kind: Kind = .event, conflicts: Int = 0, held: Int = 0, created: Int = 0,
        cancelled: Int = 0, sent: Int = 0
    ) -> CollectionReport {
        var (pulled, pushed) = (ChangeCounts(), ChangeCounts())
        (pulled.created, pulled.cancelled, pushed.updated) = (created, cancelled, sent)
        return CollectionReport(
            id: CollectionID(rawValue: name), account: "ada", kind: kind, name: name,
            listing: "delta", requests: 1,
            pulled: pulled,
            pushed: pushed, conflicts: conflicts,
            quarantined: 0, held: held, unconfirmed: 0, parked: 0, failure: nil)
    }

    private func lines(_ reports: CollectionReport..., columns: Int? = nil) -> [String] {
        var summary = summary([])
        summary.outcomes = [
            .init(
                id: AccountID(rawValue: "ada"), account: "ada",
                report: AccountReport(account: "ada", collections: reports, traffic: Traffic()),
                failure: nil)
        ]
        let answer = summary.answer
        let style = TerminalStyle(usesColor: false, columns: columns)
        let text = answer.rendered(as: .text, style: style, verbosity: 0)
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
            + answer.notes
    }

    @Test func `an overruled delete is told by name, and how to repeat it`() {
        var report = report("Work")
        report.pulled.updated = 1
        report.broughtBack = [
            BroughtBack(resource: ResourceID(rawValue: "01X"), title: "Choir\u{1B}[2J")
        ]
        let lines = lines(report)
        #expect(lines.contains { $0.hasPrefix("brought back: Choir") && !$0.contains("\u{1B}") })
        #expect(lines.contains { $0.hasSuffix("tandem events delete 01X") })
        #expect(report.json["broughtBack"]?[0]?["item"] == "01X")
        #expect(
            BroughtBack.notes(in: ["collections": [report.json, ["name": "old"]]]).count == 1)
        #expect(BroughtBack.notes(in: nil).isEmpty)
    }

    @Test func `one thing is counted as one, and the list of calendars is none of them`() {
        #expect(
            lines(report("Calendars", kind: .calendar), report("Work"), report("Home")) == [
                "2 calendars without news.", "Received 0, sent 0; 0 requests, 0 bytes, 0.0 s.",
            ])
        #expect(
            lines(report("Calendars", kind: .calendar), report("Work")).first
                == "1 calendar without news.")
    }

    @Test func `what came and went is counted by kind, and of it what is only cancelled`() {
        func shown(_ columns: Int?) -> [String] {
            lines(
                report("Calendars", kind: .calendar, created: 1),
                report("Work", created: 233, cancelled: 4, sent: 1),
                report("Home", created: 85, cancelled: 1, sent: 1), columns: columns)
        }
        let (moved, traffic) = (
            "Received 1 calendar and 318 events (5 cancelled), sent 2 events",
            "0 requests, 0 bytes, 0.0 s."
        )
        #expect(shown(nil)[2].contains("+233 (4 cancelled)"))
        #expect(shown(80).suffix(2) == [moved + ".", traffic])
        for columns in [92, nil] { #expect(shown(columns).last == "\(moved); \(traffic)") }
        // Programs get what they always got.
        var summary = summary([])
        summary.outcomes = [
            .init(
                id: AccountID(rawValue: "ada"), account: "ada",
                report: AccountReport(
                    account: "ada",
                    collections: [report("Work", created: 233, cancelled: 4)],
                    traffic: Traffic()), failure: nil)
        ]
        #expect(summary.answer.plain()?.rows[0][3] == "+233")
        let pulled = summary.json["collections"]?[0]?["pulled"]
        #expect(pulled == ["created": 233, "updated": 0, "deleted": 0])
    }

    @Test(arguments: [
        (1, "1 conflict waits", "1 delete held"), (3, "3 conflicts wait", "3 deletes held"),
    ])
    func `what waits is counted in words`(number: Int, conflicts: String, held: String) {
        let lines = lines(report("Work", conflicts: number, held: number))
        #expect(lines.contains("\(conflicts): tandem conflicts list"))
        #expect(lines.contains("\(held): tandem holds list"))
        #expect(lines.first == "CALENDAR  ACCOUNT  READ   WAITING")
    }

    @Test func `where nothing could begin there is nothing to sum up`() {
        let answer = summary([.signInNeeded]).answer
        #expect(answer.rendered(as: .text, style: .plain, verbosity: 0).isEmpty)
    }

    private func failure(_ code: RemoteError.Code, status: Int? = nil) -> SyncFailure {
        SyncFailure(error: RemoteError(code, "x", status: status), retryAt: nil)
    }

    private func summary(reports: [AccountReport]) -> SyncSummary {
        var summary = summary([ExitReason]())
        summary.outcomes = reports.map {
            .init(
                id: AccountID(rawValue: $0.account), account: $0.account, report: $0, failure: nil)
        }
        return summary
    }

    @Test func `an account that rests says why, and until when, though nothing of it was read`() {
        let moment = Timestamp(milliseconds: 1_800_000_000_000)
        let rest = SyncFailure(
            error: RemoteError(.dailyLimitExceeded, "Used up."), retryAt: moment)
        let resting = ["ada", "grace"].map {
            AccountReport(account: $0, collections: [], traffic: Traffic(), failure: rest)
        }
        let failures = summary(reports: resting).failures
        #expect(failures.map(\.code) == ["dailyLimitExceeded"])
        #expect(failures.map(\.exit) == [.rateLimited])
        #expect(failures.first?.message == "Used up. Not before \(moment.rfc3339).")
    }

    @Test func `what a collection says already is not said again for its account`() {
        var work = report("Work")
        work.failure = failure(.dailyLimitExceeded)
        let stopped = AccountReport(
            account: "ada", collections: [work], traffic: Traffic(), failure: work.failure)
        #expect(summary(reports: [stopped]).failures.map(\.message) == ["Work: x"])
    }

    @Test func `a refused client is a matter of configuration, and says which`() {
        let disabled = CommandFailure(failure(.clientRefused, status: 403), account: "ada")
        #expect(disabled.exit == .configuration)
        #expect(disabled.remedy?.contains("Switch the API on") == true)
        let unknown = CommandFailure(failure(.clientRefused), account: "ada")
        #expect(unknown.exit == .configuration)
        #expect(unknown.remedy?.contains("--client-secrets") == true)
    }

    @Test(arguments: [
        ("ada", "ada"), ("ada@example.com", "ada@example.com"), ("my work", "'my work'"),
        ("NAME", "NAME"), ("o'neill; rm", #"'o'\''neill; rm'"#), ("", "''"),
    ])
    func `a remedy names the account, as a shell takes it`(name: String, word: String) {
        let failure = failure(.signInNeeded)
        #expect(failure.remedy(account: name) == "tandem auth login --account \(word)")
        #expect(
            failure.json(account: name)["remedy"]
                == .string("tandem auth login --account \(word)"))
    }

    @Test func `what keeps a collection from being read has words for people`() {
        let codes: [RemoteError.Code] = [
            .offline, .unknownOutcome, .transient, .untrusted, .throttled, .quotaExceeded,
            .dailyLimitExceeded, .signInNeeded, .clientRefused, .permissionMissing, .forbidden,
            .notFound, .gone, .cursorExpired, .rejected,
        ]
        for code in codes {
            #expect(RestReason.words(code.description).contains(" "), "\(code)")
        }
        #expect(RestReason.words("something new") == "something new")
    }
}
