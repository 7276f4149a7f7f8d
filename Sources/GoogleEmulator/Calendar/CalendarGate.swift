/// The way into the Calendar API: who asks, with which scopes, in which form.
struct CalendarGate {
    let world: World
    let request: EmulatorRequest

    func response(_ route: CalendarRoute, _ path: [String: String]) -> EmulatorResponse {
        let query = Parameters(formEncoded: request.query)
        let isPretty = query["prettyPrint"]?.lowercased() != "false"
        var renderer = Renderer(request: request, selection: nil, isPretty: isPretty)
        do throws(GoogleFailure) {
            if let alt = query.nonEmpty("alt"), alt != "json" {
                throw .invalidParameter(
                    "alt", "Invalid value '\(alt)'. Values must match the following: json")
            }
            let call = try authorised(route, path, query)
            if let fields = query.nonEmpty("fields") {
                renderer = Renderer(
                    request: request,
                    selection: try FieldSelection(
                        fields, schema: FieldSchema.answer(of: route.id)),
                    isPretty: isPretty)
            }
            return renderer.response(try route.run(call))
        } catch {
            let failure = Reply(
                status: error.status, headers: error.headers, content: .json(error.envelope))
            return Renderer(request: request, selection: nil, isPretty: isPretty)
                .response(failure)
        }
    }

    private func authorised(
        _ route: CalendarRoute, _ path: [String: String], _ query: Parameters
    ) throws(GoogleFailure) -> CalendarCall {
        let credential = try world.credential(of: request, query: query)
        guard let account = world.account(credential.user) else { throw .badCredential }
        guard credential.holds(anyOf: route.scopes) else {
            throw .missingScope(route.scopes, method: "calendar.\(route.id)")
        }
        return CalendarCall(
            world: world, account: account, credential: credential, route: route,
            request: request, query: query, path: path)
    }
}
