import LosslessJSON
import TandemCore
import TandemStore

/// One clash part by part: what it is here, at Google, and what it was.
struct ConflictView: Sendable {
    /// A part with its three values.
    struct Part: Sendable {
        var name: String
        var mine: JSON?
        var theirs: JSON?
        var base: JSON?

        fileprivate var values: [JSON?] { [mine, theirs, base] }
    }

    /// The parts of which not all three values are the same.
    private(set) var parts: [Part] = []
    /// How many others there are.
    private(set) var alike = 0
    /// What became of the whole, where the clash is about that: there, or deleted.
    private let fates: [String]?
    /// Which of the three there is a version of.
    private var isThere = [true, true, true]

    /// Reads a clash; `rules` are those of its kind.
    init(_ record: ConflictRecord, rules: any KindRules) {
        let versions = [record.mine, record.theirs, record.base]
        guard record.field == ConflictRecord.delete || record.field == ConflictRecord.slot else {
            fates = nil
            parts = Self.members(of: record)
            return
        }
        let isSlot = record.field == ConflictRecord.slot
        fates = versions.enumerated().map { index, version in
            guard let version else {
                return index == 2 ? "" : isSlot ? "its slot is gone" : "deleted"
            }
            return rules.projection(of: version).isCancelled ? "deleted" : "there"
        }
        let shown = versions.map { version in
            version.flatMap { rules.projection(of: $0).isCancelled ? nil : $0 }
        }
        isThere = shown.map { $0 != nil }
        let canonical = shown.map { $0.map(rules.canonical) }
        for field in rules.allFields(of: canonical.compactMap { $0 }) {
            let forms = canonical.map { $0.flatMap(field.value) }
            guard forms.contains(where: { $0 != nil }) else { continue }
            let present = zip(canonical, forms).filter { $0.0 != nil }.map(\.1)
            // A side that has none of it at all says nothing about its parts.
            guard present.count == 1 || present.contains(where: { $0 != present[0] }) else {
                alike += 1
                continue
            }
            let values = shown.map { $0.flatMap(field.value) }
            parts.append(
                Part(name: field.name, mine: values[0], theirs: values[1], base: values[2]))
        }
    }

    /// A value that is an object member by member, any other as a whole.
    private static func members(of record: ConflictRecord) -> [Part] {
        let versions = [record.mine, record.theirs, record.base]
        let isTime = versions.contains { $0?["start"] != nil }
        let keys = versions.flatMap { $0?.object?.keys ?? [] }
        guard !isTime, !keys.isEmpty,
            versions.allSatisfy({ $0 == nil || $0?.isNull == true || $0?.object != nil })
        else {
            return [
                Part(
                    name: record.field, mine: record.mine, theirs: record.theirs,
                    base: record.base)
            ]
        }
        var names: [String] = []
        for key in keys where !names.contains(key) { names.append(key) }
        return names.map { name in
            Part(
                name: name, mine: record.mine?[name], theirs: record.theirs?[name],
                base: record.base?[name])
        }
    }

    /// The parts as programs read them.
    var json: JSON {
        .array(
            parts.map { part in
                [
                    "field": .string(part.name), "mine": part.mine ?? .null,
                    "theirs": part.theirs ?? .null, "base": part.base ?? .null,
                ]
            })
    }

    /// The parts in columns.
    func sideBySide(_ text: ItemText) -> SideBySide {
        var table = SideBySide(titles: ["MINE", "THEIRS", "BASE"])
        if let fates { table.rows.append((name: "event", cells: fates)) }
        for part in parts {
            let cells = zip(part.values, isThere).map { $1 ? text.whole($0) : "" }
            table.rows.append((name: part.name, cells: cells))
        }
        return table
    }
}

extension ItemText {
    /// A value on as many lines as it needs: a list has one for each element.
    func whole(_ json: JSON?) -> String {
        guard let json, !json.isNull else { return "(nothing)" }
        if json["dateTime"] != nil || json["date"] != nil { return time(json) }
        guard let list = json.array, !list.isEmpty else { return value(json) }
        return list.map { element in
            guard let email = element["email"]?.string else { return element.shortText }
            let answer = element["responseStatus"]?.string.map { " (\($0))" } ?? ""
            return email + answer
        }.joined(separator: "\n")
    }
}
