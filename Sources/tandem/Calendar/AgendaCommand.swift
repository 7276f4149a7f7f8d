import ArgumentParser
import LosslessJSON
import TandemActions
import TandemCore
import TandemFormats

/// `agenda`: what happens in a window, series expanded, from the store alone.
struct AgendaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agenda",
        abstract: "Show what happens: by default from today on, a week.",
        usage: "tandem agenda [<options>]",
        discussion: """
            Works offline. --to does not belong to the window.

            tandem agenda --days 3
            tandem agenda --from 2026-11-09 --to 2026-11-16 --calendar Work
            """)

    @OptionGroup var options: GlobalOptions
    @OptionGroup var page: PageOptions

    @Option(
        name: .long,
        help: ArgumentHelp("Where the window begins (default: today).", valueName: "time"))
    var from: String?
    @Option(
        name: .long, help: ArgumentHelp("The first moment behind the window.", valueName: "time"))
    var to: String?
    @Option(name: .long, help: ArgumentHelp("How many days the window has.", valueName: "n"))
    var days: Int?
    @Option(
        name: .long, help: ArgumentHelp("Only this calendar; may be repeated.", valueName: "name"))
    var calendar: [String] = []

    func validate() throws {
        if to != nil, days != nil { throw ValidationError("Give --to or --days, not both.") }
        if let days, !(1...3660).contains(days) {
            throw ValidationError("--days takes a number from 1 to 3660.")
        }
    }

    func run() async throws {
        try await withApp(options) { app in
            let view = try await AgendaView.read(
                try window(app), calendars: calendar, page: page.request, app)
            return Outcome(view.answer(verbosity: app.options.verbosity))
        }
    }

    private func window(_ app: App) throws -> AgendaWindow {
        let times = HumanTimes(now: app.environment.now(), zone: app.zone)
        let start = try from.map { try times.time($0) } ?? .day(times.now.startOfDay)
        let begin = start.utcSeconds(in: app.zone)
        if let to {
            let end = try times.time(to, on: start.wall(in: app.zone).startOfDay)
            return try AgendaWindow(from: begin, to: end.utcSeconds(in: app.zone), zone: app.zone)
        }
        let count = try days ?? app.settings[.agendaDays].flatMap { Int($0) } ?? 7
        let last = start.wall(in: app.zone).adding(days: count) ?? .latest
        return try AgendaWindow(from: begin, to: app.zone.utcSeconds(of: last), zone: app.zone)
    }
}

/// A window's entries as people and programs see them.
struct AgendaView: Sendable {
    var entries: [(entry: AgendaEntry, item: JSON)]
    var next: String?
    var unreadable: [(resource: ResourceID, reason: String)] = []
    var zone: ZoneRules
    /// Where the window begins; what began before is shown on its first day.
    var from = Int64.min

    /// Reads a window out of the store.
    ///
    /// - Parameters:
    ///   - window: The window.
    ///   - names: The calendars; empty for all.
    ///   - page: Which part of the entries.
    ///   - app: What the command works with.
    /// - Returns: The window, ready to be shown.
    /// - Throws: `TandemError`, `StoreError`.
    static func read(
        _ window: AgendaWindow, calendars names: [String] = [],
        page: PageRequest = .everything, _ app: App
    ) async throws -> AgendaView {
        try await app.reading { transaction in
            let directory = try Directory(transaction, accounts: app.options.accounts)
            let agenda = try Agenda.read(
                window, of: try directory.calendars(named: names), in: transaction)
            let (entries, next) = try agenda.page(limit: page.limit, after: page.after)
            let views = try ItemViews(transaction)
            return AgendaView(
                entries: try entries.map { (entry: $0, item: try views.item($0)) },
                next: next, unreadable: agenda.unreadable, zone: app.zone, from: window.from)
        }
    }

    func answer(verbosity: Int) -> Answer {
        let json = ListPage(items: entries.map(\.item), next: next).json
        let lines = dayLines(showsIDs: verbosity > 0)
        let notes = unreadable.map {
            "The series \($0.resource) is not shown completely: \($0.reason)"
        }
        return Answer(json: json, plain: table, notes: notes) { style in
            lines.isEmpty ? ["Nothing in this window."] : lines.map { $0.text(style) }
        }
    }

    private var table: TextTable {
        var table = TextTable(
            columns: ["start", "end", "title", "calendar", "account", "where", "state", "id"]
                .map { TextTable.Column(title: $0) })
        let text = ItemText(zone: zone)
        for (entry, item) in entries {
            func time(_ seconds: Int64) -> String {
                entry.isAllDay ? zone.wall(atUTCSeconds: seconds).dateText : text.rfc3339(seconds)
            }
            table.rows.append([
                time(entry.start), time(entry.end), ItemText.title(entry.data),
                item["collection"]?["name"]?.string ?? "",
                (item["accounts"]?.array ?? []).compactMap(\.string).joined(separator: ","),
                entry.data["location"]?.string ?? "", item["state"]?.string ?? "", entry.id,
            ])
        }
        return table
    }

    /// One line of the human view.
    struct Line: Sendable {
        enum Style: Sendable { case day, entry, blank }
        var style: Style
        var time = ""
        var title = ""
        var facts = ""

        func text(_ terminal: TerminalStyle) -> String {
            switch style {
            case .blank: return ""
            case .day: return terminal.bold(title)
            case .entry:
                let room = terminal.columns.map { max(20, $0 - 17 - TerminalText.width(facts)) }
                let shown = room.map { TerminalText.cut(title, to: $0) } ?? title
                return "  \(time)  \(shown)" + (facts.isEmpty ? "" : "  " + terminal.dim(facts))
            }
        }
    }

    /// The entries below their days.
    func dayLines(showsIDs: Bool) -> [Line] {
        var lines: [Line] = []
        var day: WallTime?
        let titles = entries.map { TerminalText.width(ItemText.title($0.entry.data)) }
        let width = min(titles.max() ?? 0, 40)
        for (entry, item) in entries {
            let start = zone.wall(atUTCSeconds: entry.start)
            let shownDay = zone.wall(atUTCSeconds: max(entry.start, from)).startOfDay
            if day != shownDay {
                if day != nil { lines.append(Line(style: .blank)) }
                lines.append(Line(style: .day, title: ItemText.day(shownDay)))
                day = shownDay
            }
            lines.append(
                Line(
                    style: .entry, time: time(of: entry, start: start),
                    title: TerminalText.padded(
                        TerminalText.oneLine(ItemText.title(entry.data)), to: width),
                    facts: facts(of: entry, item, showsID: showsIDs)))
        }
        return lines
    }

    private func time(of entry: AgendaEntry, start: WallTime) -> String {
        guard !entry.isAllDay else { return "all day    " }
        let end = zone.wall(atUTCSeconds: entry.end)
        if entry.start < from, end.startOfDay == zone.wall(atUTCSeconds: from).startOfDay {
            return "…    –\(ItemText.clock(end))"
        }
        let isLonger = end.startOfDay != start.startOfDay
        return "\(ItemText.clock(start))–\(isLonger ? "…    " : ItemText.clock(end))"
    }

    private func facts(of entry: AgendaEntry, _ item: JSON, showsID: Bool) -> String {
        var facts = [TerminalText.oneLine(item["collection"]?["name"]?.string ?? "")]
        let accounts = (item["accounts"]?.array ?? []).compactMap(\.string)
        if accounts.count > 1 { facts.append(accounts.joined(separator: " and ")) }
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
