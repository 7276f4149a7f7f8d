import ArgumentParser
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
            tandem agenda --ids --days 1
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
    @Flag(name: .long, help: "Show the id that 'tandem events get' takes; so does -v.")
    var ids = false

    func validate() throws {
        if to != nil, days != nil { throw ValidationError("Give --to or --days, not both.") }
        if let days, !(1...3660).contains(days) {
            throw ValidationError("--days takes a number from 1 to 3660.")
        }
    }

    func run() async throws {
        try await withApp(options) { app in
            let (window, remarks) = try window(app)
            let view = try await AgendaView.read(
                window, calendars: calendar, page: page.request, app)
            var answer = view.answer(showsIDs: ids || app.options.verbosity > 0)
            answer.timeRemarks = remarks
            return Outcome(answer)
        }
    }

    /// The window, and how typed times were read, where they could be read otherwise.
    private func window(_ app: App) throws -> (AgendaWindow, remarks: [String]) {
        let times = HumanTimes(now: app.environment.now(), zone: app.zone)
        let start = try from.map { try times.time($0) } ?? .day(times.now.startOfDay)
        let begin = start.utcSeconds(in: app.zone)
        if let to {
            let end = try times.time(to, on: start.wall(in: app.zone).startOfDay)
            let window = try AgendaWindow(
                from: begin, to: end.utcSeconds(in: app.zone), zone: app.zone)
            return (window, [start, end].compactMap { $0.remark(in: app.zone) })
        }
        let count = try days ?? app.settings[.agendaDays].flatMap { Int($0) } ?? 7
        let last = start.wall(in: app.zone).adding(days: count) ?? .latest
        let window = try AgendaWindow(
            from: begin, to: app.zone.utcSeconds(of: last), zone: app.zone)
        return (window, [start.remark(in: app.zone)].compactMap { $0 })
    }
}
