import LosslessJSON

/// What people should know beside conflicts that they are shown: which ones Google decided, and how
/// the others are settled.
struct ConflictNotes {
    /// One line each.
    let lines: [String]

    /// So many reasons at most; the rest is in the list's details.
    private static let mostReasons = 3

    /// - Parameters:
    ///   - items: The conflicts, as programs read them.
    ///   - tellsReasons: Whether the reasons are not shown elsewhere.
    init(_ items: [JSON], tellsReasons: Bool = true) {
        let waiting = items.filter { $0["resolution"]?.isNull != false }
        let refused = waiting.filter { !Self.choices(of: $0).contains("mine") }
        var lines: [String] = []
        let reasoned = tellsReasons ? waiting.filter { $0["reason"]?.string != nil } : []
        for item in reasoned.prefix(Self.mostReasons) {
            let (title, field) = (item["title"]?.string ?? "", item["field"]?.string ?? "")
            lines.append("\(title), \(field): \(item["reason"]?.string ?? "")")
        }
        if reasoned.count > Self.mostReasons {
            let more = Counted.text(reasoned.count - Self.mostReasons, "more reason")
            lines.append("\(more): tandem conflicts list -v")
        }
        // Of one conflict alone the command can be copied as it is.
        let id = items.count == 1 ? items[0]["id"]?.string ?? "ID" : "ID"
        let open = waiting.filter { Self.choices(of: $0).contains("mine") }
        if !open.isEmpty {
            lines.append("Settle with: tandem conflicts resolve \(id) --use \(Self.words(open))")
        }
        if !refused.isEmpty {
            let which = open.isEmpty ? "Settle" : "Settle the others"
            lines.append(
                "\(which) with: tandem conflicts resolve \(id) --use \(Self.words(refused))")
        }
        self.lines = lines
    }

    /// What one of the items can be settled with, at least.
    private static func words(_ items: [JSON]) -> String {
        let offered = Set(items.flatMap(choices))
        return ["mine", "theirs", "both"].filter(offered.contains).joined(separator: "|")
    }

    private static func choices(of item: JSON) -> [String] {
        (item["choices"]?.array ?? []).compactMap(\.string)
    }
}
