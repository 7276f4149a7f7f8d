import TandemCore

/// Draws what happens next in a simulated world.
///
/// People, schedule and faults draw from streams of their own, so that one action more of one sort
/// does not shift all that follows of the others.
struct ActionGenerator {
    var people: SplitMix64
    private var schedule: SplitMix64
    private var chance: SplitMix64
    /// What can go wrong in this world; empty in one of ten.
    private(set) var faults: [SimulatedFault]
    private let faultRate: Double
    let replicas: Int
    /// What people do in this world besides the usual.
    let habits: [SimulatedHabit]
    /// Whether somebody else mostly writes what makes no sense: so in one world of ten.
    let isOfGarbage: Bool
    var token = 0

    init(seed: UInt64, replicas: Int) {
        self.replicas = replicas
        var roots = SplitMix64(seed: seed)
        people = SplitMix64(seed: roots.next())
        schedule = SplitMix64(seed: roots.next())
        chance = SplitMix64(seed: roots.next())
        let isCalm = roots.next() % 10 == 0
        faults = isCalm ? [] : SimulatedFault.allCases.filter { _ in roots.next() % 2 == 0 }
        faultRate = [0.02, 0.1, 0.3][Int(roots.next() % 3)]
        isOfGarbage = roots.next() % 10 == 0
        habits = SimulatedHabit.allCases.filter { _ in roots.next() % 2 == 0 }
    }

    /// What happens next.
    ///
    /// - Parameters:
    ///   - running: The replicas whose runs go on.
    ///   - isCalm: Whether nothing goes wrong any more.
    /// - Returns: One of them, whatever the world is like.
    mutating func next(running: [Int], isCalm: Bool) -> SimulatedAction {
        if !running.isEmpty, schedule.next() % 100 < 70 {
            let replica = running[Int(schedule.next() % UInt64(running.count))]
            let ends = !isCalm && !faults.isEmpty && chance.next() % 400 == 0
            if ends { return .deliverAndCrash(replica: replica, effect: number(&schedule)) }
            return .deliver(
                replica: replica, effect: number(&schedule), fault: isCalm ? nil : fault())
        }
        if schedule.next() % 100 < 30 {
            return .sync(
                replica: Int(schedule.next() % UInt64(replicas)), full: schedule.next() % 20 == 0)
        }
        if !isCalm, let trouble = trouble() { return trouble }
        return deed()
    }

    private mutating func fault() -> SimulatedFault? {
        guard !faults.isEmpty, chance.fraction() < faultRate else { return nil }
        return faults[Int(chance.next() % UInt64(faults.count))]
    }

    /// What happens to machines, clocks and the provider itself.
    private mutating func trouble() -> SimulatedAction? {
        guard !faults.isEmpty, chance.next() % 100 < 15 else { return nil }
        let replica = Int(chance.next() % UInt64(replicas))
        switch chance.next() % 12 {
        case 0, 1: return .crash(replica: replica)
        case 2: return .churn
        case 3: return .expireCursors
        case 4: return .spoil(note: number(&chance))
        case 5: return .arrive(number(&chance))
        case 6: return .pass(seconds: Int(chance.next() % 20_000))
        case 7: return .foreignAgreement(replica: replica, note: number(&chance))
        case 8, 9: return .backUp(replica: replica)
        case 10: return .restore(replica: replica)
        default: return .setClock(replica: replica, ahead: Int(chance.next() % 500_000) - 250_000)
        }
    }

    func number(_ stream: inout SplitMix64) -> Int { Int(stream.next() % 1000) }
}
