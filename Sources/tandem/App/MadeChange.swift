import LosslessJSON
import TandemCore

/// What a command changed, for when its answer cannot be printed: whoever sees no answer might
/// else repeat what was done.
struct MadeChange: Sendable {
    /// What was changed, such as `events add of 01JD…`; never a text from outside.
    var what: String
    /// The item, where there is one.
    var item: String?
    /// The run that it is recorded under, where there is one.
    var run: String?
    /// The command that shows it.
    var see: String
    /// The command that takes it back, where there is one.
    var undo: String?

    init(_ what: String, item: String? = nil, run: String? = nil, see: String, undo: String? = nil)
    {
        self.what = what
        self.item = item
        self.run = run
        self.see = see
        self.undo = undo
    }

    /// A change that the log tells about.
    init(_ command: String, item: String? = nil, run: RunID, undo: String? = nil) {
        self.init(
            command + (item.map { " of \($0)" } ?? ""), item: item, run: run.rawValue,
            see: "tandem log \(run)", undo: undo)
    }

    /// A change of an item that a command answers with, which names the run.
    init(_ command: String, madeTo item: JSON) {
        self.init(
            command, item: item["id"]?.string, run: RunID(rawValue: item["run"]?.string ?? ""))
    }

    fileprivate var json: JSON {
        [
            "item": item.map { .string($0) } ?? .null, "run": run.map { .string($0) } ?? .null,
        ]
    }
}

extension CommandFailure {
    /// The answer could not be printed, but what it tells of was done.
    ///
    /// - Parameters:
    ///   - failure: Why it could not be printed.
    ///   - change: What was done.
    init(_ failure: CommandFailure, butMade change: MadeChange) {
        let undo = change.undo.map { "; take it back: \($0)" } ?? ""
        let run = change.run.map { ", run \($0)" } ?? ""
        self.init(
            failure.exit, code: failure.code,
            "\(failure.message) The change was made all the same: \(change.what)\(run).",
            remedy: "See it: \(change.see)\(undo)")
        self.change = change.json
    }
}
