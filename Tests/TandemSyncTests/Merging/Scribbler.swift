import LosslessJSON
import TandemCore
import TandemTesting

/// Chance for made-up edits: words that occur nowhere else, and picks.
struct Scribbler {
    private var random: SplitMix64
    private var serial = 0

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// A number from 0, below `count`.
    mutating func below(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }

    mutating func chance(of one: Int) -> Bool { below(one) == 0 }

    mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

    /// A text that no other value has; now and then one of a few, which both sides may come to.
    mutating func value() -> JSON {
        if chance(of: 8) { return pick(Self.common) }
        serial += 1
        return .string("~\(serial)")
    }

    /// A value, or none at all.
    mutating func valueOrNothing() -> JSON? { chance(of: 6) ? nil : value() }

    /// A whole number that no other value has.
    mutating func number() -> Int64 {
        serial += 1
        return Int64(serial)
    }

    private static let common: [JSON] = ["~same", "~even", "~alike"]

    /// Keys of objects: some differ in bytes alone, some look like pointers.
    static let keys = ["a", "a", "a", "a", "é", "e\u{301}", "x/y", "~1"]
}

/// Makes a base and edits of it, all of which the rules accept.
protocol TripleMaker {
    var rules: any KindRules { get }
    /// The parts that merge as one in this maker's triples.
    var together: Set<String> { get }

    init(seed: UInt64)
    mutating func triple() -> Triple
}

/// Makes triples of the made-up kind, which has a field of every class.
struct NoteTriples: TripleMaker {
    let rules: any KindRules = NoteRules()
    let together: Set<String>
    private var scribbler: Scribbler

    init(seed: UInt64) {
        scribbler = Scribbler(seed: seed)
        together = seed % 4 == 0 ? ["time", "series"] : []
    }

    mutating func triple() -> Triple {
        let base = base()
        var remote = edited(base)
        remote["etag"] = "2"
        return Triple(base: base, local: edited(base), remote: remote)
    }

    private mutating func base() -> JSON {
        var note: JSON = ["id": "n1", "etag": "1"]
        for part in 0..<Self.parts where !scribbler.chance(of: 3) {
            edit(part, of: &note)
        }
        return note
    }

    /// Nothing, one part, or a few.
    private mutating func edited(_ base: JSON) -> JSON {
        var note = base
        for _ in 0..<scribbler.below(5) { edit(scribbler.below(Self.parts), of: &note) }
        return note
    }

    private static let parts = 9

    private mutating func edit(_ part: Int, of note: inout JSON) {
        switch part {
        case 0: note["title"] = scribbler.valueOrNothing()
        case 1: note["body"] = scribbler.chance(of: 8) ? "" : scribbler.valueOrNothing()
        case 2: editTags(of: &note)
        case 3: editPeople(of: &note)
        case 4: note["mine"] = scribbler.valueOrNothing()
        case 5:
            let start = scribbler.number()
            note["from"] = .number(JSONNumber(start))
            note["to"] = .number(JSONNumber(start + Int64(scribbler.below(5))))
        case 6:
            note["slots"] = scribbler.valueOrNothing().map { [$0] }
            note["until"] = .number(JSONNumber(scribbler.number()))
        case 7: note["x-unknown"] = scribbler.valueOrNothing().map { ["deep": [$0, 1.50]] }
        default: note[scribbler.pick(Self.unknown)] = scribbler.valueOrNothing()
        }
    }

    private static let unknown = ["x-new", "x/é", "x/e\u{301}"]

    private mutating func editTags(of note: inout JSON) {
        // Nobody forbids another shape; it moves as a whole then.
        if scribbler.chance(of: 64) {
            note["tags"] = scribbler.value()
            return
        }
        var tags = note["tags"]?.object ?? [:]
        tags[scribbler.pick(Scribbler.keys)] = scribbler.valueOrNothing()
        note["tags"] = .object(tags)
    }

    private static let addresses = [
        "ada@example.com", "ada@example.com", "bob@example.com", "BOB@example.com",
        "cy@example.com", "dé@example.com", "de\u{301}@example.com",
    ]
    private static let answers: [JSON] = ["yes", "no", "perhaps"]

    private mutating func editPeople(of note: inout JSON) {
        if scribbler.chance(of: 64) {
            note["people"] = scribbler.value()
            return
        }
        var people = note["people"]?.array ?? []
        if !people.isEmpty, !scribbler.chance(of: 3) {
            let place = scribbler.below(people.count)
            switch scribbler.below(4) {
            case 0: people.remove(at: place)
            case 1: people.swapAt(place, 0)
            case 2: people[place]["answer"] = scribbler.pick(Self.answers)
            default: people[place]["role"] = scribbler.valueOrNothing()
            }
        } else {
            people.append(person(among: people))
        }
        note["people"] = people.isEmpty ? nil : .array(people)
    }

    private mutating func person(among people: [JSON]) -> JSON {
        var person: JSON = ["answer": scribbler.pick(Self.answers), "role": scribbler.value()]
        if scribbler.chance(of: 16) { return person }
        let address = scribbler.pick(Self.addresses)
        // Oneself is there once; others may be there twice.
        let isDouble = people.contains { $0["email"]?.string == address }
        if isDouble, address == Self.addresses[0] || !scribbler.chance(of: 4) { return person }
        person["email"] = .string(address)
        if address == Self.addresses[0] { person["self"] = true }
        return person
    }
}
