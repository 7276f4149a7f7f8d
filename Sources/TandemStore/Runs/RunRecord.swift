public import LosslessJSON
public import TandemCore

/// One run of a command that wrote something, or tried to.
public struct RunRecord: Hashable, Sendable {
    /// Its id.
    public let id: RunID
    /// Whose command it was.
    public let user: UserID
    /// The command's name, without its arguments.
    public let command: String
    /// When it began.
    public let started: Timestamp
    /// When it ended; `nil` while it goes on, or after a crash.
    public let finished: Timestamp?
    /// The exit code it ended with.
    public let exit: Int?
    /// What it did, in the form its command answers with.
    public let summary: JSON?
}

/// What changes with every run of a user's commands, or of some of them.
public struct RunMark: Hashable, Sendable {
    /// How many there are.
    public let count: Int64
    /// The one with the latest id; `nil` where there is none.
    public let latest: RunID?
}
