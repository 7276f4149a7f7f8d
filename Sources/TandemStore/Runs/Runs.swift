public import LosslessJSON
public import TandemCore

/// The runs of a user's commands.
public struct Runs {
    let transaction: StoreTransaction

    private static let columns = "id, user_id, command, started, finished, exit_code, summary"

    /// Notes that a run begins.
    /// - Parameter command: The command's name, without its arguments.
    /// - Returns: The run, with a new id.
    /// - Throws: ``StoreError``.
    public func start(_ command: String) throws -> RunRecord {
        let run = RunRecord(
            id: transaction.environment.makeID(), user: transaction.user, command: command,
            started: transaction.environment.now(), finished: nil, exit: nil, summary: nil)
        try transaction.gate.execute(
            "INSERT INTO runs (user_id, id, command, started) VALUES (?1, ?2, ?3, ?4)",
            [.word(run.id), .text(command), .moment(run.started)])
        return run
    }

    /// Notes how a run ended.
    ///
    /// - Parameters:
    ///   - id: The run.
    ///   - exit: The exit code it ends with.
    ///   - summary: What it did, in the form its command answers with.
    /// - Throws: ``StoreError`` with code `notFound`.
    public func finish(_ id: RunID, exit: Int, summary: JSON?) throws {
        try transaction.gate.change(
            "run",
            """
            UPDATE runs SET finished = ?3, exit_code = ?4, summary = ?5
            WHERE user_id = ?1 AND id = ?2
            """,
            [
                .word(id), .moment(transaction.environment.now()), .integer(Int64(exit)),
                .json(summary),
            ])
    }

    /// The run with an id; `nil` where the user has none such.
    /// - Throws: ``StoreError``.
    public func find(_ id: RunID) throws -> RunRecord? {
        try transaction.gate.first(
            "SELECT \(Self.columns) FROM runs WHERE user_id = ?1 AND id = ?2", [.word(id)], decode)
    }

    /// The runs, newest first.
    ///
    /// - Parameters:
    ///   - limit: At most so many; `nil` for all.
    ///   - id: Only those older than this one; `nil` for all.
    /// - Returns: The runs.
    /// - Throws: ``StoreError``.
    public func list(limit: Int? = nil, after id: RunID? = nil) throws -> [RunRecord] {
        guard let id else {
            return try transaction.gate.all(
                "SELECT \(Self.columns) FROM runs WHERE user_id = ?1 ORDER BY id DESC LIMIT ?2",
                [.limit(limit)], decode)
        }
        return try transaction.gate.all(
            """
            SELECT \(Self.columns) FROM runs WHERE user_id = ?1 AND id < ?3
            ORDER BY id DESC LIMIT ?2
            """,
            [.limit(limit), .word(id)], decode)
    }

    /// What changes with every run of other commands than one: how many there are, and the latest.
    ///
    /// The number counts because a clock that was set back makes later runs look earlier.
    /// - Throws: ``StoreError``.
    public func mark(besides command: String) throws -> RunMark {
        let mark = try transaction.gate.first(
            "SELECT count(*), max(id) FROM runs WHERE user_id = ?1 AND command <> ?2",
            [.text(command)]
        ) { row in
            RunMark(count: try row.integer(), latest: try row.optionalWord())
        }
        return mark ?? RunMark(count: 0, latest: nil)
    }

    /// The run of the same command that began last before another; `nil` for the first.
    /// - Throws: ``StoreError``.
    public func last(before run: RunRecord) throws -> RunRecord? {
        try transaction.gate.first(
            """
            SELECT \(Self.columns) FROM runs WHERE user_id = ?1 AND id < ?2 AND command = ?3
            ORDER BY id DESC LIMIT 1
            """,
            [.word(run.id), .text(run.command)], decode)
    }

    /// Forgets runs that began before `horizon`, those that a crash left unfinished too.
    ///
    /// - Parameters:
    ///   - horizon: Runs from before it go.
    ///   - limit: Looks at so many of the oldest at most; `nil` for all.
    /// - Returns: How many were forgotten.
    /// - Throws: ``StoreError``.
    @discardableResult
    public func purge(startedBefore horizon: Timestamp, limit: Int? = nil) throws -> Int {
        try transaction.gate.execute(
            """
            DELETE FROM runs WHERE user_id = ?1 AND started < ?2 AND id IN (
                SELECT id FROM runs WHERE user_id = ?1 ORDER BY id LIMIT ?3)
            """,
            [.moment(horizon), .limit(limit)])
    }

    private func decode(_ row: inout RowReader) throws -> RunRecord {
        RunRecord(
            id: try row.word(), user: try row.word(), command: try row.text(),
            started: try row.moment(), finished: row.optionalMoment(),
            exit: row.optionalInteger().map { Int($0) }, summary: try row.optionalJSON())
    }
}
