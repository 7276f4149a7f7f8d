import ArgumentParser
import LosslessJSON
import TandemActions
import TandemCore
import TandemFormats
import TandemStore

/// `events edit`.
struct EventsEdit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Change an event, one instance of a series, or more of it.",
        usage: "tandem events edit <id> [<options>]",
        discussion: """
            tandem events edit ID --when 'tomorrow 12:30'
            tandem events edit ID_20261109T090000Z --scope following --where 'Room 2'
            tandem events edit ID --patch '{"colorId":"5"}'
            """)

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The event's id.") var id: String
    @OptionGroup var fields: FieldOptions
    @OptionGroup var scope: ScopeOptions
    @OptionGroup var writing: WriteOptions

    @Option(
        name: .long,
        help: ArgumentHelp("Move it into this calendar, too.", valueName: "name"))
    var calendar: String?
    @Option(
        name: .long,
        help: ArgumentHelp("Invite this address no longer; may be repeated.", valueName: "email"))
    var removeGuest: [String] = []
    @Option(
        name: .long,
        help: ArgumentHelp(
            "An RFC 7396 merge patch on the event's JSON; - reads standard input.",
            valueName: "json"))
    var patch: String?

    func run() async throws {
        try await withApp(options) { app in
            let writing = EventWriting(app, writing)
            let patch = try await writing.json(patch)
            let (id, typed, removed, reach) = (id, fields, removeGuest, scope.reach)
            let times = HumanTimes(now: app.environment.now(), zone: app.zone)
            let (name, saysNothing) = (calendar, try typed.fields(times).isEmpty && removed.isEmpty)
            guard patch == nil || saysNothing else {
                throw ValidationError("Give --patch or the friendly flags, not both.")
            }
            let isAboutMailAlone = patch == nil && name == nil && saysNothing
            guard !isAboutMailAlone || self.writing.sendUpdates != nil else {
                throw ValidationError("Say what is to change, for example --title TEXT.")
            }
            return try await writing.perform("events edit") { transaction, actions, directory in
                let reference = try directory.item(id)
                guard !isAboutMailAlone else {
                    return try actions.widenMailing(reference, reach: reach)
                }
                var fields = try typed.fields(times, on: try actions.day(of: reference))
                fields.removedGuests = removed
                var outcome = EditOutcome(reference.resource)
                if patch != nil || !fields.isEmpty {
                    let edit = patch.map { EventEdit.patch($0) } ?? .fields(fields)
                    outcome = try actions.edit(reference, edit, reach: reach)
                    outcome.remarks = fields.remarks(viewedIn: app.zone)
                }
                guard let name else { return outcome }
                let calendar = try directory.destination(
                    named: name, of: reference.resource.account)
                let moved = Self.whole(reference, as: outcome.resource, reach: reach)
                outcome.resource = try actions.move(moved, to: calendar)
                return outcome
            }
        }
    }

    /// What is moved: the event or the whole series, as the edit left it; an instance, where no
    /// more than that was meant, which a move refuses.
    private static func whole(
        _ reference: ItemReference, as edited: StoredResource, reach: SeriesReach?
    ) -> ItemReference {
        guard case .instance(let instance) = reference else { return .resource(edited) }
        guard reach == .all, let series = instance.series else { return reference }
        return .resource(edited.id == series.id ? edited : series)
    }
}

/// `events rsvp`.
struct EventsRSVP: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rsvp", abstract: "Answer an invitation.",
        usage: "tandem events rsvp <id> <answer> [<options>]",
        discussion: "tandem events rsvp ID accepted --comment 'A little late'")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The event's id.") var id: String
    @Argument(help: "accepted, declined or tentative (also yes, no, maybe).") var answer: String
    @OptionGroup var scope: ScopeOptions
    @OptionGroup var writing: WriteOptions
    @Option(name: .long, help: ArgumentHelp("A word to the organiser.", valueName: "text"))
    var comment: String?

    func validate() throws { _ = try response }

    private var response: InvitationAnswer.Response {
        get throws {
            switch answer.lowercased() {
            case "accepted", "accept", "yes": return .accepted
            case "declined", "decline", "no": return .declined
            case "tentative", "maybe": return .tentative
            case "needsaction": return .needsAction
            default:
                throw ValidationError(
                    Choice.refusal(
                        of: answer, for: "<answer>", takes: ["accepted", "declined", "tentative"]))
            }
        }
    }

    func run() async throws {
        try await withApp(options) { app in
            let said = InvitationAnswer(try response, comment: comment)
            let (id, reach) = (id, scope.reach)
            return try await EventWriting(app, writing).perform("events rsvp") {
                transaction, actions, directory in
                try actions.answer(directory.item(id), said, reach: reach)
            }
        }
    }
}

/// `events move`.
struct EventsMove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move", abstract: "Move an event or a series into another calendar.",
        usage: "tandem events move <id> --to <calendar> [<options>]",
        discussion: "tandem events move ID --to Private")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The event's id.") var id: String
    @Option(name: .long, help: ArgumentHelp("The calendar it goes to.", valueName: "calendar"))
    var to: String?
    @OptionGroup var writing: WriteOptions

    // Other ways of saying the same, kept for those who know them.
    @Argument(help: .hidden) var destination: String?
    @Option(name: .long, help: .hidden) var calendar: String?

    /// The calendar, however it was said.
    private var named: [String] { [to, calendar, destination].compactMap { $0 } }

    func validate() throws {
        guard named.count == 1 else {
            throw ValidationError("Name the calendar once: tandem events move ID --to CALENDAR")
        }
    }

    func run() async throws {
        try await withApp(options) { app in
            let (id, name) = (id, named.first ?? "")
            return try await EventWriting(app, writing).perform("events move") {
                transaction, actions, directory in
                let reference = try directory.item(id)
                let calendar = try directory.destination(
                    named: name, of: reference.resource.account)
                return EditOutcome(try actions.move(reference, to: calendar))
            }
        }
    }
}

/// `events delete`.
struct EventsDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete an event, one instance of a series, or more of it.",
        usage: "tandem events delete <id> [<options>]"
    )

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The event's id.") var id: String
    @OptionGroup var scope: ScopeOptions
    @OptionGroup var writing: WriteOptions

    func run() async throws {
        try await withApp(options) { app in
            let (id, reach) = (id, scope.reach)
            return try await EventWriting(app, writing).perform("events delete") {
                transaction, actions, directory in
                try actions.delete(directory.item(id), reach: reach)
            }
        }
    }
}
