import ArgumentParser
import LosslessJSON
import TandemActions
import TandemCore

/// `events add`.
struct EventsAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make an event.",
        usage: "tandem events add --title <text> --when <time> [<options>]",
        discussion: """
            tandem events add --title Inspection --when 'monday 10:00' --duration 1h
            tandem events add --title Holidays --when 2026-12-24 --end 2027-01-02
            """)

    @OptionGroup var options: GlobalOptions
    @OptionGroup var fields: FieldOptions
    @OptionGroup var writing: WriteOptions

    @Option(
        name: .long,
        help: ArgumentHelp("The calendar it goes to (default: the primary one).", valueName: "name")
    )
    var calendar: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The event as JSON in Google's shape; - reads standard input.", valueName: "json"))
    var data: String?

    func run() async throws {
        try await withApp(options) { app in
            let writing = EventWriting(app, writing)
            let typed = try fields.fields(
                HumanTimes(now: app.environment.now(), zone: app.zone))
            guard data == nil || typed.isEmpty else {
                throw ValidationError("Give --data or the friendly flags, not both.")
            }
            let event = try await writing.json(data)
            guard event != nil || typed.title != nil else {
                throw ValidationError("Say what the event is called: --title TEXT.")
            }
            guard event != nil || typed.start != nil else {
                throw ValidationError("Say when the event begins: --when TIME.")
            }
            guard event.map({ $0.object != nil }) ?? true else {
                throw ValidationError("--data takes one JSON object.")
            }
            let name = calendar
            return try await writing.perform("events add") { _, actions, directory in
                let calendar = try directory.calendar(named: name)
                let added =
                    try event.map { try actions.add($0, to: calendar) }
                    ?? actions.add(typed, to: calendar)
                return EditOutcome(added, remarks: typed.remarks(viewedIn: app.zone))
            }
        }
    }
}
