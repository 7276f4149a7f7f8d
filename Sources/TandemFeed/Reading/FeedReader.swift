import TandemCore
public import TandemStore

/// Reads activities out of the change log, a piece at a time.
///
/// Valid only within the transaction it was made in. Feeds keep no state of their own: whoever
/// reads one keeps a mark or a place.
public struct FeedReader {
    /// How many entries of the log are held at a time.
    public static let pieceEntries = 500

    private let transaction: StoreTransaction
    private let filter: ActivityFilter

    /// Makes a reader of what `filter` wants.
    public init(_ transaction: StoreTransaction, filter: ActivityFilter = ActivityFilter()) {
        self.transaction = transaction
        self.filter = filter
    }

    /// Where a mark lies.
    ///
    /// - Parameter mark: The id of an activity.
    /// - Returns: Its place, or that it is forgotten.
    /// - Throws: `TandemError` with code `invalid` for a mark that this store never gave;
    ///   `StoreError`.
    public func place(of mark: FeedMark) throws -> MarkPlace {
        let next = try transaction.changes.read(
            ChangeWindow(after: mark.sequence - 1), limit: 1
        ).first
        if let next, next.sequence == mark.sequence, next.at == mark.moment {
            return .known(FeedPlace(sequence: mark.sequence))
        }
        let oldest = try transaction.changes.read(ChangeWindow(), limit: 1).first
        let age = transaction.environment.now().duration(since: mark.moment)
        guard age >= .seconds(86_400 * Int64(Retention.fewestDays)),
            oldest.map({ $0.sequence > mark.sequence }) ?? true
        else {
            throw TandemError(
                .invalid, "'\(mark)' is no mark of this store's feed.",
                remedy: "Begin anew, without a mark: tandem feed")
        }
        return .forgotten
    }

    /// The place behind everything that is in the log now.
    /// - Throws: `StoreError`.
    public func end() throws -> FeedPlace {
        let last = try transaction.changes.read(ChangeWindow(), newestFirst: true, limit: 1).first
        return last.map { FeedPlace(sequence: $0.sequence) } ?? .start
    }

    /// The next piece of the feed, oldest first.
    ///
    /// - Parameter place: Where the piece before ended.
    /// - Returns: What the next ``pieceEntries`` entries come to: it may be nothing before the end.
    /// - Throws: `StoreError`.
    public func piece(after place: FeedPlace) throws -> FeedPiece {
        let entries = try transaction.changes.read(
            ChangeWindow(after: place.sequence, resource: filter.item), limit: Self.pieceEntries)
        return FeedPiece(
            activities: try activities(of: entries),
            end: entries.last.map { FeedPlace(sequence: $0.sequence) } ?? place,
            isLast: entries.count < Self.pieceEntries)
    }

    /// The latest activities, newest first.
    ///
    /// - Parameters:
    ///   - limit: At most so many.
    ///   - after: Only those behind this place.
    ///   - before: Only those before this place; `nil` for all.
    /// - Returns: The activities.
    /// - Throws: `StoreError`.
    public func latest(
        _ limit: Int, after: FeedPlace = .start, before: FeedPlace? = nil
    ) throws -> [Activity] {
        var window = ChangeWindow(
            after: after.sequence, before: before?.sequence ?? .max, resource: filter.item)
        var found: [Activity] = []
        while found.count < limit {
            let entries = try transaction.changes.read(
                window, newestFirst: true, limit: Self.pieceEntries)
            found += try activities(of: entries)
            guard entries.count == Self.pieceEntries, let last = entries.last else { break }
            window.before = last.sequence
        }
        return Array(found.prefix(limit))
    }

    private func activities(of entries: [ChangeEntry]) throws -> [Activity] {
        let wanted = try entries.filter { try filter.includes($0) && !carriesOut($0) }
        guard !wanted.isEmpty else { return [] }
        let names = try FeedNames(transaction)
        return wanted.map { Activity($0, names: names) }
    }

    private func carriesOut(_ entry: ChangeEntry) throws -> Bool {
        guard entry.origin == .local, let operation = entry.operation else { return false }
        return Activity.carriesOut(entry, editFrom: try transaction.changes.start(of: operation))
    }
}
