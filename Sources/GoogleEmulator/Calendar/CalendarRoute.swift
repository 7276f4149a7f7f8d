/// One method of the Calendar API.
struct CalendarRoute: Sendable {
    /// Google's id of the method without the API's name, for example `events.list`.
    let id: String
    let method: String
    /// The path below `/calendar/v3/`; `{name}` stands for any one part.
    let path: [Substring]
    /// Any one of these scopes suffices, written without their common beginning.
    let scopes: [String]
    let run: @Sendable (CalendarCall) throws(GoogleFailure) -> Reply

    init(
        _ id: String, _ method: String, _ path: String, _ scopes: [String],
        _ run: @escaping @Sendable (CalendarCall) throws(GoogleFailure) -> Reply
    ) {
        self.id = id
        self.method = method
        self.path = path.split(separator: "/")
        self.scopes = scopes
        self.run = run
    }

    /// Whether the method writes.
    var writes: Bool { method != "GET" && id != "freebusy.query" }

    /// What the path holds for each `{name}`; `nil` if it is another path.
    func match(_ parts: [String]) -> [String: String]? {
        guard parts.count == path.count else { return nil }
        var found: [String: String] = [:]
        for (pattern, part) in zip(path, parts) {
            if pattern.hasPrefix("{") {
                found[String(pattern.dropFirst().dropLast())] = part
            } else if pattern != part {
                return nil
            }
        }
        return found
    }

    /// Finds the method for a path below `/calendar/v3/`.
    static func find(_ method: String, _ parts: [String]) -> (CalendarRoute, [String: String])? {
        for route in all where route.method == method {
            if let found = route.match(parts) { return (route, found) }
        }
        return nil
    }
}
