import LosslessJSON
import TandemCore

/// Series, their instances, and notes that make no sense.
extension NoteWriter {
    /// A new series of a few slots.
    static func series(_ token: Int) -> JSON {
        made(token).merging(["slots": ["1", "2", "3", "4"]])
    }

    /// The names of a series' slots.
    static func slots(of series: JSON) -> [String] {
        series["slots"]?.array?.compactMap(\.string) ?? []
    }

    /// An instance as it is while it is none of its own.
    static func instance(of series: JSON, named name: RemoteID, slot: String) -> JSON {
        var instance = series
        for member in ["slots", "until", "etag"] { instance[member] = nil }
        instance["id"] = .string("\(name)_\(slot)")
        instance["seriesId"] = .string(name.rawValue)
        instance["slot"] = .string(slot)
        return instance
    }

    /// The slots with one less, or one more.
    ///
    /// A slot that was taken away is never given again: its name is new.
    static func changedSlots(_ slots: [String], at place: Int, _ token: Int) -> [String] {
        guard token % 3 > 0, slots.count > 1 else { return slots + ["x\(token)"] }
        var left = slots
        left.remove(at: place % slots.count)
        return left
    }

    /// A note from elsewhere: most say the same as others of their name.
    static func imported(_ name: Int, _ token: Int) -> JSON {
        let uid = JSON.string("u\(name % 4)")
        guard token % 3 > 0 else { return made(token).merging(["uid": uid]) }
        return ["uid": uid, "title": "imported", "body": "alike", "from": 1, "to": 2]
    }

    /// What makes no sense: members of wrong types, times that end before they start, texts that
    /// are hard to carry, or too much of something.
    static func garbage(_ shape: Int, _ token: Int) -> JSON {
        let text = text(token)
        switch shape % 16 {
        case 0: return ["title": .number(JSONNumber(token))]
        case 1: return ["title": .null, "body": ["deep": ["deeper": .string(text)]]]
        case 2: return ["from": .number(JSONNumber(token)), "to": 0]
        case 3: return ["from": "yesterday", "to": .bool(true)]
        case 4: return ["people": .string(text)]
        case 5: return ["people": [.string(text), 7, .null, [:], ["email": 3]]]
        case 6: return ["people": [["email": "a@example.com"], ["email": "a@example.com"]]]
        case 7: return ["tags": [.string(text)]]
        case 8: return ["tags": ["": .string(text), "a/b": 1, "~": .bool(false)]]
        case 9: return ["slots": .string(text), "until": "never"]
        case 10: return ["slots": [1, .null, .string("y\(token)")]]
        case 11: return ["slot": .string(text), "until": .number(JSONNumber(-token))]
        case 12: return ["title": .string("\u{0}\u{301}e\u{200D}\u{FEFF}\(text)"), "": "nameless"]
        case 13: return ["body": .string(String(repeating: "\(text) ", count: 500))]
        case 14: return ["other": Self.nested(in: .string(text)), "uid": 12]
        default: return ["mine": .null, "cancelled": "perhaps", "keeper": [], "author": 1]
        }
    }

    private static func nested(in json: JSON) -> JSON {
        (0..<40).reduce(json) { inner, _ in .array([inner]) }
    }
}
