import LosslessJSON
import TandemCore
import TandemStore
import TandemSync

/// Syncs each account whenever it is due, or soon after something was edited, until it is stopped;
/// with `--json` one value a line.
struct SyncWatch {
    private let run: SyncRun
    private let app: App
    private var request: SyncRun.Request
    private var schedule = SyncSchedule()

    /// How often it looks whether anybody wrote.
    ///
    /// A wait that is cut into such pieces also ends soon after the machine slept.
    private static let glance = Duration.seconds(1)
    /// How long it waits for a local store that could not be used.
    private static let pause = Duration.seconds(60)

    init(_ run: SyncRun, _ request: SyncRun.Request, app: App) {
        self.run = run
        self.request = request
        self.app = app
    }

    private var now: RunningTime { app.environment.runningTime }

    /// Goes on until it is interrupted.
    ///
    /// - Throws: `StoreError` where the local store fails for good; ``CommandFailure``.
    mutating func go() async throws -> Outcome {
        while !app.interruption.isRequested {
            do { try await round() } catch let error as StoreError {
                // Others hold the store, or there is no room: both pass.
                guard error.code == .locked || error.code == .full else { throw error }
                printer.print(CommandFailure(describing: error))
                try await app.environment.clock.wait(for: Self.pause)
            }
        }
        return Outcome(nil, exit: .interrupted)
    }

    private mutating func round() async throws {
        // Read before the sync, so that whatever comes during it is met by the next one.
        let before = try await glance()
        let accounts = try await run.accounts().map(\.id)
        guard !accounts.isEmpty else { throw SyncSummary.noAccount }
        let due = schedule.due(accounts, at: now)
        if !due.isEmpty { try await sync(due) }
        try await rest(accounts, after: before)
    }

    // MARK: One sync

    private mutating func sync(_ due: [AccountID]) async throws {
        let moment = now
        request.tries = Dictionary(uniqueKeysWithValues: due.map { ($0, schedule.tries(of: $0)) })
        request.pastParking = Set(due.filter { schedule.ignoresParking(of: $0, at: moment) })
        let summary = try await run.run(request)
        request.isFull = false
        note(summary)
        try show(summary)
    }

    private mutating func note(_ summary: SyncSummary) {
        for outcome in summary.outcomes {
            let fraction = app.environment.fraction()
            if outcome.failure?.exit == .busy {
                schedule.noteBusy(outcome.id, at: now, fraction: fraction)
            } else {
                schedule.note(outcome.report, of: outcome.id, at: now, fraction: fraction)
            }
        }
    }

    private var printer: FailurePrinter {
        FailurePrinter(
            json: app.options.format == .json, color: app.options.color.rawValue)
    }

    private func show(_ summary: SyncSummary) throws {
        if app.options.format == .json {
            try app.write(
                TerminalText.json(summary.json.serialized()) + [0x0A], after: summary.change)
        } else {
            try app.print(summary.answer, after: summary.change)
            for failure in summary.failures { printer.print(failure) }
        }
    }

    // MARK: Between two syncs

    /// What the store looks like, and the number that changes when somebody else writes.
    private struct Glance {
        var mark: StoreMark
        var version: Int64?
    }

    private func glance() async throws -> Glance {
        let version = try await run.store.version()
        return Glance(mark: try await run.store.read { try StoreMark($0) }, version: version)
    }

    /// Waits until an account is due, be it because something was edited.
    private mutating func rest(_ accounts: [AccountID], after before: Glance) async throws {
        var (seen, watch) = (before, EditWatch(after: before.mark))
        while !app.interruption.isRequested {
            let left = schedule.wait(for: accounts, at: now)
            guard left > .zero else { return }
            try await app.environment.clock.wait(for: min(left, Self.glance))
            try await look(&seen)
            guard watch.look(seen.mark, at: now) else { continue }
            for account in watch.letIn(accounts) { schedule.forget(account) }
            // There may be another account now, too.
            return schedule.wake(accounts, at: now)
        }
    }

    /// Looks at the store anew where somebody else wrote since.
    private func look(_ seen: inout Glance) async throws {
        let version = try await run.store.version()
        guard version == nil || version != seen.version else { return }
        seen = try await glance()
    }
}
