import LosslessJSON
import TandemCore
import TandemFeed
import TandemStore

/// Reads a feed and writes it: a page of it for people, all of it for programs, or what happens from
/// now on.
struct FeedRun: Sendable {
    let app: App
    let query: FeedQuery

    /// How many activities people see where they do not say it.
    private static let usualLimit = 20
    /// How often a feed that is followed is looked at.
    private static let pause = Duration.seconds(1)

    /// What a transaction reads a feed with.
    private struct Source {
        var reader: FeedReader
        var directory: Directory
    }

    private func open(_ transaction: StoreTransaction) throws -> Source {
        let directory = try Directory(transaction, accounts: query.accounts)
        var filter = query.filter
        filter.accounts = directory.accountIDs
        return Source(reader: FeedReader(transaction, filter: filter), directory: directory)
    }

    // MARK: A page

    /// The latest activities, newest first.
    func page() async throws -> Outcome {
        let limit = query.limit ?? Self.usualLimit
        let page = try await app.reading { transaction in
            let source = try open(transaction)
            let since = try query.since.map(source.reader.place)
            let before = try query.after.map(source.reader.place)
            let found = try source.reader.latest(
                limit + 1, after: since?.place ?? .start,
                // Behind a mark that is forgotten nothing older is left.
                before: before?.place)
            return Page(
                found: found, limit: limit, isForgotten: since == .forgotten,
                namesAccounts: source.directory.accounts.count > 1,
                emptyText: source.directory.emptyText)
        }
        if page.isForgotten { try warnOfForgotten() }
        let (zone, showsIDs) = (app.zone, app.options.verbosity > 0)
        let emptyText =
            page.emptyText ?? (query.isNarrowed ? "Nothing that fits." : "Nothing happened yet.")
        let next: JSON = ["next": page.next.map { .string($0) } ?? .null]
        return Outcome(
            Answer(json: next) { style in
                guard !page.shown.isEmpty else { return [emptyText] }
                var lines = FeedLines(
                    zone: zone, style: style, showsIDs: showsIDs,
                    namesAccounts: page.namesAccounts)
                return page.shown.flatMap { lines.lines(for: $0) }
            })
    }

    private struct Page: Sendable {
        var found: [Activity]
        var limit: Int
        var isForgotten: Bool
        var namesAccounts: Bool
        var emptyText: String?

        var shown: ArraySlice<Activity> { found.prefix(limit) }
        var next: String? { found.count > limit ? shown.last?.id.text : nil }
    }

    // MARK: All of it

    /// Everything in the order of the log, a piece at a time.
    func stream() async throws -> Outcome {
        try await app.withStoreForReading { store in
            var printer = FeedPrinter(app: app)
            try printer.begin()
            var place = try await begin(in: store)
            var left = query.limit ?? .max
            while true {
                let (piece, namesAccounts) = try await read(after: place, from: store)
                let activities = piece.activities.prefix(left)
                printer.namesAccounts = namesAccounts
                try printer.print(activities)
                left -= activities.count
                place = piece.end
                guard left > 0, !piece.isLast else { return Outcome(nil) }
            }
        }
    }

    /// The latest activities, oldest first, then whatever happens.
    func follow() async throws -> Outcome {
        do {
            return try await app.withStoreForReading { store in
                var printer = FeedPrinter(app: app)
                try printer.begin()
                var place = try await showLatest(in: store, by: &printer)
                while !app.interruption.isRequested {
                    let (piece, namesAccounts) = try await read(after: place, from: store)
                    printer.namesAccounts = namesAccounts
                    try printer.print(piece.activities[...])
                    place = piece.end
                    if piece.isLast { try await app.environment.clock.wait(for: Self.pause) }
                }
                return Outcome(nil, exit: .interrupted)
            }
        } catch {
            // Whoever follows a feed ends it so; there is nothing to be told.
            guard app.interruption.isRequested else { throw error }
            return Outcome(nil, exit: .interrupted)
        }
    }

