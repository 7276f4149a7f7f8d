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

    init(seed: UInt64, replicas: Int, without: Set<SimulatedHabit> = []) {
        self.replicas = replicas
        var roots = SplitMix64(seed: seed)
        people = SplitMix64(seed: roots.next())
        schedule = SplitMix64(seed: roots.next())
        chance = SplitMix64(seed: roots.next())
        let isCalm = roots.next() % 10 == 0
        faults = isCalm ? [] : SimulatedFault.allCases.filter { _ in roots.next() % 2 == 0 }
        faultRate = [0.02, 0.1, 0.3][Int(roots.next() % 3)]
        isOfGarbage = roots.next() % 10 == 0 && !without.contains(.garbage)
        habits = SimulatedHabit.allCases.filter { $0 != .garbage }
            .filter { _ in roots.next() % 2 == 0 }.filter { !without.contains($0) }
    }

    /// What happens next.
    ///
    /// - Parameters:
    ///   - running: The replicas whose runs go on.
    ///   - isCalm: Whether nothing goes wrong any more.
    ///   - sort: What an effect of a replica's run asks for.
    /// - Returns: One of them, whatever the world is like.
    mutating func next(
        running: [Int], isCalm: Bool, sort: (Int, Int) -> SimulatedEffect?
    ) -> SimulatedAction {
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
        return deed()
    }

    /// What makes a difference to few effects would hardly be met by chance alone.
    private mutating func rareFault(of effect: SimulatedEffect?) -> SimulatedFault? {
        switch effect {
        case .listing where faults.contains(.listingEmpty):
            chance.next() % 3 == 0 ? .listingEmpty : nil
        case .page where faults.contains(.cursorExpired):
            chance.next() % 10 == 0 ? .cursorExpired : nil
        case .page where faults.contains(.pageRepeated):
            chance.next() % 10 == 0 ? .pageRepeated : nil
        default: nil
        }
    }

    /// What goes wrong with an effect: most with writes, of which there are few.
    private mutating func fault(of effect: SimulatedEffect?) -> SimulatedFault? {
        if let rare = rareFault(of: effect) { return rare }
        let (possible, rate): ([SimulatedFault], Double) =
            switch effect {
            case .transaction: (faults.filter { $0 == .storeFailed }, faultRate / 30)
            case .listing, .page, .read: (faults.filter(\.concernsReads), faultRate)
            case .write: (faults.filter(\.concernsWrites), faultRate * 2)
            case .wait, nil: ([], 0)
            }
        guard !possible.isEmpty, chance.fraction() < rate else { return nil }
        return possible[Int(chance.next() % UInt64(possible.count))]
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
