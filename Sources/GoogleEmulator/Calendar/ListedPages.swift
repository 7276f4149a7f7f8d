/// The pages of a calendar's listings that were answered lately.
///
/// Who polls asks for the same page again and again, and mostly nothing has changed since.
struct ListedPages {
    private var pages: [(mark: Mark, page: Page)] = []

    /// Together they take up at most this, so that many calendars stay far below what their events
    /// take up.
    private static let mostBytes = 2 << 20
    private static let mostPages = 8

    /// What a page depends on; one of the same mark holds the same rows.
    struct Mark: Hashable {
        let timeline: UInt64
        /// Whatever changes in the whole local Google is counted.
        let version: Int64
        let caller: String
        let role: AccessRole
        let query: String

        init(
            timeline: UInt64 = 0, version: Int64 = 0, caller: String = "",
            role: AccessRole = .owner, query: String
        ) {
            self.timeline = timeline
            self.version = version
            self.caller = caller
            self.role = role
            self.query = query
        }

        /// `nil` for pages that are not kept: those of expanded series, which time moves on, those
        /// of deltas, which are rarely asked for twice, and chosen parts of rows.
        init?(_ call: APICall, _ access: APICall.Access, _ query: EventQuery) {
            guard !query.singleEvents, query.sync == nil, call.query.nonEmpty("fields") == nil
            else { return nil }
            self.init(
                timeline: call.world.timeline.id, version: call.world.lastVersion,
                caller: call.account.email, role: access.role, query: call.request.query)
        }
    }

    /// The rows of one page in the form in which they are sent.
    struct Page {
        /// The listing's etag with its quotes.
        let etag: String
        let rows: [UInt8]
        /// Where the next page begins; `nil` on the last one.
        let next: Cursor.Page?
    }

    subscript(mark: Mark) -> Page? { pages.first { $0.mark == mark }?.page }

    /// Keeps a page in place of the oldest ones, and of those that hold no longer.
    mutating func keep(_ page: Page, _ mark: Mark) {
        guard page.rows.count <= Self.mostBytes else { return }
        pages.removeAll {
            $0.mark.version != mark.version || $0.mark.timeline != mark.timeline || $0.mark == mark
        }
        pages.append((mark, page))
        while pages.count > Self.mostPages
            || pages.reduce(0, { $0 + $1.page.rows.count }) > Self.mostBytes
        {
            pages.removeFirst()
        }
    }
}
