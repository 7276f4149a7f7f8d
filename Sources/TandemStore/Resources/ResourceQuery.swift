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
        var conditions = ["r.user_id = ?1", "r.id > \(add(.text(filter.after?.rawValue ?? "")))"]
        if !filter.includesDeleted { conditions.append("r.is_shown = 1") }
        conditions += membership("r.collection_id", filter.collections)
        conditions += membership("r.kind", filter.kinds)
        conditions += window()
        if let words = filter.words {
            let pattern = SearchWords(words).pattern
            guard let pattern else { return Self.nothing }
            arguments.append(.text(pattern))
            conditions.append(dialect.searchCondition(argument: arguments.count + 1))
        }
        if let state = filter.state { conditions += StateSQL.conditions(for: state) }
        return """
            SELECT \(ResourceRow.columns) FROM resources r
            WHERE \(conditions.joined(separator: " AND "))
            ORDER BY r.id LIMIT \(add(.limit(filter.limit)))
            """
    }

    /// A query that answers nothing, for words that contain no letter and no digit.
    private static let nothing = """
        SELECT \(ResourceRow.columns) FROM resources r WHERE r.user_id = ?1 AND 1 = 0
        """

    private mutating func window() -> [String] {
        var conditions: [String] = []
        if let to = filter.to { conditions.append("r.span_start < \(add(.integer(to)))") }
        if let from = filter.from {
            let number = add(.integer(from))
            conditions.append("r.span_end >= \(number)")
            conditions.append("(r.span_end > \(number) OR r.span_start >= \(number))")
        }
        return conditions
    }

    private mutating func membership(
        _ column: String, _ ids: [some RawRepresentable<String>]?
    ) -> [String] {
        guard let ids else { return [] }
        let numbers = ids.map { add(.text($0.rawValue)) }
        return [numbers.isEmpty ? "1 = 0" : "\(column) IN (\(numbers.joined(separator: ", ")))"]
    }

    /// Adds an argument and names it; the user is number 1.
    private mutating func add(_ value: SQLValue) -> String {
        arguments.append(value)
        return "?\(arguments.count + 1)"
    }
}
