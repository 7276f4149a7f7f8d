import LosslessJSON
import TandemActions
import TandemFormats

/// Shows items and times to people.
struct ItemText: Sendable {
    /// The viewer's zone.
    let zone: ZoneRules
    /// Whether times are written as programs read them: RFC 3339, with the viewer's offset.
    var isExact = false

    /// The same, with times for programs.
    var exact: ItemText { ItemText(zone: zone, isExact: true) }

    /// When an event starts or ends: `2026-11-09 10:00`, or the date alone.
    func time(_ json: JSON?) -> String {
        if let date = json?["date"]?.string { return date }
        guard let text = json?["dateTime"]?.string else { return "" }
        guard let instant = OffsetTime(rfc3339: text) else { return text }
        return time(instant.utcSeconds)
    }

    /// A moment that is written as RFC 3339; nothing for `null`.
    func moment(_ json: JSON?) -> String {
        guard let text = json?.string else { return "" }
        return OffsetTime(rfc3339: text).map { time($0.utcSeconds) } ?? text
    }

    /// `2026-11-09 10:00` in the viewer's zone, with the offset where clocks show that twice.
    func time(_ utcSeconds: Int64) -> String {
        if isExact { return rfc3339(utcSeconds) }
        let wall = zone.wall(atUTCSeconds: utcSeconds)
        let mark = ZoneMarks(zone: zone).repeated(utcSeconds).map { " " + $0 } ?? ""
        return "\(wall.dateText) \(Self.clock(wall))\(mark)"
    }

    /// When an event happens: `2026-11-09 10:00 – 11:00`; of whole days the first and the last.
    func span(_ data: JSON?) -> String {
        let (start, end) = (time(data?["start"]), time(data?["end"]))
        if isExact { return start + " – " + end }
        if data?["start"]?["date"] != nil, let behind = WallTime(date: end) {
            let last = behind.adding(days: -1)?.dateText ?? end
            return last <= start ? start : "\(start) – \(last)"
        }
        let day = start.prefix(10)
        guard end.count > 11, end.hasPrefix(day + " ") else { return start + " – " + end }
        return "\(start) – \(end.dropFirst(11))"
    }

    /// `10:00`.
    static func clock(_ wall: WallTime) -> String {
        String(wall.dateTimeText.dropFirst(11).prefix(5))
    }

    /// `Mon 9 Nov 2026`.
    static func day(_ wall: WallTime) -> String {
        "\(weekday(wall)) \(wall.day) \(months[wall.month - 1]) \(wall.year)"
    }

    /// `Mon`.
    static func weekday(_ wall: WallTime) -> String { weekdays[wall.weekday - 1] }

    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// RFC 3339 with the viewer's offset.
    func rfc3339(_ utcSeconds: Int64) -> String {
        OffsetTime(
            utcSeconds: utcSeconds, offsetSeconds: zone.offsetSeconds(atUTCSeconds: utcSeconds)
        ).rfc3339
    }

    /// What a person calls an item.
    static func title(_ data: JSON?) -> String {
        let title = data?["summary"]?.string ?? data?["summaryOverride"]?.string ?? ""
        return title.isEmpty ? "(no title)" : title
    }

    /// Stored events as rows.
    func eventTable(_ items: [JSON]) -> TextTable {
        var table = TextTable(
            columns: [
                .init(title: "start"), .init(title: "title", isElastic: true),
                .init(title: "calendar", isElastic: true), .init(title: "state"),
                .init(title: "id", isID: true), .init(title: "end", isDetail: true),
                .init(title: "account", isDetail: true),
                .init(title: "remote id", isID: true, isDetail: true),
            ])
        table.emptyText = "No events."
        for item in items {
            let data = item["data"]
            let repeats = data?["recurrence"] == nil ? "" : " (series)"
            table.rows.append([
                time(data?["start"]), Self.title(data) + repeats,
                item["collection"]?["name"]?.string ?? "", Self.state(item),
                item["id"]?.string ?? "", time(data?["end"]), item["account"]?.string ?? "",
                item["remoteId"]?.string ?? "",
            ])
        }
        return table
    }

    /// The state that programs read, too, and whether it is deleted.
    private static func state(_ item: JSON) -> String {
        let state = item["state"]?.string ?? ""
        return item["deleted"]?.bool == true ? "\(state), deleted" : state
    }

