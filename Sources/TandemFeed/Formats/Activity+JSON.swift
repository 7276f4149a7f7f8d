public import LosslessJSON
import TandemCore
import TandemStore

extension Activity {
    /// The activity as programs read it; every member is always there, `null` where it has no value.
    public var json: JSON {
        [
            "id": .string(id.text), "when": .string(when.rfc3339), "verb": .string(verb.rawValue),
            "kind": .string(kind.rawValue), "item": Self.text(item?.rawValue),
            "title": .string(title), "actor": actor.json, "origin": .string(origin.rawValue),
            "changes": .array(changes.map(\.json)), "account": .string(account),
            "collection": collection.json, "cause": Self.text(cause?.text),
            "run": Self.text(run?.rawValue),
            "count": count.map { .number(JSONNumber($0)) } ?? .null,
        ]
    }

    private static func text(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }
}

extension ChangeActor {
    fileprivate var json: JSON {
        [
            "name": name.map { .string($0) } ?? .null,
            "email": email.map { .string($0) } ?? .null,
            "certainty": .string(certainty.rawValue),
        ]
    }
}

extension FieldChange {
    fileprivate var json: JSON {
        ["field": .string(field), "before": before ?? .null, "after": after ?? .null]
    }
}
