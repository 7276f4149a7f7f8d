import ArgumentParser
import LosslessJSON
import TandemActions
import TandemCore
import TandemStore

/// `events`: stored events and what can be done with them.
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "List, show, make, change and delete events.",
        discussion: """
            Everything happens in the local store at once, also offline;
            'tandem sync' sends it.

            Ids: an event's own (also Google's), as 'tandem events list' prints them,
            and ID_20261109T090000Z for one instance of a series, as
            'tandem agenda --ids' does.
            """,
        subcommands: [
            EventsList.self, EventsGet.self, EventsAdd.self, EventsEdit.self, EventsMove.self,
            EventsRSVP.self, EventsDelete.self,
        ])
}

/// `events list`.
struct EventsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List stored events: single ones, series, exceptions.",
        usage: "tandem events list [<options>]",
        discussion: """
            By start: a series stands where it begins first, a whole day at midnight
            UTC.
            """)

    @OptionGroup var options: GlobalOptions
    @OptionGroup var page: PageOptions

    @Option(
        name: .long, help: ArgumentHelp("Only this calendar; may be repeated.", valueName: "name"))
    var calendar: [String] = []
    @Option(
        name: .long,
        help: ArgumentHelp("Only those in this state, such as dirty.", valueName: "state"))
    var state: String?
    @Option(
        name: .long, help: ArgumentHelp("Only those that end after this time.", valueName: "time"))
    var from: String?
    @Option(
        name: .long,
        help: ArgumentHelp("Only those that start before this time.", valueName: "time"))
    var to: String?
    @Option(
        name: .long, help: ArgumentHelp("Only those with all of these words.", valueName: "words"))
    var query: String?
    @Flag(name: .long, help: "Show deleted and cancelled ones, too.")
    var all = false

    func validate() throws {
        try Choice.check(state, for: "--state", as: ResourceState.self)
        if let query, !query.contains(where: { $0.isLetter || $0.isNumber }) {
            throw ValidationError(
                "--query takes words with letters or digits; leave it out to list every event.")
        }
    }

    func run() async throws {
        try await withApp(options) { app in
            let times = HumanTimes(now: app.environment.now(), zone: app.zone)
            var filter = ResourceFilter(
                kinds: [.event], state: state.flatMap(ResourceState.init), words: query,
                includesDeleted: all, limit: page.request.reading,
                order: .start(after: try page.request.startMark()))
            let window = try [from, to].map { text in try text.map { try times.time($0) } }
            filter.from = window[0]?.utcSeconds(in: app.zone)
            filter.to = window[1]?.utcSeconds(in: app.zone)
            let (names, page, base) = (calendar, page.request, filter)
            let list = try await app.reading { transaction in
                let directory = try Directory(transaction, accounts: app.options.accounts)
                var filter = base
                if !names.isEmpty || !app.options.accounts.isEmpty {
                    filter.collections = try directory.calendars(named: names).map(\.id)
                }
                let views = try ItemViews(transaction)
                return try ListPage(
                    transaction.resources.list(filter), page, id: \.startMark.description,
                    emptyText: directory.emptyText
                ) { try views.item($0) }
            }
            var answer = Answer(json: list.json, times: ItemText(zone: app.zone)) {
                var table = $0.eventTable(list.items)
                table.emptyText = list.emptyText ?? table.emptyText
                return table
            }
            answer.timeRemarks = window.compactMap { $0?.remark(in: app.zone) }
            return Outcome(answer)
        }
    }
}

/// `events get`.
struct EventsGet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Show one event, or one instance of a series.",
        usage: "tandem events get <id> [<options>]")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The event's id.") var id: String

    /// What is deleted here alone can be had back.
    private static func notes(on reference: ItemReference) -> [String] {
        let resource = reference.resource
        guard resource.waitsToBeDeleted else { return [] }
        return [
            "Deleted here, which Google has not confirmed yet; bring it back: "
                + "tandem queue drop \(resource.id)"
        ]
    }

    func run() async throws {
        try await withApp(options) { app in
            let (item, notes) = try await app.reading { transaction in
                let directory = try Directory(transaction, accounts: app.options.accounts)
                let reference = try directory.item(id)
                return (try ItemViews(transaction).item(reference), Self.notes(on: reference))
            }
            return Outcome(ItemText(zone: app.zone).answer(item, notes: notes))
        }
    }
}
