import LosslessJSON

/// One authorised call of a method of Google's APIs.
struct APICall {
    let world: World
    let account: Account
    let credential: Credential
    let route: Route
    let request: EmulatorRequest
    let query: Parameters
    /// What the path held in the place of each `{name}`, decoded.
    let path: [String: String]

    /// Whether the answer is to be indented.
    var isPretty: Bool { Renderer.isPretty(query) }

    /// The decoded part of the path.
    func part(_ name: String) -> String { path[name] ?? "" }

    /// What a body may be: everything that is stored must fit into snapshots and listings, whose
    /// nesting has a limit, too.
    static let bodyLimits = JSONLimits(maxBytes: 4 << 20, maxDepth: 40)

    /// The body, which must be a JSON object.
    ///
    /// - Throws: 413 `uploadTooLarge`, 400 `parseError` or `badRequest`.
    func body() throws(GoogleFailure) -> JSONObject {
        if request.body.isEmpty { return [:] }
        guard request.body.count <= Self.bodyLimits.maxBytes else {
            throw GoogleFailure(413, "global", "uploadTooLarge", "Request Entity Too Large")
        }
        let json: JSON
        do { json = try JSON(parsing: request.body, limits: Self.bodyLimits) } catch {
            throw .parseError
        }
        guard let object = json.object else { throw .badRequest }
        return object
    }

    /// Refuses a write whose `If-Match` names another state.
    ///
    /// - Throws: 412 `conditionNotMet`.
    func checkIfMatch(_ etag: String) throws(GoogleFailure) {
        guard let header = request.header("If-Match") else { return }
        guard Conditions.matches(header, etag, strongly: true) else { throw .conditionNotMet }
    }
}

/// Conditional requests.
///
/// - SeeAlso: RFC 9110 section 13.
enum Conditions {
    /// Whether a list of etags, or `*`, holds that one, which is a strong one.
    ///
    /// A write must find exactly what it knows: under the strong comparison a weak etag matches
    /// nothing.
    /// - SeeAlso: RFC 9110 sections 8.8.3.2, 13.1.1 and 13.1.2.
    static func matches(_ header: String, _ etag: String, strongly: Bool = false) -> Bool {
        header.split(separator: ",").contains { item in
            var text = item.drop { $0 == " " }
            while text.last == " " { text.removeLast() }
            if text == "*" { return true }
            return (text.hasPrefix("W/") && !strongly ? text.dropFirst(2) : text) == etag
        }
    }
}
