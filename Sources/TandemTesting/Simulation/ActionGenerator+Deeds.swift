import TandemCore

/// What people do, here and elsewhere.
extension ActionGenerator {
    mutating func deed() -> SimulatedAction {
        token += 1
        if isOfGarbage, people.next() % 4 == 0 {
            return .foreignGarbage(note: number(&people), shape: number(&people), token: token)
        }
        if !habits.isEmpty, people.next() % 3 == 0 {
            let habit = habits[Int(people.next() % UInt64(habits.count))]
            if let deed = deed(of: habit) { return deed }
        }
        return usualDeed()
    }

    private mutating func usualDeed() -> SimulatedAction {
        let (replica, part) = (anyReplica(), anyPart())
        switch people.next() % 100 {
        case ..<12:
            return .create(replica: replica, collection: number(&people), token: token)
        case ..<45:
            return .edit(replica: replica, note: number(&people), part: part, token: token)
        case ..<50: return .delete(replica: replica, note: number(&people))
        case ..<55:
            return .move(
                replica: replica, note: number(&people), collection: number(&people))
        case ..<60:
            return .resolve(
                replica: replica, conflict: number(&people),
                choice: [.mine, .theirs, .mine, .theirs, .both][Int(people.next() % 5)])
        case ..<63:
            return .decide(
                replica: replica, hold: number(&people), releases: people.next() % 2 == 0)
        case ..<70: return .foreignCreate(collection: number(&people), token: token)
        case ..<94: return .foreignEdit(note: number(&people), part: part, token: token)
        default: return .foreignDelete(note: number(&people))
        }
    }

    /// What a habit leads to; `nil` where it needs another one that this world has not.
    private mutating func deed(of habit: SimulatedHabit) -> SimulatedAction? {
        let (replica, part) = (anyReplica(), anyPart())
        switch habit {
        case .series: return deedOfSeries()
        case .divisions:
            guard habits.contains(.series) else { return nil }
            return .divide(
                replica: replica, series: number(&people), slot: number(&people), token: token)
        case .imports:
            let (collection, name) = (number(&people), number(&people))
            return people.next() % 3 == 0
                ? .foreignImport(collection: collection, name: name, token: token)
                : .importNote(replica: replica, collection: collection, name: name, token: token)
        case .mail:
            return .editMailing(replica: replica, note: number(&people), part: part, token: token)
        case .emptying:
            guard people.next() % 2 == 0 else { return nil }
            return people.next() % 2 == 0
                ? .deleteAll(replica: replica, collection: number(&people))
                : .foreignDeleteAll(collection: number(&people))
        case .secondThoughts: return secondThought(at: replica)
        case .moves: return .foreignMove(note: number(&people), collection: number(&people))
        case .fullDisks:
            return .editOnFullDisk(
                replica: replica, note: number(&people), part: part, token: token)
        case .garbage:
            return .foreignGarbage(note: number(&people), shape: number(&people), token: token)
        }
    }

    private mutating func deedOfSeries() -> SimulatedAction {
        let (replica, part) = (anyReplica(), anyPart())
        let (series, slot) = (number(&people), number(&people))
        switch people.next() % 20 {
        case ..<2: return .createSeries(replica: replica, collection: series, token: token)
        case ..<3: return .foreignCreateSeries(collection: series, token: token)
        case ..<9:
            return .editInstance(
                replica: replica, series: series, slot: slot, part: part, token: token)
        case ..<10: return .cancelInstance(replica: replica, series: series, slot: slot)
        case ..<13:
            return .changeSlots(replica: replica, series: series, slot: slot, token: token)
        case ..<17:
            return .foreignEditInstance(series: series, slot: slot, part: part, token: token)
        case ..<18: return .foreignCancelInstance(series: series, slot: slot)
        default: return .foreignChangeSlots(series: series, slot: slot, token: token)
        }
    }

    private mutating func secondThought(at replica: Int) -> SimulatedAction {
        let which = number(&people)
        switch people.next() % 5 {
        case ..<2: return .drop(replica: replica, note: which)
        case 2: return .decideAside(replica: replica, record: which, retries: true)
        case 3: return .decideAside(replica: replica, record: which, retries: false)
        default: return .bringBack(replica: replica, conflict: which)
        }
    }

    private mutating func anyReplica() -> Int { Int(people.next() % UInt64(replicas)) }

    private mutating func anyPart() -> NotePart {
        NotePart.allCases[Int(people.next() % UInt64(NotePart.allCases.count))]
    }
}
