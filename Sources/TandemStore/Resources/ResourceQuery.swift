import TandemCore

/// The text and the arguments of one list of resources.
struct ResourceQuery {
    private let filter: ResourceFilter
    private let dialect: Dialect
    /// The arguments behind the user.
    private(set) var arguments: [SQLValue] = []

    init(filter: ResourceFilter, dialect: Dialect) {
        self.filter = filter
        self.dialect = dialect
    }

    /// The query; every value that came from outside is an argument.
    mutating func text() -> String {
        var conditions = ["r.user_id = ?1"] + behind()
        if !filter.includesDeleted { conditions.append("r.is_shown = 1") }
        if let places = filter.collections { conditions.append(narrowed(to: places)) }
        if let kinds = filter.kinds { conditions.append(membership("r.kind", kinds)) }
        conditions += window()
        if let words = filter.words {
            guard let pattern = SearchWords(words).pattern else {
                arguments = []
                return Self.nothing
            }
            arguments.append(.text(pattern))
            conditions.append(dialect.searchCondition(argument: arguments.count + 1))
        }
        if let state = filter.state { conditions += StateSQL.conditions(for: state) }
        return """
            SELECT \(ResourceRow.columns) FROM resources r
            WHERE \(conditions.joined(separator: " AND "))
            ORDER BY \(isByStart ? "\(Self.start), r.id" : "r.id") LIMIT \(add(.limit(filter.limit)))
            """
    }

    /// When a resource `r` happens first, as ``StartMark/start`` counts it; an index has the same
    /// words.
    private static let start = "coalesce(r.span_start, \(StartMark.never))"

    private var isByStart: Bool {
        if case .start = filter.order { true } else { false }
    }

    /// What lies behind the mark; the pair is not compared as one, which would enter no index.
    private mutating func behind() -> [String] {
        switch filter.order {
        case .id(let after): return ["r.id > \(add(.text(after?.rawValue ?? "")))"]
        case .start(nil): return []
        case .start(let mark?):
            let (start, id) = (add(.integer(mark.start)), add(.text(mark.id.rawValue)))
            return ["\(Self.start) >= \(start)", "(\(Self.start) > \(start) OR r.id > \(id))"]
        }
    }

    /// A query that answers nothing, for words that contain no letter and no digit.
    private static let nothing = """
        SELECT \(ResourceRow.columns) FROM resources r WHERE r.user_id = ?1 AND 1 = 0
        """

    /// Whole collections are read through their index, pages of them in the list's order.
    private mutating func narrowed(to collections: [CollectionID]) -> String {
        guard filter.limit == nil else {
            // Joined with nothing, the column leaves its index alone, so that the order's is used.
            return membership(isByStart ? "r.collection_id || ''" : "r.collection_id", collections)
        }
        return """
            r.row_key IN (SELECT row_key FROM resources
                WHERE user_id = ?1 AND \(membership("collection_id", collections)))
            """
    }

    private mutating func window() -> [String] {
        guard !isByStart else { return windowByStart() }
        var conditions: [String] = []
        if let to = filter.to { conditions.append("span_start < \(add(.integer(to)))") }
        if let from = filter.from {
            let number = add(.integer(from))
            conditions.append("span_end >= \(number)")
            conditions.append("(span_end > \(number) OR span_start >= \(number))")
        }
        guard !conditions.isEmpty else { return [] }
        return [
            """
            r.row_key IN (SELECT row_key FROM resources
                WHERE user_id = ?1 AND span_end IS NOT NULL
                AND \(conditions.joined(separator: " AND ")))
            """
        ]
    }

    /// The window where the list is in the order of starts: whatever begins before its end is walked
    /// over in that order, and no further than the page.
    private mutating func windowByStart() -> [String] {
        var conditions: [String] = []
        if let to = filter.to { conditions.append("\(Self.start) < \(add(.integer(to)))") }
        if let from = filter.from {
            let number = add(.integer(from))
            conditions.append("r.span_end >= \(number)")
            conditions.append("(r.span_end > \(number) OR r.span_start >= \(number))")
        }
        return conditions
    }

    private mutating func membership(
        _ column: String, _ ids: [some RawRepresentable<String>]
    ) -> String {
        let numbers = ids.map { add(.text($0.rawValue)) }
        return numbers.isEmpty ? "1 = 0" : "\(column) IN (\(numbers.joined(separator: ", ")))"
    }

    /// Adds an argument and names it; the user is number 1.
    private mutating func add(_ value: SQLValue) -> String {
        arguments.append(value)
        return "?\(arguments.count + 1)"
    }
}
