import LosslessJSON
import TandemCore
import TandemStore
import TandemSync

/// A promise that was broken.
public struct GoogleSimulationFailure: Error, Hashable, Sendable, Codable {
    /// Which promise, as `Documentation/Promises.md` numbers them.
    public let promise: String
    /// What happened.
    public let message: String

    /// What it has in common with the same failure of other things: the words without numbers.
    var sort: String {
        let words = message.split(separator: " ").filter { !$0.contains(where: \.isNumber) }
        return ([promise[...]] + words).joined(separator: " ")
    }

    init(_ promise: String, _ message: String) {
        self.promise = promise
        self.message = message
    }
}

/// Watches a simulated world from outside, and knows nothing of how engine and connector work.
///
/// Every text that is written anywhere is written once. So it is enough to follow texts: one that a
/// replica acknowledged has to arrive at Google, be replaced by somebody who saw it, or be kept for
/// a person.
final class GoogleOracle {
    private struct Edit {
        let replica: Int
        var isReplaced = false
    }

    private var edits: [String: Edit] = [:]
    /// The texts in the order in which they were acknowledged, since a dictionary has none.
    private var order: [String] = []
    /// Marks of events of which there may be two: divided series, and what was deleted at Google
    /// while replicas had edited it, each of which brings it to life again.
    private var twins: Set<String> = []
    private var lastToken = 1_000_000

    /// A text that nobody wrote before, for what is made up on the way.
    func freshToken() -> Int {
        lastToken += 1
        return lastToken
    }

    // MARK: - What people did

    /// A person changed what is seen at a replica: what is new is acknowledged, and what is no more
    /// was replaced by somebody who saw it.
    func changed(from old: Set<String>, to new: Set<String>, at replica: Int) {
        for text in new.subtracting(old).sorted() where edits[text] == nil {
            edits[text] = Edit(replica: replica)
            order.append(text)
        }
        replace(old.subtracting(new), at: replica)
    }

    /// A person settled a conflict, and so has seen both sides of it.
    func settled(_ conflict: ConflictRecord, mine: Bool, at replica: Int) {
        let given = mine ? conflict.theirs : conflict.mine
        replace(TokenFinder.texts(in: given), at: replica)
    }

    private func replace(_ texts: Set<String>, at replica: Int) {
        for text in texts where edits[text]?.replica == replica { edits[text]?.isReplaced = true }
    }

    /// There may be two of it from now on.
    func mayBeTwo(_ event: JSON?) {
        if let mark = Self.mark(of: event) { twins.insert(mark) }
    }

    private static func mark(of event: JSON?) -> String? {
        event?["extendedProperties"]?["private"]?["made"]?.string
    }

    // MARK: - What arrived

    /// A write was sent: whoever sent it must have known what it replaced.
    func wrote(
        _ request: PushRequest, before: JSON?, after: JSON?, series: JSON?, known: StoredResource?,
        from replica: Int
    ) throws {
        guard request.sendUpdates == .none else {
            throw GoogleSimulationFailure("P18", "A write mails \(request.sendUpdates) unasked.")
        }
        guard let before, request.verb != .move else { return }
        if after == nil { mayBeTwo(before) }
        let lost = TokenFinder.texts(in: before).subtracting(TokenFinder.texts(in: after))
            .subtracting(TokenFinder.texts(in: series))
            .subtracting(TokenFinder.texts(in: known?.base))
            .subtracting(TokenFinder.texts(in: known?.live))
        guard lost.isEmpty else {
            throw GoogleSimulationFailure(
                "P1",
                "Replica \(replica) overwrote unseen: \(lost.sorted()) by "
                    + "\(request.verb.rawValue) of \(request.target?.rawValue ?? "-").")
        }
    }

    // MARK: - What must hold at rest

    /// Every acknowledged text arrived, was replaced, or is kept for a person.
    func checkNothingLost(_ world: GoogleWorld) throws {
        var held = world.side.held
        for calendar in GoogleSide.calendars {
            for event in try world.side.events(in: calendar) {
                held.formUnion(TokenFinder.texts(in: event))
            }
        }
        let kept = try world.replicas.map { try Self.kept(at: $0) }
        for text in order {
            guard let edit = edits[text], !edit.isReplaced, !held.contains(text),
                !kept[edit.replica].contains(text)
            else { continue }
            throw GoogleSimulationFailure(
                "P1", "\(text), which replica \(edit.replica) acknowledged, is nowhere.")
        }
    }

    private static func kept(at replica: GoogleReplica) throws -> Set<String> {
        let settled = try replica.store.readBlocking { transaction in
            var texts: Set<String> = []
            for conflict in try transaction.conflicts.list(includesResolved: true) {
                texts.formUnion(TokenFinder.texts(in: conflict.mine))
            }
            return texts
        }
        return try replica.setAside().reduce(into: settled) { texts, row in
            texts.formUnion(TokenFinder.texts(in: row.live))
        }
    }

    /// At most one event lives for each that was made.
    func checkNoneDoubled(at side: GoogleSide) throws {
        var seen: [String: String] = [:]
        for calendar in GoogleSide.calendars {
            for event in try side.events(in: calendar)
            where event["recurringEventId"] == nil && event["status"] != "cancelled" {
                guard let mark = Self.mark(of: event), !twins.contains(mark) else { continue }
                let id = event["id"]?.string ?? "-"
                if let other = seen[mark] {
                    throw GoogleSimulationFailure(
                        "P2", "\(mark) is there as \(other) and as \(id).")
                }
                seen[mark] = id
            }
        }
    }

    /// Every delete says why.
    func checkCauses(at replica: GoogleReplica) throws {
        for entry in try replica.store.readBlocking({ try $0.changes.list() })
        where entry.verb == .deleted && entry.cause == nil {
            throw GoogleSimulationFailure(
                "P9", "Replica \(replica.number) deleted \(entry.title) for no reason.")
        }
    }
}
