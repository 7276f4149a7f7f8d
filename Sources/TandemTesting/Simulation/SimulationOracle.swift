import LosslessJSON
import TandemCore
import TandemStore
import TandemSync

/// A promise that was broken.
public struct SimulationFailure: Error, Hashable, Sendable, Codable {
    /// Which promise, as `Documentation/Promises.md` numbers them.
    public let promise: String
    /// What happened.
    public let message: String

    init(_ promise: String, _ message: String) {
        self.promise = promise
        self.message = message
    }
}

/// Watches a simulated world from outside, and knows nothing of how the engine works.
///
/// Every value that is written anywhere is a text of its own. So it is enough to follow texts: one
/// that a replica acknowledged has to end at the provider, be replaced by somebody who saw it, or be
/// kept in a conflict.
final class SimulationOracle {
    /// One value that a replica acknowledged.
    private struct Edit {
        let replica: Int
        let resource: ResourceID
        let part: String
        var isReplaced = false
        /// Whether a copy of the store was put aside since.
        var isBackedUp = false
    }

    private var edits: [String: Edit] = [:]
    /// The texts in the order in which they were acknowledged, since a dictionary has none.
    private var order: [String] = []
    /// Texts that the provider has held at some time.
    private var held: Set<String> = []
    /// What was deleted by somebody at a replica, by our id.
    private var deleted: [Int: Set<ResourceID>] = [:]
    /// What was ever deleted at the provider, by the texts it was made with.
    private(set) var deletedThere: Set<String> = []
    /// What is there twice because a person wanted it so.
    var copies: Set<String> = []
    /// What could not be read, and what a person at a replica does not want to hear of any more, as
    /// `replica collection/name`.
    var forgotten: Set<String> = []
    /// The edits about which somebody is to be mailed, as `replica resource`.
    var mailings: Set<String> = []
    /// The replicas of which it is not known any more what was asked for.
    var forgetful: Set<Int> = []
    private var lastToken = 1_000_000
    /// Requests that reached the network.
    var requests = 0
    /// Things that listings brought.
    var itemsRead = 0
    /// What makes this world hard to judge.
    var met: Set<SimulatedOddity> = []
    var requestWatch = RequestWatch()
    var deaths = DeathWatch()
    var log = LogWatch()
    var merging = MergeWatch()

    /// A text that nobody wrote before, for what is made up on the way.
    func freshToken() -> Int {
        lastToken += 1
        return lastToken
    }

    // MARK: What people did

    func made(
        _ token: Int, _ suffixes: [String] = ["a", "b"], at replica: Int, _ row: StoredResource
    ) {
        for suffix in suffixes {
            note(NoteWriter.text(token) + suffix, "made", replica, row.id)
        }
        log.made(NoteWriter.text(token), at: replica)
        merging.wrote(row.live ?? [:])
    }

    // `inherited` is what an instance said because its series does, which stays there.
    func edited(
        _ token: Int, _ part: NotePart, at replica: Int, _ row: StoredResource, from live: JSON,
        inherited: Set<String> = []
    ) {
        replace(
            Self.texts(in: live).subtracting(inherited), by: Self.texts(in: row.live ?? [:]),
            at: replica)
        merging.changed(from: live, to: row.live ?? [:], at: replica)
        deaths.touched(live)
        guard part != .time else { return }
        note(NoteWriter.text(token), part.rawValue, replica, row.id)
    }

    func deleted(
        _ row: StoredResource, _ live: JSON, at replica: Int, inherited: Set<String> = []
    ) {
        replace(Self.texts(in: live).subtracting(inherited), by: [], at: replica)
        merging.changed(from: live, to: [:], at: replica)
        deleted[replica, default: []].insert(row.id)
    }

    private func note(_ text: String, _ part: String, _ replica: Int, _ id: ResourceID) {
        guard edits[text] == nil else { return }
        edits[text] = Edit(replica: replica, resource: id, part: part)
        order.append(text)
        log.wrote(text, into: id, at: replica)
    }

    /// What was there and is not any more was replaced by somebody who saw it.
    func replace(_ old: Set<String>, by new: Set<String>, at replica: Int) {
        for text in old.subtracting(new) where edits[text]?.replica == replica {
            edits[text]?.isReplaced = true
        }
    }

    /// Whatever was acknowledged so far is in the copy.
    func backedUp(_ replica: Int) {
        for text in order where edits[text]?.replica == replica { edits[text]?.isBackedUp = true }
    }

    /// What was acknowledged after the copy was made is gone, as its owner knew, and what was
    /// deleted since is there again.
    func restored(_ replica: Int) {
        forgetful.insert(replica)
        for text in order {
            guard let edit = edits[text], edit.replica == replica, !edit.isBackedUp else {
                continue
            }
            edits[text]?.isReplaced = true
        }
    }

