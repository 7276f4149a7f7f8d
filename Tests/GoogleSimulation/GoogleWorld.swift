import GoogleConnector
import GoogleEmulator
import LosslessJSON
import TandemCore
import TandemFormats
import TandemStore
import TandemSync
import TandemTesting

/// A Google, several replicas of one account on it, and everybody who changes something.
///
/// Nothing in it happens by itself: ``perform(_:)`` does one thing, and the same list of things
/// leads to the same end wherever it is repeated.
final class GoogleWorld {
    let clock = VirtualClock(longestStep: .zero)
    let side: GoogleSide
    let oracle = GoogleOracle()
    let viewer: ZoneRules
    private(set) var replicas: [GoogleReplica] = []
    /// How often each thing was met.
    private(set) var reach: [String: Int] = [:]
    private(set) var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    /// Who tells what happens to one thing, if anybody does.
    var teller: WorldTeller?

    init(replicas count: Int, seed: UInt64) throws {
        viewer = try ZoneRules.named("Europe/Paris")
        side = try GoogleSide(clock: clock, seed: seed)
        for number in 0..<count {
            replicas.append(
                try GoogleReplica(
                    number, at: side, clock: clock,
                    seed: seed &+ UInt64(number) &* 0x9E37_79B9))
        }
    }

    /// Gives the stores back.
    func close() throws {
        for replica in replicas { try replica.store.close() }
    }

    /// Counts something that is to be met.
    func met(_ name: String) { reach[name, default: 0] += 1 }

    /// The replicas whose runs go on.
    var running: [Int] { replicas.filter { $0.run != nil }.map(\.number) }

    /// What an effect of a replica's run asks for; `nil` where it asks for nothing.
    func sort(ofEffect number: Int, at replica: Int) -> GoogleReplica.Effect? {
        this(replica).sort(ofEffect: number)
    }

    /// Does one thing.
    ///
    /// - Throws: ``GoogleSimulationFailure`` where a promise was broken.
    func perform(_ action: GoogleAction) async throws {
        try await doIt(action)
        try tell(after: action)
        note(side.google.mails)
        for replica in replicas {
            note(replica.run?.pending.count ?? -1)
            note(replica.wire.requests.count)
        }
        guard side.google.mails == 0 else {
            throw GoogleSimulationFailure("P18", "Somebody was mailed unasked.")
        }
    }

    /// Makes two lives of one world differ where what happened differs.
    ///
    /// - SeeAlso: Fowler, Noll, Vo, FNV-1a with 64 bits.
    func note(_ text: String) {
        for byte in text.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
        digest = (digest ^ 0xFF) &* 0x100_0000_01B3
    }

    private func note(_ number: some BinaryInteger) { note(String(number)) }

    private func doIt(_ action: GoogleAction) async throws {
        switch action {
        case .create(let replica, let calendar, let shape, let token):
            try create(at: this(replica), calendar, shape, token)
        case .edit(let replica, let event, let slot, let part, let token):
            try edit(at: this(replica), event, slot, part, token)
        case .delete(let replica, let event, let slot):
            try delete(at: this(replica), event, slot)
        case .move(let replica, let event, let calendar):
            try move(at: this(replica), event, calendar)
        case .answer(let replica, let event, let accepts):
            try answer(at: this(replica), event, accepts)
        case .resolve(let replica, let conflict, let mine):
            try resolve(at: this(replica), conflict, mine: mine)
        case .decide(let replica, let hold, let releases):
            try decide(at: this(replica), hold, releases)
        case .webCreate, .webEdit, .webDelete, .webMove, .invite, .changeInvitation, .withdraw:
            try others(do: action)
        case .churn: try side.google.churn(user: GoogleSide.ada)
        case .expireCursors: try side.google.expire(.calendarCursors)
        case .expireTokens: try side.google.expire(.accessTokens)
        case .arrive(let number):
            for replica in replicas where replica.wire.hasLate {
                met("a request that was given up")
                return replica.wire.arrive(number)
            }
        case .pass(let seconds): clock.advance(by: .seconds(seconds))
        case .sync, .deliver, .deliverAndCrash, .crash: try await run(action)
        }
    }

    /// What happens to the runs of replicas.
    private func run(_ action: GoogleAction) async throws {
        switch action {
        case .sync(let replica, let full):
            let one = this(replica)
            guard one.run == nil else { return }
            try one.begin(full: full)
        case .deliver(let replica, let effect, let fault):
            try await deliver(to: this(replica), effect, fault)
        case .deliverAndCrash(let replica, let effect):
            let one = this(replica)
            guard one.run != nil else { return }
            met("crash after an effect")
            try await deliver(to: one, effect, .answerLost)
            try one.crash()
        case .crash(let replica):
            let one = this(replica)
            if one.run != nil { met("crash before an effect") }
            try one.crash()
        default: return
        }
    }

    private func this(_ number: Int) -> GoogleReplica { replicas[number % replicas.count] }
}
