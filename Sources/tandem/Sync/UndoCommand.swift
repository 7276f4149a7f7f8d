import ArgumentParser
import LosslessJSON
import TandemActions
import TandemCore
import TandemStore
import TandemSync

/// `undo`: edits in the other direction of what a run changed.
struct UndoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Undo what a run changed, by edits in the other direction.",
        usage: "tandem undo <run> [<options>]",
        discussion: """
            Takes the run that every writing command and every sync answers with; see
            'tandem log'. What was changed again since is not overwritten but told.
            The next sync sends what has to be sent.
            """)

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The run to undo.") var id: String
    @OptionGroup var writing: WriteOptions

    func run() async throws {
        try await withApp(options) { app in
            let (undone, mailing) = (RunID(rawValue: id), writing.mailing)
            let isDryRun = writing.dryRun
            let report = try await app.writing("undo", dryRun: isDryRun) { transaction, run in
                let outcome = try Undoing(transaction, run: run, sendUpdates: mailing)
                    .undo(undone)
                return try UndoReport(
                    outcome, of: undone, by: run, isDryRun: isDryRun, in: transaction)
            }
            return report.outcome(ItemText(zone: app.zone))
        }
    }
}

/// What undoing a run came to, or would come to, for people and programs.
struct UndoReport: Sendable {
    private let undone: RunID
    private let run: RunID
    private let isDryRun: Bool
    private let items: [JSON]
    private let kept: [KeptChange]
    /// Every item of a dry run, with what would be sent of it.
    private var parts: [JSON] = []
    private var sends: [JSON] = []
    private var mailed: [JSON] = []

    init(
        _ outcome: UndoOutcome, of undone: RunID, by run: RunID, isDryRun: Bool,
        in transaction: StoreTransaction
    ) throws {
        self.undone = undone
        self.run = run
        self.isDryRun = isDryRun
        let views = try ItemViews(transaction)
        items = try outcome.changed.map { try views.item($0) }
        kept = outcome.kept
        guard isDryRun, let first = outcome.changed.first else { return }
        let plan = EditPlan(
            EditOutcome(first, alsoChanged: Array(outcome.changed.dropFirst())), run: run, views,
            in: transaction)
        let answer = try plan.answer
        parts = try plan.parts
        sends = answer["sends"]?.array ?? []
        mailed = answer["notifies"]?.array ?? []
    }

    private var json: JSON {
        var json: JSON = [
            "run": isDryRun ? .null : .string(run.rawValue), "undid": .string(undone.rawValue),
            "items": .array(items), "kept": .array(kept.map(\.json)), "next": .null,
        ]
        guard isDryRun else { return json }
        json["dryRun"] = true
        json["sends"] = .array(sends)
        json["notifies"] = .array(mailed)
        return json
    }

    func outcome(_ text: ItemText) -> Outcome {
        let isVain = items.isEmpty && !kept.isEmpty
        let failures = isVain ? [vain] : []
        let exit: ExitReason = isVain ? .other : .done
        guard !isDryRun else {
            let notes = text.planNotes(parts) + keptNotes
            return Outcome(
                text.plan(json, parts, notes: notes), exit: exit, failures: failures)
        }
        let items = items
        let told = isVain ? [] : [told]
        let answer = Answer(json: json, times: text, notes: told + keptNotes) { text in
            var table = text.eventTable(items)
            table.emptyText = "Nothing was changed."
            return table
        }
        let change = items.isEmpty ? nil : MadeChange("undo of \(undone)", run: run)
        return Outcome(answer, exit: exit, failures: failures, change: change)
    }

    /// Nothing was undone, though there was something to undo.
    private var vain: CommandFailure {
        CommandFailure(
            .other, code: "notUndone", "None of it can be undone any more.",
            remedy: "What the run changed: tandem log \(undone)")
    }

    private var told: String {
        guard !items.isEmpty else { return "All of it is as it was before already." }
        return "Undone: \(Counted.text(items.count, "item")); 'tandem sync' sends what has to be "
            + "sent, 'tandem undo \(run)' takes it back."
    }

    /// So many kept changes are told one by one.
    private static let mostNamed = 20

    private var keptNotes: [String] {
        let more = kept.count - Self.mostNamed
        return kept.prefix(Self.mostNamed).map { "kept: \($0.words)" }
            + (more > 0 ? ["kept: \(more) more, see them with --json"] : [])
    }
}

extension KeptChange {
    /// The change as programs read it.
    fileprivate var json: JSON {
        [
            "item": resource.map { .string($0.rawValue) } ?? .null, "title": .string(title),
            "field": field.map { .string($0) } ?? .null, "reason": .string(reason.rawValue),
            "message": .string(sentence), "before": before ?? .null, "now": now ?? .null,
        ]
    }

    /// The change and why it stayed, on one line.
    fileprivate var words: String {
        let title = title.isEmpty ? "(no title)" : TerminalText.oneLine(title)
        let part = field.map { ", \($0)" } ?? ""
        return "\(TerminalText.cut(title, to: 60))\(part): \(sentence)"
    }

    private var sentence: String { message ?? reason.words }
}

extension KeptChange.Reason {
    /// The reason in words.
    fileprivate var words: String {
        switch self {
        case .changedSince: "it was changed again since"
        case .deletedSince: "it was deleted since"
        case .restoredSince: "it is there again"
        case .forgotten: "it is forgotten here"
        case .collection: "a calendar itself, or its first reading, is not undone"
        case .instance: "what its series said of this instance is not known"
        case .seriesGone: "its series is gone"
        case .notOurs: "it is not yours to change"
        case .refused: "it cannot be put back"
        }
    }
}
