import LosslessJSON
import TandemActions
import TandemCore
import TandemFormats
import TandemStore

/// A window's entries as people and programs see them.
struct AgendaView: Sendable {
    var entries: [(entry: AgendaEntry, item: JSON)]
    var next: String?
    /// The series that are not shown completely.
    var incomplete: [Gap]
    var zone: ZoneRules
    /// What people are told where nothing is in the window.
    var emptyText = "Nothing in this window."
    /// Where the window begins; what began before is shown on its first day.
    var from: Int64

    /// A series that is not shown completely.
    struct Gap: Sendable {
        var item: String
        var title: String
        var reason: String

        var json: JSON {
            ["item": .string(item), "title": .string(title), "reason": .string(reason)]
        }
    }

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
            var view = try AgendaView(
                agenda, entries: entries, next: next, from: window.from, zone: app.zone,
                in: transaction)
            view.emptyText = directory.emptyText ?? view.emptyText
            return view
        }
    }

    /// Some of a window's entries, and what is missing in all of it.
    init(
        _ agenda: Agenda, entries: [AgendaEntry], next: String?, from: Int64, zone: ZoneRules,
        in transaction: StoreTransaction
    ) throws {
        let views = try ItemViews(transaction)
        self.entries = try entries.map { (entry: $0, item: try views.item($0)) }
        self.next = next
        self.zone = zone
        self.from = from
        incomplete = try agenda.unreadable.map { gap in
            Gap(
                item: gap.resource.rawValue,
                title: try transaction.resources.find(gap.resource)?.projection.title ?? "",
                reason: gap.reason)
        }
    }

    /// The window for people and programs.
    func answer(showsIDs: Bool = false) -> Answer {
        let notes = incomplete.map { gap in
            let title = TerminalText.cut(TerminalText.oneLine(gap.title), to: 60)
            return "The series '\(title)' (\(gap.item)) is not shown completely: \(gap.reason)"
        }
        let (lines, emptyText) = (AgendaLines(self, showsIDs: showsIDs), emptyText)
        return Answer(json: json, plain: table, notes: notes) { style in
            lines.isEmpty ? [emptyText] : lines.text(style)
        }
    }

    /// The window for programs, which are told where anything may be missing.
    var json: JSON {
        var json = ListPage(items: entries.map(\.item), next: next).json
        guard !incomplete.isEmpty else { return json }
        json["truncated"] = true
        json["incomplete"] = .array(incomplete.map(\.json))
        return json
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
}
