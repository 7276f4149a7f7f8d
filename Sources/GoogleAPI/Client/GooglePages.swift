/// The pages of one listing, one after the other; each is asked for when its turn comes.
///
/// Whoever reads to the end has seen everything, and the last page has the sync token for next
/// time. It ends with ``GoogleError`` where a page cannot be had: what came before stands, but is
/// not everything. The loop may be left at any time.
public struct GooglePages: AsyncSequence, Sendable {
    /// Pages are what it is made of.
    public typealias Element = GooglePage
    /// What a page may fail with.
    public typealias Failure = GoogleError

    /// The most pages that one listing is read for: 10,000, which is 25 million events.
    public static let mostPages = 10_000

    private let read: @Sendable (String?) async throws(GoogleError) -> GooglePage

    /// Reads by a function from a page's token, `nil` for the first page, to the page.
    init(_ read: @escaping @Sendable (String?) async throws(GoogleError) -> GooglePage) {
        self.read = read
    }

    /// Begins with the first page.
    public func makeAsyncIterator() -> Iterator { Iterator(read: read) }

    /// Where in a listing its reader is.
    public struct Iterator: AsyncIteratorProtocol {
        private let read: @Sendable (String?) async throws(GoogleError) -> GooglePage
        private var pageToken: String?
        private var seen: Set<String> = []
        private var isOver = false

        fileprivate init(
            read: @escaping @Sendable (String?) async throws(GoogleError) -> GooglePage
        ) {
            self.read = read
        }

        /// The next page; `nil` behind the last one.
        ///
        /// - Throws: ``GoogleError``; code `unreadable` where a page names one that was read
        ///   before, or there are more than ``GooglePages/mostPages``.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(GoogleError) -> GooglePage? {
            guard !isOver else { return nil }
            isOver = true
            let page = try await read(pageToken)
            guard let next = page.nextPageToken else { return page }
            guard seen.insert(next).inserted, seen.count < GooglePages.mostPages else {
                throw GoogleError(
                    code: .unreadable,
                    message: "Google's listing does not come to an end; try again later.")
            }
            pageToken = next
            isOver = false
            return page
        }
    }
}

extension CalendarAPI {
    /// All pages of a calendar's events, or of their changes; ``EventsQuery/pageToken`` of the query
    /// is where it begins.
    public func eventPages(
        of calendarID: String, _ query: EventsQuery = EventsQuery()
    ) -> GooglePages {
        GooglePages { pageToken throws(GoogleError) in
            var query = query
            query.pageToken = pageToken ?? query.pageToken
            return try await listEvents(of: calendarID, query)
        }
    }

    /// All pages of the calendars that the person sees, or of their changes;
    /// ``CalendarListQuery/pageToken`` of the query is where it begins.
    public func calendarListPages(
        _ query: CalendarListQuery = CalendarListQuery()
    ) -> GooglePages {
        GooglePages { pageToken throws(GoogleError) in
            var query = query
            query.pageToken = pageToken ?? query.pageToken
            return try await listCalendarList(query)
        }
    }
}
