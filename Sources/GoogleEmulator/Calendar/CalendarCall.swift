import LosslessJSON

/// One authorised call of a Calendar method.
struct CalendarCall {
    let world: World
    let account: Account
    let credential: Credential
    let route: CalendarRoute
    let request: EmulatorRequest
    let query: Parameters
    /// What the path held in the place of each `{name}`, decoded.
    let path: [String: String]

    /// A calendar with the role that the caller has in it.
    struct Access {
        let calendar: CalendarRecord
        let role: AccessRole
    }

    /// The decoded part of the path.
    func part(_ name: String) -> String { path[name] ?? "" }

    /// The calendar that the path names.
    func access(_ needed: AccessRole) throws(GoogleFailure) -> Access {
        try access(to: part("calendarId"), needed)
    }

    /// The calendar of that id, or the caller's own for `primary`.
    ///
    /// - Throws: 404 if it is unknown or hidden from the caller, 403 if the role is too low.
    func access(to id: String, _ needed: AccessRole) throws(GoogleFailure) -> Access {
        guard let calendar = world.calendar(id == "primary" ? account.email : id) else {
            throw .notFound
        }
        let role = credential.limited(
            world.role(of: account, in: calendar), in: calendar, for: route)
        guard role > .none else { throw .notFound }
        guard role >= needed else {
            throw .needs(needed == .writerWithoutPrivateAccess ? "writer" : needed.rawValue)
        }
        return Access(calendar: calendar, role: role)
    }

    /// The body, which must be a JSON object.
    ///
    /// - Throws: 400 `parseError` or `badRequest`.
    func body() throws(GoogleFailure) -> JSONObject {
        if request.body.isEmpty { return [:] }
        let json: JSON
        do { json = try JSON(parsing: request.body) } catch { throw .parseError }
        guard let object = json.object else { throw .badRequest }
        return object
    }

    /// Refuses a write whose `If-Match` names another state.
    ///
    /// - Throws: 412 `conditionNotMet`.
    func checkIfMatch(_ etag: String) throws(GoogleFailure) {
        guard let header = request.header("If-Match") else { return }
        guard Conditions.matches(header, etag) else { throw .conditionNotMet }
    }
}

/// Conditional requests.
///
/// - SeeAlso: RFC 9110 section 13.
enum Conditions {
    /// Whether a list of etags, or `*`, holds that one.
    static func matches(_ header: String, _ etag: String) -> Bool {
        header.split(separator: ",").contains { item in
            var text = item.drop { $0 == " " }
            while text.last == " " { text.removeLast() }
            if text == "*" { return true }
            return (text.hasPrefix("W/") ? text.dropFirst(2) : text) == etag
        }
    }
}
