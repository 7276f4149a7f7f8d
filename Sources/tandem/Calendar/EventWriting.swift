import ArgumentParser
import Foundation
import LosslessJSON
import TandemActions
import TandemCore
import TandemFormats
import TandemStore

/// Flags of every command that writes events.
struct WriteOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Whom Google may mail: none, external or all (default: none).", valueName: "whom"))
    var sendUpdates: String?

    @Flag(
        name: [.customShort("n"), .long],
        help: "Show what would be sent and who would be mailed; change nothing.")
    var dryRun = false

    func validate() throws {
        try Choice.check(sendUpdates, for: "--send-updates", as: SendUpdates.self)
    }

    /// Whom Google may mail.
    var mailing: SendUpdates { sendUpdates.flatMap(SendUpdates.init) ?? .none }
}

/// Which part of a series is meant.
struct ScopeOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Of a series: this, following or all (default: this for an instance, else all).",
            valueName: "scope"))
    var scope: String?

    func validate() throws {
        try Choice.check(scope, for: "--scope", as: SeriesReach.self)
    }

    var reach: SeriesReach? { scope.flatMap(SeriesReach.init) }
}

/// What an event says, in friendly flags.
struct FieldOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("What it is called.", valueName: "text"))
    var title: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "When it begins: '2026-11-09 10:00', 'tomorrow 12:30'; a date for all day.",
            valueName: "time"))
    var when: String?
    @Option(
        name: .long,
        help: ArgumentHelp("When it ends; of whole days the last one.", valueName: "time"))
    var end: String?
    @Option(
        name: .long, help: ArgumentHelp("How long it lasts: 90m, 1h30, 2d.", valueName: "length"))
    var duration: String?
    @Option(name: .long, help: ArgumentHelp("The zone its times are kept in.", valueName: "zone"))
    var zone: String?
    @Option(name: .customLong("where"), help: ArgumentHelp("Where it happens.", valueName: "place"))
    var place: String?
    @Option(name: .long, help: ArgumentHelp("What else is to say.", valueName: "text"))
    var description: String?
    @Option(
        name: .long, help: ArgumentHelp("Invite this address; may be repeated.", valueName: "email")
    )
    var guest: [String] = []
    @Option(
        name: .customLong("repeat"),
        help: ArgumentHelp("daily, weekly, monthly, yearly, none, or an RRULE.", valueName: "rule"))
    var recurrence: String?
    @Option(
        name: .long,
        help: ArgumentHelp("Remind so many minutes before; may be repeated.", valueName: "minutes"))
    var remind: [Int] = []
    @Flag(
        inversion: .prefixedNo, exclusivity: .chooseLast, help: "Whether the time counts as busy.")
    var busy: Bool?

    /// The flags as the fields that were meant.
    ///
    /// - Parameters:
    ///   - times: Reads typed times.
    ///   - day: The day that a time of day alone belongs to; today without it.
    /// - Returns: The fields.
    /// - Throws: `TandemError` with code `invalid`.
    func fields(_ times: HumanTimes, on day: WallTime? = nil) throws -> EventFields {
        var fields = EventFields()
        fields.title = title
        fields.start = try when.map { try times.time($0, on: day) }
        let startDay = fields.start?.wall(in: times.zone).startOfDay ?? day
        fields.end = try end.map { try times.time($0, on: startDay) }
        fields.duration = try duration.map { try TypedDuration($0) }
        fields.timeZone = zone
        fields.place = place
        fields.details = description
        fields.guests = guest
        fields.recurrence = recurrence
        fields.reminders = remind
        fields.isFree = busy.map { !$0 }
        return fields
    }
}

/// Reads and answers what the writing commands have in common.
struct EventWriting: Sendable {
    let app: App
    let options: WriteValues

    /// The flags as plain values.
    struct WriteValues: Sendable {
        var mailing: SendUpdates = .none
        var isDryRun = false
    }

    init(_ app: App, _ options: WriteOptions) {
        self.init(
            app, WriteValues(mailing: options.mailing, isDryRun: options.dryRun))
    }

    init(_ app: App, _ options: WriteValues = WriteValues()) {
        self.app = app
        self.options = options
    }

    /// JSON as a flag gave it, `-` for standard input; `nil` without the flag.
    func json(_ text: String?) async throws -> JSON? {
        guard let text else { return nil }
        return try JSON(parsing: text == "-" ? try await app.console.readInput() : Array(text.utf8))
    }

    /// Does an edit of events and makes its answer.
    func perform(
        _ command: String,
        _ body:
            @escaping @Sendable (StoreTransaction, EventActions, Directory) throws -> EditOutcome
    ) async throws -> Outcome {
        let (app, mailing) = (app, options.mailing)
        let written = try await write(command) { transaction, run in
            let directory = try Directory(transaction, accounts: app.options.accounts)
            let actions = EventActions(
                transaction, run: run, viewer: app.zone, sendUpdates: mailing)
            return try body(transaction, actions, directory)
        }
        let back = written.way.map { ", \($0.words)" } ?? ""
        return outcome(
            of: written,
            told: written.item["state"] == "clean"
                ? "There is nothing to send." : "Kept here; 'tandem sync' sends it\(back).")
    }

    /// Does an edit and tells of it: the item, its run, and what else changed; of a dry run also
    /// what would be sent and who would be mailed.
    ///
    /// - Parameters:
    ///   - command: The command's words, for the log.
    ///   - facts: What else programs are told, read after the edit.
    ///   - body: Does the edit.
    /// - Returns: What was written, or would be.
    /// - Throws: What `body` and `facts` throw; `StoreError`.
    func write(
        _ command: String,
        telling facts: @escaping @Sendable (StoreTransaction) throws -> JSONObject = { _ in [:] },
        _ body: @escaping @Sendable (StoreTransaction, RunID) throws -> EditOutcome
    ) async throws -> Written {
        let isDryRun = options.isDryRun
        return try await app.writing(command, dryRun: isDryRun) { transaction, run in
            let outcome = try body(transaction, run)
            let views = try ItemViews(transaction)
            let plan = EditPlan(outcome, run: run, views, in: transaction)
            var written = Written(item: .null, remarks: outcome.remarks)
            if isDryRun {
                written.item = try plan.answer
                written.plan = try plan.parts
            } else {
                written.item = try views.item(outcome.resource)
                written.item["run"] = .string(run.rawValue)
                written.item["alsoChanged"] = .array(
                    outcome.alsoChanged.map { .string($0.id.rawValue) })
                let way = try WayBack(from: outcome.resource, run: run, in: transaction)
                written.way = way
                written.change = MadeChange(
                    command, item: outcome.resource.id.rawValue, run: run, undo: way?.command)
            }
            for fact in try facts(transaction) { written.item[fact.key] = fact.value }
            written.item["instance"] = try plan.instance
            try written.tell(of: outcome, views, in: transaction)
            return written
        }
    }
}
