import LosslessJSON

/// What the process' exit code says.
enum ExitReason: Int32, CaseIterable, Sendable {
    case done = 0
    case other = 1
    case signInNeeded = 4
    case notFound = 5
    case denied = 6
    case rateLimited = 7
    case temporary = 8
    case busy = 9
    case configuration = 10
    case conflicts = 11
    case partial = 12
    case safetyStop = 13
    case usage = 64
    case interrupted = 130

    /// The word for programs, spelled like the other codes of errors.
    var name: String {
        switch self {
        case .done: "done"
        case .other: "other"
        case .signInNeeded: "signInNeeded"
        case .notFound: "notFound"
        case .denied: "denied"
        case .rateLimited: "rateLimited"
        case .temporary: "temporary"
        case .busy: "busy"
        case .configuration: "configuration"
        case .conflicts: "conflicts"
        case .partial: "partial"
        case .safetyStop: "safetyStop"
        case .usage: "usage"
        case .interrupted: "interrupted"
        }
    }

    /// The sentence for people.
    var meaning: String {
        switch self {
        case .done: "Done."
        case .other: "Another failure."
        case .signInNeeded: "Sign-in needed: tandem auth login."
        case .notFound: "Not found."
        case .denied: "Denied: the account or the calendar does not allow it."
        case .rateLimited: "Rate limited: wait until the time that was said."
        case .temporary: "Temporarily failed: try again."
        case .busy: "Busy: another process holds the account."
        case .configuration: "The configuration or the installation has to be changed."
        case .conflicts: "Done, but conflicts wait: tandem conflicts list."
        case .partial: "Partial: some items were set aside: tandem quarantine list."
        case .safetyStop: "Safety stop: deletes are held: tandem holds list."
        case .usage: "The command was not understood."
        case .interrupted: "Interrupted."
        }
    }

    /// The code as an item of `exit-codes --json`.
    var json: JSON {
        [
            "code": .number(JSONNumber(Int64(rawValue))), "name": .string(name),
            "meaning": .string(meaning),
        ]
    }
}
