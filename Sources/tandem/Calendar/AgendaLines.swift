import LosslessJSON
import TandemActions
import TandemFormats

/// A window as people see it: the days, and below each its entries.
struct AgendaLines: Sendable {
    private var lines: [Line] = []
    private let zone: ZoneRules
    private let from: Int64
    private let marks: ZoneMarks

    /// One line.
    private enum Line: Sendable {
        case blank
        case day(String)
        /// When, what, and what else is to say.
        case entry(time: String, title: String, facts: String)
    }

    /// What stands before a title: two blanks, the time and two more.
    private static let margin = 15
    /// The widest column of titles where nothing has to fit.
    private static let widestTitles = 40

    init(_ view: AgendaView, showsIDs: Bool) {
        zone = view.zone
        from = view.from
        marks = ZoneMarks(zone: view.zone)
        var day: WallTime?
        for (entry, item) in view.entries {
            let shownDay = zone.wall(atUTCSeconds: max(entry.start, from)).startOfDay
            if day != shownDay {
                if day != nil { lines.append(.blank) }
                lines.append(.day(ItemText.day(shownDay)))
                day = shownDay
            }
            lines.append(
                .entry(
                    time: time(of: entry),
                    title: TerminalText.oneLine(ItemText.title(entry.data)),
                    facts: facts(of: entry, item, showsID: showsIDs)))
        }
    }

    var isEmpty: Bool { lines.isEmpty }

    /// The lines, cut to the terminal where it has a width.
    func text(_ style: TerminalStyle) -> [String] {
        let titles = titleColumns(style)
        return lines.map { line in
            switch line {
            case .blank: return ""
            case .day(let day): return style.bold(day)
            case .entry(let time, let title, let facts):
                let start = "  \(time)  "
                guard let columns = style.columns else {
                    let padded = TerminalText.padded(title, to: facts.isEmpty ? 0 : titles)
                    return start + padded + (facts.isEmpty ? "" : "  " + style.dim(facts))
                }
                let room = max(0, columns - Self.margin)
                let wide = facts.isEmpty ? room : titles
                let shown = TerminalText.cut(title, to: wide)
                guard !facts.isEmpty else { return start + shown }
                let rest = TerminalText.cut(facts, to: room - titles - 2)
                return start + TerminalText.padded(shown, to: titles) + "  " + style.dim(rest)
            }
        }
    }

    /// How wide the column of titles is: as wide as they are, but half of the room at least is left
    /// for what else is said, where that needs it.
    private func titleColumns(_ style: TerminalStyle) -> Int {
        var (titles, facts) = (0, 0)
        for case .entry(_, let title, let fact) in lines {
            titles = max(titles, TerminalText.width(title))
            facts = max(facts, TerminalText.width(fact))
        }
        guard let columns = style.columns else { return min(titles, Self.widestTitles) }
        let room = max(0, columns - Self.margin - 2)
        return min(titles, max(room - facts, (room + 1) / 2))
    }

    private func time(of entry: AgendaEntry) -> String {
        guard !entry.isAllDay else { return "all day    " }
        let (start, end) = (
            zone.wall(atUTCSeconds: entry.start), zone.wall(atUTCSeconds: entry.end)
        )
        if entry.start < from, end.startOfDay == zone.wall(atUTCSeconds: from).startOfDay {
            return "…    –\(ItemText.clock(end))"
        }
        let isLonger = end.startOfDay != start.startOfDay
        return "\(ItemText.clock(start))–\(isLonger ? "…    " : ItemText.clock(end))"
    }

    private func facts(of entry: AgendaEntry, _ item: JSON, showsID: Bool) -> String {
        var facts = [TerminalText.oneLine(item["collection"]?["name"]?.string ?? "")]
        if !entry.isAllDay, let mark = marks.mark(of: entry) { facts.append(mark) }
        let accounts = (item["accounts"]?.array ?? []).compactMap(\.string)
        if accounts.count > 1 {
            facts.append(TerminalText.oneLine(accounts.joined(separator: " and ")))
        }
        if entry.isAllDay {
            let last = zone.wall(atUTCSeconds: entry.end).adding(days: -1)
            if let last, last.startOfDay > zone.wall(atUTCSeconds: entry.start).startOfDay {
                facts.append("until \(ItemText.day(last))")
            }
        }
        if let place = entry.data["location"]?.string { facts.append(TerminalText.oneLine(place)) }
        if let state = item["state"]?.string, state != "clean" { facts.append("[\(state)]") }
        if showsID { facts.append(entry.id) }
        return facts.filter { !$0.isEmpty }.joined(separator: " · ")
    }
}