    /// Shows the latest that were asked for; all of what is to be shown where none were.
    ///
    /// - Returns: Where to go on.
    private func showLatest(in store: Store, by printer: inout FeedPrinter) async throws
        -> FeedPlace
    {
        let place = try await begin(in: store)
        let isForPeople = app.options.format == .text
        guard let limit = query.limit ?? (isForPeople ? Self.usualLimit : nil) else {
            return place
        }
        let (found, end, namesAccounts) = try await store.read { transaction in
            let source = try open(transaction)
            return (
                try source.reader.latest(limit, after: place), try source.reader.end(),
                source.directory.accounts.count > 1
            )
        }
        printer.namesAccounts = namesAccounts
        try printer.print(Array(found.reversed())[...])
        return max(place, end)
    }

    /// The place behind the later of the marks that were given.
    private func begin(in store: Store) async throws -> FeedPlace {
        let marks = [query.since, query.after].compactMap { $0 }
        let places = try await store.read { transaction in
            let source = try open(transaction)
            return try marks.map(source.reader.place)
        }
        if places.contains(.forgotten) { try warnOfForgotten() }
        return places.map(\.place).max() ?? .start
    }

    private func read(
        after place: FeedPlace, from store: Store
    ) async throws -> (FeedPiece, namesAccounts: Bool) {
        try await store.read { transaction in
            let source = try open(transaction)
            return (
                try source.reader.piece(after: place), source.directory.accounts.count > 1
            )
        }
    }

    private func warnOfForgotten() throws {
        try app.warn(
            "What this mark stands for is forgotten; what followed it may be, too. "
                + "Here is all that is kept.", code: "forgotten")
    }
}

/// Writes activities one after the other, in the format that was asked for.
struct FeedPrinter {
    private let app: App
    private var lines: FeedLines

    /// Whether people are told through which account something happened.
    var namesAccounts: Bool {
        get { lines.namesAccounts }
        set { lines.namesAccounts = newValue }
    }

    init(app: App) {
        self.app = app
        lines = FeedLines(
            zone: app.zone, style: app.style, showsIDs: app.options.verbosity > 0,
            namesAccounts: false)
    }

    /// Writes what stands above all.
    func begin() throws {
        guard app.options.format == .plain else { return }
        try app.write(Array(FeedTable.titles.utf8) + [0x0A], after: nil)
    }

    mutating func print(_ activities: ArraySlice<Activity>) throws {
        guard !activities.isEmpty else { return }
        var bytes: [UInt8] = []
        for activity in activities {
            switch app.options.format {
            case .json:
                bytes += TerminalText.json(activity.json.serialized())
                bytes.append(0x0A)
            case .plain:
                bytes += FeedTable.row(of: activity).utf8
                bytes.append(0x0A)
            case .text:
                for line in lines.lines(for: activity) { bytes += Array((line + "\n").utf8) }
            }
        }
        try app.write(bytes, after: nil)
    }
}

/// Activities as tab separated values; the columns only ever grow on the right.
enum FeedTable {
    /// The line of titles.
    static let titles = [
        "when", "verb", "origin", "kind", "title", "fields", "actor", "certainty", "account",
        "collection", "item", "id",
    ].joined(separator: "\t")

    /// One activity's line.
    static func row(of activity: Activity) -> String {
        let actor = activity.actor
        let cells = [
            activity.when.rfc3339, activity.verb.rawValue, activity.origin.rawValue,
            activity.kind.rawValue, activity.title,
            activity.changes.map(\.field).joined(separator: ","), actor.email ?? actor.name ?? "",
            actor.certainty.rawValue, activity.account, activity.collection.name,
            activity.item?.rawValue ?? "", activity.id.text,
        ]
        return cells.map(TerminalText.oneLine).joined(separator: "\t")
    }
}
