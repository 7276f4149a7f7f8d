import LosslessJSON

/// Why a command did not do what it was asked, in words for people and codes for programs.
struct CommandFailure: Error, Sendable {
    /// What the process exits with.
    var exit: ExitReason
    /// The word for programs.
    var code: String
    /// What failed and why; never a secret.
    var message: String
    /// The next command to type, or what else to do.
    var remedy: String?
    /// What Google said: api, method, status, reason.
    var google: JSON?
    /// What was changed all the same: item, run; then all of it is said on one line.
    var change: JSON?

    init(
        _ exit: ExitReason, code: String? = nil, _ message: String, remedy: String? = nil,
        google: JSON? = nil
    ) {
        self.exit = exit
        self.code = code ?? exit.name
        self.message = message
        self.remedy = remedy
        self.google = google
    }

    /// The failure as programs read it on standard error.
    var json: JSON {
        var error: JSONObject = [
            "code": .string(code), "message": .string(message),
            "remedy": remedy.map { .string($0) } ?? .null,
        ]
        if let google { error["google"] = google }
        if let change { error["changed"] = change }
        return ["error": .object(error)]
    }

    /// The failure as people read it on standard error.
    func lines(_ style: TerminalStyle) -> [String] {
        var lines = [style.red("tandem:") + " " + TerminalText.oneLine(message)]
        if let remedy, change != nil {
            lines[0] += " " + TerminalText.oneLine(remedy)
        } else if let remedy {
            lines += TerminalText.lines(remedy).map { "  " + $0 }
        }
        return lines
    }
}
