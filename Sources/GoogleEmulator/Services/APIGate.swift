/// The way into one of Google's JSON APIs: who asks, with which scopes, in which form.
struct APIGate: Sendable {
    /// The API's name before the names of its methods in error details: `calendar`.
    let name: String
    /// The API's host in error details.
    let host: String
    /// What every path of the API begins with, with a slash at its end.
    let root: String
    /// The names that `fields` may speak of.
    let schema: FieldSchema

    /// A method of the API, for its table of routes, behind every check that is the same for all.
    ///
    /// The id is Google's without the API's name; the path is that below ``root``, in which
    /// `{name}` stands for any one part; any one of the scopes suffices, written without their
    /// common beginning.
    func route(
        _ id: String, _ method: String, _ path: String, _ scopes: [String],
        _ run: @escaping @Sendable (APICall) throws(GoogleFailure) -> Reply
    ) -> Route {
        Route(id, method, root + path, scopes: scopes) { call in response(to: call, run) }
    }

    private func response(
        to call: RouteCall, _ run: (APICall) throws(GoogleFailure) -> Reply
    ) -> EmulatorResponse {
        let request = call.request
        let query = Parameters(formEncoded: request.query)
        let isPretty = Renderer.isPretty(query)
        var renderer = Renderer(request: request, selection: nil, isPretty: isPretty)
        do throws(GoogleFailure) {
            if let alt = query.nonEmpty("alt"), alt != "json" {
                throw .invalidParameter(
                    "alt", "Invalid value '\(alt)'. Values must match the following: json")
            }
            _ = try query.flag("prettyPrint", default: true)
            let authorised = try authorised(call, query)
            if let fields = query.nonEmpty("fields") {
                renderer = Renderer(
                    request: request,
                    selection: try FieldSelection(
                        fields, schema: schema, root: schema.answer(call.methodID)),
                    isPretty: isPretty)
            }
            return renderer.response(try run(authorised))
        } catch {
            let failure = Reply(
                status: error.status, headers: error.headers, content: .json(error.envelope))
            return Renderer(request: request, selection: nil, isPretty: isPretty)
                .response(failure)
        }
    }

    private func authorised(_ call: RouteCall, _ query: Parameters) throws(GoogleFailure) -> APICall
    {
        let credential = try call.world.credential(of: call.request, query: query)
        guard let account = call.world.account(credential.user), let route = call.route else {
            throw .badCredential
        }
        guard credential.holds(anyOf: route.scopes) else {
            throw .missingScope(route.scopes, method: "\(name).\(route.id)", host: host)
        }
        return APICall(
            world: call.world, account: account, credential: credential, route: route,
            request: call.request, query: query, path: call.path)
    }
}
