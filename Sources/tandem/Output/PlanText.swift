import LosslessJSON

/// What an edit would come to, for people.
extension ItemText {
    /// So many items are shown one below the other.
    private static let mostParts = 20
    /// So many instances are named in a line.
    private static let mostNamed = 5

    /// The answer of a dry run.
    ///
    /// - Parameters:
    ///   - item: For programs.
    ///   - parts: Every item of it, with what would be sent as `write`.
    ///   - notes: What people should know beside it.
    /// - Returns: The items, field below field, each with what would be sent of it.
    func plan(_ item: JSON, _ parts: [JSON], notes: [String]) -> Answer {
        func facts(_ text: ItemText) -> FactList {
            FactList(
                parts.prefix(Self.mostParts).flatMap { part in
                    text.details(part) + [(name: "sends", value: Self.sends(part["write"]))]
                })
        }
        return facts(self).answer(item, plain: facts(exact), notes: notes)
    }

    /// Says that nothing was done, and whether everything is shown.
    func planNotes(_ parts: [JSON]) -> [String] {
        let sends = parts.contains { $0["write"]?["verb"] != nil }
        var notes = [
            sends
                ? "Nothing was changed; this is what would be sent."
                : "Nothing was changed, and nothing would be sent."
        ]
        let hidden = parts.count - Self.mostParts
        if hidden > 0 { notes.append("\(Counted.text(hidden, "more item")) would change with it.") }
        return notes
    }

    private static func sends(_ write: JSON?) -> String {
        guard let verb = write?["verb"]?.string, let write else { return "nothing" }
        let fields = fields(of: write)
        return fields.isEmpty ? verb : "\(verb): \(fields)"
    }

    /// Names the changed instances that lose their place in their series.
    ///
    /// - Parameters:
    ///   - items: The instances.
    ///   - mood: `would`, for what is only planned.
    /// - Returns: One line; nothing where there are none.
    func notes(onLeft items: [JSON], _ mood: String? = nil) -> [String] {
        guard !items.isEmpty else { return [] }
        var named = items.prefix(Self.mostNamed).map { item in
            let title = TerminalText.cut(Self.title(item["data"]), to: 40)
            let slot = time(item["data"]?["originalStartTime"])
            return "'\(title)' of \(slot)"
        }
        if items.count > named.count { named.append("\(items.count - named.count) more") }
        let fit =
            mood.map { "\($0) no longer fit" } ?? "no longer \(items.count == 1 ? "fits" : "fit")"
        return [
            "\(Counted.text(items.count, "changed instance")) \(fit) the series, and Google may "
                + "drop \(items.count == 1 ? "it" : "them"): \(named.joined(separator: ", "))."
        ]
    }
}
