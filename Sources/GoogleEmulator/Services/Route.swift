/// What a table of routes tells requests apart by.
protocol Routed {
    /// The HTTP method in capitals; `nil` stands for every one.
    var method: String? { get }
    var template: PathTemplate { get }
}

/// One method of a service: what is asked for, and what answers.
struct Route: Routed, Sendable {
    /// The name in logs, counters and faults, Google's own where it has one: `events.list`.
    let id: String
    let method: String?
    let template: PathTemplate
    /// Any one of these scopes suffices, written without their common beginning; empty where the
    /// method asks for none.
    let scopes: [String]
    let answer: @Sendable (RouteCall) -> EmulatorResponse

    /// Whether it changes nothing: some questions are posted, such as `freebusy.query`.
    var isRead: Bool { method == "GET" || id.hasSuffix(".query") }

    init(
        _ id: String, _ method: String?, _ path: String, scopes: [String] = [],
        _ answer: @escaping @Sendable (RouteCall) -> EmulatorResponse
    ) {
        self.id = id
        self.method = method
        self.scopes = scopes
        self.answer = answer
        template = PathTemplate(path)
    }
}

/// One request at the service that owns its path.
struct RouteCall {
    let state: EmulatorState
    let request: EmulatorRequest
    let service: any EmulatorService
    /// `nil` where the service has no method of that path.
    let route: Route?
    /// What the path held in the place of each `{name}`, decoded.
    let path: [String: String]
    /// What the request is about: the state's world, or a copy that is behind.
    var world: World

    /// The method's name in logs, counters and faults.
    var methodID: String { route?.id ?? "unknown" }
}

/// A path with names in the place of some of its parts, such as `/v1/people/{id}:updateContact`.
struct PathTemplate: Sendable {
    let text: String
    private let segments: [Segment]

    private enum Segment: Sendable {
        case literal(String)
        case variable(name: String, suffix: String)
    }

    init(_ text: String) {
        self.text = text
        segments = text.split(separator: "/").map { part in
            guard part.hasPrefix("{"), let end = part.firstIndex(of: "}") else {
                return .literal(String(part))
            }
            return .variable(
                name: String(part[part.index(after: part.startIndex)..<end]),
                suffix: String(part[part.index(after: end)...]))
        }
    }

    /// How many parts a path must have.
    var count: Int { segments.count }

    /// What the path holds for each name; `nil` if it is another path.
    func match(_ parts: [String]) -> [String: String]? {
        guard parts.count == segments.count else { return nil }
        var found: [String: String] = [:]
        for (segment, part) in zip(segments, parts) {
            switch segment {
            case .literal(let text):
                guard text == part else { return nil }
            case .variable(let name, let suffix):
                guard part.hasSuffix(suffix), part.utf8.count > suffix.utf8.count else {
                    return nil
                }
                found[name] = suffix.isEmpty ? part : String(part.dropLast(suffix.count))
            }
        }
        return found
    }

    /// The decoded parts of a request's path; `nil` for what no template can match.
    static func parts(of path: String) -> [String]? {
        guard path.hasPrefix("/") else { return nil }
        var parts: [String] = []
        for piece in path.dropFirst().parted(at: "/") {
            guard let part = PercentCoding.decode(piece, plusIsBlank: false), !part.isEmpty else {
                return nil
            }
            parts.append(part)
        }
        return parts
    }
}

/// Routes by the length of their path, so that few have to be looked at; the first that fits wins.
struct RouteTable<Element: Routed> {
    private var byCount: [[Element]] = []

    init(_ elements: [Element]) {
        for element in elements {
            let count = element.template.count
            while byCount.count <= count { byCount.append([]) }
            byCount[count].append(element)
        }
    }

    /// The route for a request that `accepts` lets through, and what its path holds.
    func find(
        _ method: String, _ parts: [String], where accepts: (Element) -> Bool = { _ in true }
    ) -> (element: Element, path: [String: String])? {
        guard byCount.indices.contains(parts.count) else { return nil }
        for element in byCount[parts.count]
        where (element.method == nil || element.method == method) && accepts(element) {
            if let path = element.template.match(parts) { return (element, path) }
        }
        return nil
    }

    /// The HTTP methods that are served at a path, in the order of the table.
    func methods(at parts: [String]) -> [String] {
        guard byCount.indices.contains(parts.count) else { return [] }
        return byCount[parts.count].filter { $0.template.match(parts) != nil }.compactMap(\.method)
    }
}

extension RouteTable: Sendable where Element: Sendable {}
