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
        case entry(Entry)
    }

    /// When, what, what else is to say, and the id where it is wanted.
    private struct Entry: Sendable {
        var time: String
        var title: String
        var facts: String
        var id: String?
    }

    /// The room that has to be left for titles and facts where an id stands on the same line.
    private static let leastRoom = 24
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
                    Entry(
                        time: time(of: entry),
                        title: TerminalText.oneLine(ItemText.title(entry.data)),
                        facts: facts(of: entry, item), id: showsIDs ? entry.id : nil)))
        }
    }

    var isEmpty: Bool { lines.isEmpty }

    /// The lines, cut to the terminal where it has a width; ids are always whole.
    ///
    /// An id stands behind its event, or below it where too little room would be left beside it.
    func text(_ style: TerminalStyle) -> [String] {
        let ids = widest(\.id) ?? 0
        let rest = style.columns.map { $0 - (ids == 0 ? 0 : ids + 2) }
        let isBeside = rest.map { $0 - Self.margin >= Self.leastRoom } ?? true
        let columns = isBeside ? rest : style.columns
        let titles = titleColumns(columns)
        let facts = widest { $0.facts } ?? 0
        return lines.flatMap { line -> [String] in
            switch line {
            case .blank: return [""]
            case .day(let day): return [style.bold(day)]
            case .entry(let entry):
                let (shown, width) = text(of: entry, titles: titles, columns: columns, style)
                guard let id = entry.id else { return [shown] }
                if isBeside {
                    let full = Self.margin + titles + (facts == 0 ? 0 : 2 + facts)
                    let column = min(full, columns ?? full)
                    let gap = String(repeating: " ", count: max(0, column - width) + 2)
                    return [shown + gap + style.dim(id)]
                }
                let room = (style.columns ?? 0) - TerminalText.width(id)
                let indent = String(repeating: " ", count: min(Self.margin, max(0, room)))
                return [shown, indent + style.dim(id)]
            }
        }
    }

    /// An entry without its id, and how wide it is.
    private func text(
        of entry: Entry, titles: Int, columns: Int?, _ style: TerminalStyle
    ) -> (text: String, width: Int) {
        let start = "  \(entry.time)  "
        let room = columns.map { max(0, $0 - Self.margin) }
        guard !entry.facts.isEmpty else {
            let shown = room.map { TerminalText.cut(entry.title, to: $0) } ?? entry.title
            return (start + shown, Self.margin + TerminalText.width(shown))
        }
        let title = room == nil ? entry.title : TerminalText.cut(entry.title, to: titles)
        let padded = TerminalText.padded(title, to: titles)
        let facts = room.map { TerminalText.cut(entry.facts, to: $0 - titles - 2) } ?? entry.facts
        let width = Self.margin + TerminalText.width(padded) + 2 + TerminalText.width(facts)
        return (start + padded + "  " + style.dim(facts), width)
    }

    private func widest(_ text: (Entry) -> String?) -> Int? {
        lines.compactMap { line in
            guard case .entry(let entry) = line else { return nil }
            return text(entry).map(TerminalText.width)
        }.max()
    }

    /// How wide the column of titles is: as wide as they are, but half of the room at least is left
    /// for what else is said, where that needs it.
    private func titleColumns(_ columns: Int?) -> Int {
        let (titles, facts) = (widest(\.title) ?? 0, widest { $0.facts } ?? 0)
        guard let columns else { return min(titles, Self.widestTitles) }
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

    private func facts(of entry: AgendaEntry, _ item: JSON) -> String {
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
        return facts.filter { !$0.isEmpty }.joined(separator: " · ")
    }
}
