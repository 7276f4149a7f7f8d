import ArgumentParser
import GoogleConnector
import TandemCore
import TandemFeed
import TandemStore

/// `feed`: what changed, here and at Google, and who did it.
struct FeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feed",
        abstract: "Show what changed, here and at Google, and who did it.",
        usage: "tandem feed [<options>]",
        discussion: """
            People see the latest twenty, newest first. With --json or --plain there are
            all of them, oldest first, one a line; --since goes on behind the id of the
            last one that was read. Ctrl-C ends --follow.

            tandem feed --verb deleted --limit 5
            tandem feed --json --since MARK
            tandem feed --follow
            """)

    @OptionGroup var options: GlobalOptions
    @OptionGroup var page: PageOptions

    @Option(
        name: .long,
        help: ArgumentHelp("Only what came after this: an activity's id.", valueName: "mark"))
    var since: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only created, updated, moved, deleted, restored, answered or listed; may be "
                + "repeated.", valueName: "verb"))
    var verb: [String] = []
    @Option(
        name: .long,
        help: ArgumentHelp("Only things of this kind; may be repeated.", valueName: "kind"))
    var kind: [String] = []
    @Option(
        name: .long,
        help: ArgumentHelp("Only what somebody of this name or address did.", valueName: "who"))
    var actor: String?
    @Option(name: .long, help: ArgumentHelp("Print text or json.", valueName: "how"))
    var format: String?
    @Flag(name: .long, help: "Go on with what happens, until Ctrl-C.") var follow = false

    func validate() throws {
        for word in verb { try Choice.check(word, for: "--verb", as: ChangeVerb.self) }
        let kinds = GoogleAccountConnector.rules.map(\.kind.rawValue)
        for word in kind where !kinds.contains(word) {
            throw ValidationError(Choice.refusal(of: word, for: "--kind", takes: kinds))
        }
        if actor == "" { throw ValidationError("--actor takes a name or an address.") }
        try Choice.check(format, for: "--format", as: FeedFormat.self)
        if let format, options.plain || options.json && format != FeedFormat.json.rawValue {
            throw ValidationError("Give --format, --json or --plain, but one of them.")
        }
        if follow, page.after != nil { throw ValidationError("--follow goes without --after.") }
    }

    func run() async throws {
        var options = options
        if format == FeedFormat.json.rawValue { options.json = true }
        try await withApp(options) { app in
            let feed = FeedRun(app: app, query: try query(app))
            guard !follow else { return try await feed.follow() }
            return app.options.format == .text
                ? try await feed.page() : try await feed.stream()
        }
    }

    private func query(_ app: App) throws -> FeedQuery {
        var filter = ActivityFilter()
        filter.verbs = Set(verb.compactMap(ChangeVerb.init))
        filter.kinds = Set(kind.map(Kind.init))
        filter.actor = actor
        return FeedQuery(
            filter: filter, accounts: app.options.accounts, since: try mark(since),
            after: try mark(page.after), limit: page.limit)
    }

    private func mark(_ text: String?) throws -> FeedMark? {
        guard let text else { return nil }
        guard let mark = FeedMark(text) else {
            let shown = TerminalText.cut(TerminalText.oneLine(text), to: 60)
            throw TandemError(
                .invalid, "'\(shown)' is no mark that a feed gave.",
                remedy: "Begin anew, without a mark: tandem feed")
        }
        return mark
    }
}

/// What of the feed is wanted.
struct FeedQuery: Sendable {
    var filter: ActivityFilter
    /// The names of the accounts; empty for all.
    var accounts: [String]
    /// Only what came after this.
    var since: FeedMark?
    /// Where the page before ended.
    var after: FeedMark?
    var limit: Int?

    /// Whether only some of what happened was asked for.
    var isNarrowed: Bool {
        !filter.verbs.isEmpty || !filter.kinds.isEmpty || filter.actor != nil || since != nil
            || after != nil
    }
}
