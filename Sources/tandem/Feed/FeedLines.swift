import LosslessJSON
import TandemCore
import TandemFeed
import TandemFormats
import TandemStore

/// A feed as people see it: the days, and below each one or two lines an activity.
struct FeedLines {
    /// Whether it is told through which account something happened.
    var namesAccounts: Bool
    private let zone: ZoneRules
    private let style: TerminalStyle
    private let showsIDs: Bool
    private var day: WallTime?

    /// What stands before a verb: two blanks, the time and two more.
    private static let margin = 9
    /// The longest verb, and two blanks.
    private static let verbColumns = 10
    /// The widest that one value is shown.
    private static let widestValue = 60

    init(zone: ZoneRules, style: TerminalStyle, showsIDs: Bool, namesAccounts: Bool) {
        self.zone = zone
        self.style = style
        self.showsIDs = showsIDs
        self.namesAccounts = namesAccounts
    }

    /// The lines of the next activity, below its day where that is another one than before.
    mutating func lines(for activity: Activity) -> [String] {
        let wall = zone.wall(atUTCSeconds: activity.when.seconds)
        var lines: [String] = []
        if wall.startOfDay != day {
            if day != nil { lines.append("") }
            day = wall.startOfDay
            lines.append(style.bold(ItemText.day(wall)))
        }
        lines.append(headline(of: activity, at: wall))
        let indent = String(repeating: " ", count: Self.margin)
        let changes = changes(of: activity)
        if !changes.isEmpty { lines.append(indent + cut(changes, from: Self.margin)) }
        if showsIDs {
            let item = activity.item.map { "item \($0) · " } ?? ""
            lines.append(indent + style.dim("\(item)mark \(activity.id)"))
        }
        return lines
    }

    /// `  10:42  updated   Title  Work · by bob@example.com`.
    private func headline(of activity: Activity, at wall: WallTime) -> String {
        let verb = TerminalText.padded(activity.verb.rawValue, to: Self.verbColumns)
        let shown = TerminalText.oneLine(activity.title)
        let title = shown.isEmpty ? "(no title)" : shown
        let facts = facts(of: activity)
        let start = "  \(ItemText.clock(wall))  \(verb)"
        guard let columns = style.columns else { return "\(start)\(title)  \(style.dim(facts))" }
        // Half of the room at least is left for what else is said, where that needs it.
        let room = max(0, columns - Self.margin - Self.verbColumns - 2)
        let titleRoom = max(room - TerminalText.width(facts), (room + 1) / 2)
        let cutTitle = TerminalText.cut(title, to: titleRoom)
        let rest = TerminalText.cut(facts, to: room - TerminalText.width(cutTitle))
        return "\(start)\(cutTitle)  \(style.dim(rest))"
    }

    private func facts(of activity: Activity) -> String {
        var facts: [String] = []
        if let count = activity.count {
            facts.append(Counted.text(count, activity.kind.rawValue))
        } else {
            facts.append(activity.collection.name)
        }
        if namesAccounts { facts.append(activity.account) }
        facts.append(Self.doer(of: activity))
        return facts.map(TerminalText.oneLine).filter { !$0.isEmpty }.joined(separator: " · ")
    }

    private static func doer(of activity: Activity) -> String {
        let who = activity.actor.name ?? activity.actor.email ?? ""
        switch (activity.origin, activity.actor.certainty) {
        case _ where activity.verb == .listed: return "read for the first time"
        case (.local, _): return "here"
        case (.remote, .known) where !who.isEmpty: return "by \(who)"
        case (.remote, .inferred) where !who.isEmpty: return "probably by \(who)"
        case (.remote, _): return "elsewhere"
        }
    }

    private func changes(of activity: Activity) -> String {
        let fields: [MergeField]
        do { fields = try App.rulebook.rules(for: activity.kind).fields } catch {
            // A kind that this version has no rules for is shown value by value.
            fields = []
        }
        let text = ItemText(zone: zone)
        let words = ActivityText(fields: fields) { json in
            TerminalText.cut(TerminalText.oneLine(text.value(json)), to: Self.widestValue)
        }
        return TerminalText.oneLine(words.changes(of: activity).joined(separator: " · "))
    }

    private func cut(_ text: String, from column: Int) -> String {
        style.columns.map { TerminalText.cut(text, to: max(0, $0 - column)) } ?? text
    }
}
