import LosslessJSON

/// Writes notes whose every value is a token, so that one that is lost, doubled or misled shows.
enum NoteWriter {
    static func text(_ token: Int) -> String { "t\(token)" }

    /// A new note.
    static func made(_ token: Int) -> JSON {
        [
            "title": .string("\(text(token))a"), "body": .string("\(text(token))b"),
            "made": .string(text(token)), "from": .number(JSONNumber(token)),
            "to": .number(JSONNumber(token)),
        ]
    }

    /// Both halves of a time, or only one: a merge by halves would show.
    private static func time(_ token: Int, of note: JSON) -> JSON {
        let (start, end) = (note["from"]?.int ?? 0, note["to"]?.int ?? 0)
        switch token % 3 {
        case 0 where start <= token: return ["to": .number(JSONNumber(token))]
        case 1 where -token <= end: return ["from": .number(JSONNumber(-token))]
        default: return ["from": .number(JSONNumber(token)), "to": .number(JSONNumber(token))]
        }
    }

    /// What changes one part of a note.
    static func patch(_ part: NotePart, _ token: Int, of note: JSON) -> JSON {
        let value = JSON.string(text(token))
        switch part {
        case .title: return ["title": value]
        case .body: return ["body": value]
        case .tag:
            var keys = JSONObject()
            keys["k\(token % 3)"] = value
            return ["tags": .object(keys)]
        case .person:
            var people = note["people"]?.array ?? []
            let email = JSON.string("p\(token % 3)@example.com")
            people.removeAll { $0["email"] == email }
            people.append(["email": email, "answer": value])
            return ["people": .array(people)]
        case .time: return time(token, of: note)
        case .mine: return ["mine": value]
        case .unknown: return ["other": value]
        }
    }
}
