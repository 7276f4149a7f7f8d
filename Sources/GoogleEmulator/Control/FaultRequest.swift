import LosslessJSON

/// Reads a fault as the control API takes it.
enum FaultRequest {
    static let names = [
        "api", "method", "path", "nth", "times", "status", "reason", "retryAfter", "delayMs",
        "cut", "truncate", "garbage", "body", "page", "retryAfterForm",
    ]

    /// The words of `cut`; a cut within the body is told by `truncate`.
    private enum CutWord: String, CaseIterable {
        case before
        case after
    }

    /// - Throws: `invalidCommand` for a member of the wrong kind.
    static func fault(_ fields: ControlFields) throws(LocalGoogleError) -> LocalGoogle.Fault {
        var cut: EmulatorResponse.Cut?
        switch try fields.word("cut", of: CutWord.self) {
        case .before: cut = .before
        case .after: cut = .after
        case nil: cut = nil
        }
        if let bytes = try fields.int("truncate") {
            guard cut == nil else {
                throw .invalidCommand("\"cut\" and \"truncate\" exclude each other.")
            }
            cut = .within(bytes: bytes)
        }
        let text = fields["body"].map { $0.string ?? $0.text }
        return LocalGoogle.Fault(
            api: try fields.string("api"), method: try fields.string("method"),
            path: try fields.string("path"), nth: try fields.int("nth") ?? 1,
            times: try fields.int("times") ?? 1, status: try fields.int("status"),
            reason: try fields.string("reason"), retryAfter: try fields.int("retryAfter"),
            delayMilliseconds: try fields.int("delayMs") ?? 0, cut: cut, body: text,
            isGarbage: try fields.flag("garbage") ?? false,
            page: try fields.word("page", of: LocalGoogle.Fault.Page.self),
            retryAfterForm: try fields.word(
                "retryAfterForm", of: LocalGoogle.RetryAfterForm.self) ?? .seconds)
    }
}
