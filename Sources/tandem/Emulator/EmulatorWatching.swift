import ArgumentParser
import LosslessJSON
import TandemFormats
import WebClient

/// `emulator requests`.
struct EmulatorRequests: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "requests",
        abstract: "List the requests that a local Google was sent.",
        usage: "tandem emulator requests [<which>] [--follow | --clear] [<options>]",
        discussion: """
            tandem emulator requests --method events.list --status 410
            """)

    @OptionGroup var options: GlobalOptions
    @OptionGroup var target: EmulatorTarget
    @OptionGroup var choice: RequestChoice
    @Option(name: .long, help: ArgumentHelp("Only the last ones of them.", valueName: "n"))
    var last: Int?
    @Flag(name: .long, help: "Forget them instead; counters go on.") var clear = false
    @Flag(name: .long, help: "Go on with those to come, a line each, until Ctrl-C.")
    var follow = false

    func validate() throws {
        if follow, clear { throw ValidationError("Give --follow or --clear, not both.") }
        if last != nil, clear { throw ValidationError("Give --last or --clear, not both.") }
        if choice.isGiven, clear {
            throw ValidationError("--clear forgets all requests: leave the other flags out.")
        }
        if let last, last < 1 { throw ValidationError("--last takes a number from 1 on.") }
    }

    func run() async throws {
        try await withEmulator(options, target) { app, control in
            guard !clear else {
                try await control.ask("DELETE", "requests")
                return control.done(
                    "emulator requests --clear", "The requests are forgotten.",
                    more: ["cleared": true])
            }
            guard !follow else {
                let following = RequestFollowing(control: control, choice: choice, last: last)
                try await following.run(app)
                return Outcome(nil)
            }
            let all = try await control.items("requests" + choice.query)
            let items = Array(last.map { all.suffix($0) } ?? all[...])
            return Outcome(
                Answer(json: ListPage(items: items).json, times: ItemText(zone: app.zone)) {
                    Self.table(items, $0)
                })
        }
    }

    static func table(_ items: [JSON], _ text: ItemText) -> TextTable {
        var table = TextTable(
            columns: [
                .init(title: "at"), .init(title: "what", isElastic: true),
                .init(title: "status", isNumeric: true),
                .init(title: "ms", isNumeric: true), .init(title: "bytes", isNumeric: true),
                .init(title: "method", isDetail: true),
                .init(title: "path", isElastic: true, keepsEnd: true),
                .init(title: "fault", isOccasional: true), .init(title: "query", isDetail: true),
            ])
        table.emptyText = "No requests."
        table.rows = items.map { row($0, text) }
        return table
    }

    /// One request, cell by cell.
    static func row(_ item: JSON, _ text: ItemText) -> [String] {
        let name = [item["api"], item["apiMethod"]].compactMap { $0?.string }
        return [
            text.clock(item["at"]),
            name.joined(separator: " ") + (item["batch"]?.bool == true ? " (batch)" : ""),
            item["status"]?.int == 0 ? "cut" : item["status"]?.text ?? "",
            item["durationMs"]?.text ?? "", item["bytes"]?.text ?? "",
            item["method"]?.string ?? "", item["path"]?.string ?? "",
            item["fault"]?.string ?? "", item["query"]?.string ?? "",
        ]
    }
}

/// Which requests are meant.
struct RequestChoice: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only calendar, people, drive, upload, oauth or unknown.", valueName: "api"))
    var api: String?
    @Option(
        name: .long,
        help: ArgumentHelp("Only GET, or Google's name: events.list.", valueName: "method"))
    var method: String?
    @Option(
        name: .long, help: ArgumentHelp("Only those answered so; 0: cut.", valueName: "status"))
    var status: Int?

    var isGiven: Bool { api != nil || method != nil || status != nil }

    /// The choice as the control API takes it, with its question mark; it refuses unknown names.
    var query: String { query(after: nil) }

    /// The same, behind the request of a number.
    func query(after number: Int?) -> String {
        let fields = [
            ("api", api), ("method", method), ("status", status.map(String.init)),
            ("after", number.map(String.init)),
        ]
        let given = fields.compactMap { name, value in
            value.map { "\(name)=\(PercentCoding.encode($0))" }
        }
        return given.isEmpty ? "" : "?" + given.joined(separator: "&")
    }
}

extension ItemText {
    /// A moment to the second: what happens on this machine happens within one minute.
    func second(_ json: JSON?) -> String {
        guard !isExact, let instant = json?.string.flatMap(OffsetTime.init(rfc3339:)) else {
            return moment(json)
        }
        let wall = zone.wall(atUTCSeconds: instant.utcSeconds)
        return "\(wall.dateText) \(wall.dateTimeText.dropFirst(11))"
    }

    /// The same without the day, which requests of one trial have in common.
    func clock(_ json: JSON?) -> String {
        isExact ? moment(json) : String(second(json).split(separator: " ").last ?? "")
    }
}

/// `emulator counters`.
struct EmulatorCounters: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "counters",
        abstract: "Show what a local Google counted, and how much it holds.",
        usage: "tandem emulator counters [--url <url>] [<options>]")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var target: EmulatorTarget

    func run() async throws {
        try await withEmulator(options, target) { _, control in
            let counters = try await control.ask("GET", "counters")
            var table = TextTable(
                columns: [.init(title: "what"), .init(title: "count", isNumeric: true)])
            table.rows = Self.rows(counters, []).filter { !Self.unserved.contains($0) }
            return Outcome(Answer(json: counters, table: table))
        }
    }

    /// What there can be none of yet; it is in the JSON all the same.
    private static let unserved = [["contacts", "0"], ["files", "0"]]

    /// Every number with the names on the way to it.
    private static func rows(_ json: JSON, _ names: [String]) -> [[String]] {
        guard let members = json.object?.members else {
            return [[names.joined(separator: " "), json.text]]
        }
        return members.flatMap { rows($0.value, names + [$0.key]) }
    }
}