    // MARK: What arrived

    /// A write was taken: whoever sent it must have known what it replaced.
    func written(
        _ request: PushRequest, before: JSON?, answer: RemoteResource,
        by replica: SimulatedReplica?
    ) throws {
        held.formUnion(Self.texts(in: answer.json))
        guard let before, let replica else { return }
        log.wroteOver(before, with: answer.json, by: replica.number)
        // What was written for: it may lie elsewhere here by now, waiting to be moved.
        let known = try replica.store.readBlocking { transaction in
            try transaction.intents.find(request.operation)
                .flatMap { try transaction.resources.find($0.resource) }?.base
        }
        do throws(SimulationFailure) {
            if hasMetNone(of: .series, .garbage) {
                try merging.check(
                    request, before: before, answer: answer.json, by: replica.number)
            }
            let lost = Self.texts(in: before).subtracting(Self.texts(in: answer.json))
                .subtracting(Self.texts(in: known ?? [:]))
            guard request.verb == .move || lost.isEmpty else {
                throw SimulationFailure(
                    "P1",
                    "Replica \(replica.number) overwrote unseen: \(lost.sorted()) by "
                        + "\(request.verb.rawValue) of \(request.target?.rawValue ?? "-").")
            }
        } catch {
            // What was there twice becomes one; what of it was acknowledged is looked for at rest.
            guard try replica.knowsTwice(before) else { throw error }
        }
    }

    /// What the provider holds now counts as having arrived.
    func look(at provider: MemoryProvider) {
        for name in SimulatedWorld.collections {
            for note in provider.live(in: RemoteID(rawValue: name)) {
                held.formUnion(Self.texts(in: note.json))
            }
        }
    }

    // MARK: What must hold at rest

    /// Every acknowledged value is at the provider, was there, was replaced, or is kept.
    func checkNothingLost(_ world: SimulatedWorld) throws {
        look(at: world.provider)
        var kept: [Int: Set<String>] = [:]
        for replica in world.replicas {
            kept[replica.number] = try replica.store.readBlocking { transaction in
                var texts: Set<String> = []
                for conflict in try transaction.conflicts.list(includesResolved: true) {
                    texts.formUnion(Self.texts(in: conflict.mine ?? [:]))
                }
                for row in try transaction.resources.list() where row.hold != nil {
                    texts.formUnion(Self.texts(in: row.live ?? [:]))
                }
                return texts
            }
        }
        for text in order {
            guard let edit = edits[text], !edit.isReplaced, !held.contains(text),
                kept[edit.replica]?.contains(text) != true
            else { continue }
            throw SimulationFailure(
                "P1",
                "\(text), \(edit.part) of \(edit.resource), which replica \(edit.replica) "
                    + "acknowledged, is nowhere.")
        }
    }

    /// Something is deleted at the provider.
    func deletedThere(_ json: JSON?) {
        if let made = json?["made"]?.string { deletedThere.insert(made) }
    }

    /// At most one thing lives for each that was made, also where it was brought to life again.
    func checkNoneDoubled(at provider: MemoryProvider) throws {
        var seen: [String: RemoteID] = [:]
        for name in SimulatedWorld.collections {
            for note in provider.live(in: RemoteID(rawValue: name)) {
                guard let made = note.json["made"]?.string, note.json["seriesId"] == nil else {
                    continue
                }
                if let other = seen[made], !copies.contains(made) {
                    throw SimulationFailure(
                        "P2", "\(made) is there as \(other) and as \(note.id).")
                }
                seen[made] = note.id
            }
        }
    }

    /// Every delete says why.
    func checkCauses(at replica: SimulatedReplica) throws {
        for entry in try replica.store.readBlocking({ try $0.changes.list() })
        where entry.verb == .deleted && entry.cause == nil {
            throw SimulationFailure(
                "P9", "Replica \(replica.number) deleted \(entry.title) for no reason.")
        }
    }

    /// Every text of a note, at whatever depth.
    static func texts(in json: JSON) -> Set<String> {
        var found: Set<String> = []
        collect(json, into: &found)
        return found
    }

    private static func collect(_ json: JSON, into found: inout Set<String>) {
        if let text = json.string {
            if text.first == "t", text.dropFirst().first?.isNumber == true { found.insert(text) }
        } else if let members = json.object?.members {
            for member in members where member.key != "made" { collect(member.value, into: &found) }
        } else if let elements = json.array {
            for element in elements { collect(element, into: &found) }
        }
    }
}