    /// What a write changes, by the names that programs read, too.
    static func fields(of write: JSON) -> String {
        (write["fields"]?.array ?? []).compactMap(\.string).joined(separator: ", ")
    }

    /// One item, field below field.
    func details(_ item: JSON) -> [(name: String, value: String)] {
        let data = item["data"]
        var facts: [(name: String, value: String)] = [("title", Self.title(data))]
        func add(_ name: String, _ value: String?) {
            if let value, !value.isEmpty { facts.append((name, value)) }
        }
        if let instance = item["instance"] {
            add("when", span(instance))
            add("series from", span(data))
        } else {
            add("when", span(data))
        }
        add("repeats", data?["recurrence"]?.array?.compactMap(\.string).joined(separator: " "))
        add("where", data?["location"]?.string)
        add("meeting", data?["hangoutLink"]?.string)
        add("details", data?["description"]?.string)
        for guest in data?["attendees"]?.array ?? [] {
            let name = guest["displayName"]?.string ?? guest["email"]?.string ?? ""
            let comment = guest["comment"]?.string.map { ": \($0)" } ?? ""
            add("guest", "\(name) (\(answer(guest["responseStatus"]?.string))\(comment))")
        }
        let own = data?["attendees"]?.array?.first { $0["self"]?.bool == true }
        add("your comment", own?["comment"]?.string)
        add("reminders", reminders(data?["reminders"]))
        add("calendar", item["collection"]?["name"]?.string)
        add("account", item["account"]?.string)
        add("state", Self.state(item))
        let mailed = item["notifies"]?.array?.compactMap(\.string) ?? []
        add("will mail", mailed.joined(separator: ", "))
        add("id", item["id"]?.string)
        return facts
    }

    /// A value of an item on one line: times and lists as people read them, for programs as JSON.
    func value(_ json: JSON?) -> String {
        guard let json else { return "" }
        if isExact { return json.shortText }
        if json["start"] != nil { return span(json) }
        let texts = json.array?.compactMap(\.string)
        if let texts, !texts.isEmpty, texts.count == json.array?.count {
            return texts.joined(separator: ", ")
        }
        return json.shortText
    }

    /// What a guest answered; programs get Google's own word.
    private func answer(_ status: String?) -> String {
        guard let status else { return "not answered" }
        return status == "needsAction" && !isExact ? "not answered" : status
    }

    /// When to be reminded: `10 minutes before, 1 day before by email`; for programs as JSON.
    private func reminders(_ json: JSON?) -> String? {
        guard let json, !isExact else { return json?.text }
        let own = (json["overrides"]?.array ?? []).compactMap { reminder -> String? in
            guard let minutes = reminder["minutes"]?.int else { return nil }
            let method = reminder["method"]?.string.flatMap { $0 == "popup" ? nil : " by \($0)" }
            return Self.length(minutes) + " before" + (method ?? "")
        }
        if json["useDefault"]?.bool == true { return "as the calendar says" }
        return own.isEmpty ? "none" : own.joined(separator: ", ")
    }

    /// `10 minutes`, `1 hour`, `2 days`, `1 week`: in the largest unit that counts it out.
    private static func length(_ minutes: Int64) -> String {
        let units: [(Int64, String)] = [(10_080, "week"), (1440, "day"), (60, "hour")]
        let unit = units.first { minutes != 0 && minutes.isMultiple(of: $0.0) } ?? (1, "minute")
        return Counted.text(Int(minutes / unit.0), unit.1)
    }

    /// The answer that shows one item.
    func answer(_ item: JSON, notes: [String] = []) -> Answer {
        FactList(details(item)).answer(item, plain: FactList(exact.details(item)), notes: notes)
    }
    /// The answer that shows some members of a thing, one of them a moment.
    func answer(_ item: JSON, facts names: [String], time: String) -> Answer {
        func facts(_ text: ItemText) -> FactList {
            FactList(
                names.map { name in
                    let value =
                        name == time ? text.moment(item[name]) : text.value(item[name])
                    return (name: name, value: value)
                })
        }
        return facts(self).answer(item, plain: facts(exact))
    }
}
