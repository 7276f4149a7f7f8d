import TandemCore

/// Draws what happens next in a simulated world.
///
/// People, schedule and faults draw from streams of their own, so that one action more of one sort
/// does not shift all that follows of the others.
struct GoogleActionGenerator {
    private var people: SplitMix64
    private var schedule: SplitMix64
    private var chance: SplitMix64
    /// What can go wrong in this world; empty in one of ten.
    private let faults: [GoogleFault]
    private let faultRate: Double
    private let replicas: Int
    private var token = 0

    init(seed: UInt64, replicas: Int) {
        self.replicas = replicas
        var roots = SplitMix64(seed: seed)
        people = SplitMix64(seed: roots.next())
        schedule = SplitMix64(seed: roots.next())
        chance = SplitMix64(seed: roots.next())
        let isCalm = roots.next() % 10 == 0
        faults = isCalm ? [] : GoogleFault.allCases.filter { _ in roots.next() % 2 == 0 }
        faultRate = [0.02, 0.1, 0.3][Int(roots.next() % 3)]
    }

    /// What happens next.
    ///
    /// - Parameters:
    ///   - running: The replicas whose runs go on.
    ///   - isCalm: Whether nothing goes wrong any more.
    ///   - sort: What an effect of a replica's run asks for.
    /// - Returns: One thing, whatever the world is like.
    mutating func next(
        running: [Int], isCalm: Bool, sort: (Int, Int) -> GoogleReplica.Effect?
    ) -> GoogleAction {
        if !running.isEmpty, schedule.next() % 100 < 70 {
            let replica = running[Int(schedule.next() % UInt64(running.count))]
            let ends = !isCalm && !faults.isEmpty && chance.next() % 400 == 0
            if ends { return .deliverAndCrash(replica: replica, effect: number(&schedule)) }
            let effect = number(&schedule)
            return .deliver(
                replica: replica, effect: effect,
                fault: isCalm ? nil : fault(of: sort(effect, replica)))
        }
        if schedule.next() % 100 < 30 {
            return .sync(
                replica: Int(schedule.next() % UInt64(replicas)), full: schedule.next() % 20 == 0)
        }
        if !isCalm, let trouble = trouble() { return trouble }
        token += 1
        return people.next() % 100 < 60 ? deedHere() : deedThere()
    }

    /// What goes wrong with an effect: most with writes, of which there are few.
    private mutating func fault(of effect: GoogleReplica.Effect?) -> GoogleFault? {
        if effect == .change, faults.contains(.overtaken), chance.next() % 3 == 0 {
            return .overtaken
        }
        let (possible, rate): ([GoogleFault], Double) =
            switch effect {
            case .transaction: (faults.filter { $0 == .storeFailed }, faultRate / 30)
            case .read: (faults.filter(\.meetsReads), faultRate)
            case .creation, .change: (faults.filter(\.meetsWrites), faultRate * 3)
            case .wait, nil: ([], 0)
            }
        guard !possible.isEmpty, chance.fraction() < rate else { return nil }
        return possible[Int(chance.next() % UInt64(possible.count))]
    }

    /// What happens to machines and to Google itself.
    private mutating func trouble() -> GoogleAction? {
        guard !faults.isEmpty, chance.next() % 100 < 15 else { return nil }
        switch chance.next() % 8 {
        case 0, 1: return .crash(replica: Int(chance.next() % UInt64(replicas)))
        case 2: return .churn
        case 3: return .expireCursors
        case 4: return .expireTokens
        case 5: return .pass(seconds: Int(chance.next() % 20_000))
        default: return .arrive(number(&chance))
        }
    }

    /// What people do at replicas.
    private mutating func deedHere() -> GoogleAction {
        let replica = Int(people.next() % UInt64(replicas))
        switch people.next() % 100 {
        case ..<20:
            return .create(
                replica: replica, calendar: number(&people), shape: any(EventShape.allCases),
                token: token)
        case ..<70:
            return .edit(
                replica: replica, event: number(&people), slot: slot(),
                part: any(EventPart.allCases), token: token)
        case ..<78: return .delete(replica: replica, event: number(&people), slot: slot())
        case ..<84:
            return .move(replica: replica, event: number(&people), calendar: number(&people))
        case ..<90:
            return .answer(
                replica: replica, event: number(&people), accepts: people.next() % 2 == 0)
        case ..<96:
            return .resolve(
                replica: replica, conflict: number(&people), mine: people.next() % 2 == 0)
        default:
            return .decide(
                replica: replica, hold: number(&people), releases: people.next() % 2 == 0)
        }
    }

    /// What people do in Google's own pages.
    private mutating func deedThere() -> GoogleAction {
        let slot = people.next() % 2 == 0 ? Int(people.next() % 4) : nil
        switch people.next() % 100 {
        case ..<15:
            return .webCreate(
                calendar: number(&people), shape: any(EventShape.allCases), token: token)
        case ..<62:
            return .webEdit(
                event: number(&people), slot: slot, part: any(EventPart.allCases), token: token)
        case ..<74: return .webDelete(event: number(&people), slot: slot)
        case ..<80: return .webMove(event: number(&people), calendar: number(&people))
        case ..<86: return .invite(shape: any(EventShape.allCases), token: token)
        case ..<96:
            return .changeInvitation(
                event: number(&people), part: any(EventPart.allCases), token: token)
        default: return .withdraw(event: number(&people))
        }
    }

    private mutating func slot() -> GoogleAction.Slot? {
        guard people.next() % 3 > 0 else { return nil }
        let reach = any(GoogleAction.Reach.allCases + [.this, .this])
        return .init(number: Int(people.next() % 4), reach: reach)
    }

    private mutating func any<Value>(_ values: [Value]) -> Value {
        values[Int(people.next() % UInt64(values.count))]
    }

    private func number(_ stream: inout SplitMix64) -> Int { Int(stream.next() % 1000) }
}
