/// Takes one request through faults, quotas and its service, and notes it.
struct Dispatcher {
    let state: EmulatorState

    func response(to raw: EmulatorRequest) -> EmulatorResponse {
        if ControlAPI.owns(raw.path) { return ControlAPI(state: state, request: raw).response() }
        guard HostNames.areClear(raw) else { return refuse(raw, 400, "badRequest") }
        guard HostNames.areServed(raw) else { return refuse(raw, 403, "forbidden") }
        return StatusPage.redirect(raw) ?? serve(raw)
    }

    /// Serves a request, or a part of that service's batch.
    func serve(
        _ raw: EmulatorRequest, within batch: (any EmulatorService)? = nil
    ) -> EmulatorResponse {
        let (asked, isTooLarge) = MethodOverride.applied(to: raw)
        guard !isTooLarge else { return refuse(asked, 413, nil, within: batch) }
        let call = state.services.call(
            for: state.faults.untwisted(asked), in: state, within: batch)
        let fault = state.faults.take(call)
        var response = EmulatorResponse(status: 0)
        let took = state.stopwatch.measure {
            response = fault?.response(to: call, real: answer) ?? answer(call)
        }
        let pageFault = state.faults.twist(&response, to: call)
        note(
            call, query: asked.query, response, isPart: batch != nil,
            fault: fault?.id ?? pageFault, took: took)
        return response
    }

    /// Refuses a request whose body was too large to be read.
    func refuseBody(of raw: EmulatorRequest) -> EmulatorResponse {
        if ControlAPI.owns(raw.path) {
            return ControlAPI(state: state, request: raw).bodyRefusal()
        }
        return refuse(raw, 413, nil)
    }

    /// Refuses a request for whose body there is no room now.
    func refuseForNow(_ raw: EmulatorRequest) -> EmulatorResponse {
        var response =
            ControlAPI.owns(raw.path)
            ? ControlAPI(state: state, request: raw).crowdRefusal() : refuse(raw, 503, nil)
        response.headers.append((name: "Retry-After", value: "1"))
        return response
    }

    /// Refuses a request, or a part of that service's batch, in the words of its service.
    private func refuse(
        _ raw: EmulatorRequest, _ status: Int, _ reason: String?,
        within batch: (any EmulatorService)? = nil
    ) -> EmulatorResponse {
        let call = state.services.call(for: raw, in: state, within: batch)
        let response = call.service.refusal(status, reason, to: call)
        note(call, query: raw.query, response, isPart: batch != nil, fault: nil)
        return response
    }

    private func answer(_ call: RouteCall) -> EmulatorResponse {
        guard let route = call.route else { return call.service.refusal(404, nil, to: call) }
        // A batch is nothing but its parts, each of which comes here by itself.
        if route.id == Batch.methodID { return route.answer(call) }
        if let refusal = state.quotas.refusal(of: call) { return refusal }
        if state.lags.isEmpty { return route.answer(call) }
        state.lags.begin(call.world)
        let response = state.lags[call.service.name]?.answer(call, route) ?? route.answer(call)
        state.lags.end(call.world)
        return response
    }

    private func note(
        _ call: RouteCall, query: String, _ response: EmulatorResponse, isPart: Bool,
        fault: String?, took: Duration = .zero
    ) {
        state.log.add(
            LocalGoogle.RequestRecord(
                at: call.world.now, api: call.service.name, apiMethod: call.methodID,
                method: call.request.method, path: call.request.path, query: query,
                status: response.status, bytes: response.bodyCount, isPartOfBatch: isPart,
                fault: fault, duration: took + .milliseconds(response.delayMilliseconds)))
    }
}

/// Methods that travel in a header because a proxy or the length of an address forbids them.
///
/// - SeeAlso: Google API Python client, `googleapiclient.http`, requests longer than 2048
///   characters.
enum MethodOverride {
    /// A query that travels in the body holds no more; addresses themselves are not as long.
    static let maxFormBytes = 64 << 10

    /// The request as it was meant, and whether its query is too large to be read; then the
    /// request lacks it.
    static func applied(
        to request: EmulatorRequest
    ) -> (request: EmulatorRequest, isTooLarge: Bool) {
        guard request.method == "POST", let header = request.header("X-HTTP-Method-Override") else {
            return (request, false)
        }
        var changed = request
        changed.method = header.uppercased()
        if changed.method == "GET",
            request.header("Content-Type")?.lowercased()
                .hasPrefix("application/x-www-form-urlencoded") == true
        {
            changed.body = []
            guard request.body.count <= maxFormBytes else { return (changed, true) }
            let form = String(decoding: request.body, as: UTF8.self)
            changed.query = [request.query, form].filter { !$0.isEmpty }.joined(separator: "&")
        }
        return (changed, false)
    }
}
