import LosslessJSON
import TandemActions
import TandemCore
import TandemStore

extension EventWriting {
    /// What was written, or would be.
    struct Written: Sendable {
        /// The item as programs read it.
        var item: JSON
        /// Changed instances that no longer fit their series, as items.
        var leftBehind: [JSON] = []
        /// Every item of a dry run, with what would be sent of it.
        var plan: [JSON] = []
        /// How typed times were read, where they could be read otherwise.
        var remarks: [String] = []
        /// What was changed; `nil` for a dry run.
        var change: MadeChange?
        /// How it is taken back; `nil` where nothing waits, or it is on its way.
        var way: WayBack?

        /// Adds what a person should know of an edit beside the item: what Google may refuse, and
        /// which changed instances no longer fit.
        mutating func tell(
            of outcome: EditOutcome, _ views: ItemViews, in transaction: StoreTransaction
        ) throws {
            item["mayBeRefused"] = try EventWriting.doubt(
                about: [outcome.resource] + outcome.alsoChanged, in: transaction)
            leftBehind = try outcome.leftBehind.map { try views.item($0) }
            item["leftBehind"] = .array(leftBehind.map { $0["id"] ?? .null })
        }
    }

    /// The answer that shows what was written.
    func outcome(of written: Written, told: String) -> Outcome {
        let text = ItemText(zone: app.zone)
        guard !options.isDryRun else {
            let notes =
                text.planNotes(written.plan) + Self.doubtNotes(on: written.item)
                + text.notes(onLeft: written.leftBehind, "would")
            var answer = text.plan(written.item, written.plan, notes: notes)
            answer.timeRemarks = written.remarks
            return Outcome(answer)
        }
        var notes = [told]
        let others = written.item["alsoChanged"]?.array?.count ?? 0
        if others > 0, let run = written.item["run"]?.string {
            let items = Counted.text(others, "more item")
            notes.append("\(items) changed with it; all of them: tandem log \(run)")
        }
        notes += Self.doubtNotes(on: written.item)
        notes += text.notes(onLeft: written.leftBehind)
        var answer = text.answer(written.item, notes: notes)
        answer.timeRemarks = written.remarks
        return Outcome(answer, change: written.change)
    }

    /// What of the edits that wait Google may refuse, and why; `null` where nothing is known.
    ///
    /// It is no reason to refuse them here: who may change what is Google's to say, and it may have
    /// changed there.
    private static func doubt(
        about resources: [StoredResource], in transaction: StoreTransaction
    ) throws -> JSON {
        var (fields, reason): ([String], String?) = ([], nil)
        for resource in resources where resource.isDirty {
            guard let live = resource.live,
                let refusal = try transaction.refusal(of: live, for: resource)
            else { continue }
            fields += refusal.fields.filter { !fields.contains($0) }
            reason = reason ?? refusal.text
        }
        guard let reason else { return .null }
        return ["fields": .array(fields.map { .string($0) }), "reason": .string(reason)]
    }

    private static func doubtNotes(on item: JSON) -> [String] {
        guard let doubt = item["mayBeRefused"], let reason = doubt["reason"]?.string else {
            return []
        }
        let fields = (doubt["fields"]?.array ?? []).compactMap(\.string).joined(separator: ", ")
        return ["Google may keep its own \(fields). \(reason)"]
    }
}
