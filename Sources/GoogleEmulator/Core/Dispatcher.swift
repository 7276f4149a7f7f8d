import LosslessJSON

/// Takes one request through faults, authorization and its method, and writes the answer.
struct Dispatcher {
    let state: EmulatorState

    private var world: World { state.world }

    func response(to raw: EmulatorRequest) -> EmulatorResponse {
        if raw.path == "/_emulator" || raw.path.hasPrefix("/_emulator/") {
            let reply = ControlAPI(state: state, request: raw).reply()
            return Renderer(request: raw, selection: nil, isPretty: false).response(reply)
        }
        return serve(raw, isPart: false)
    }

    /// Serves a request, or a part of a batch, and notes it.
    func serve(_ raw: EmulatorRequest, isPart: Bool) -> EmulatorResponse {
        let request = MethodOverride.applied(to: raw)
        let call = APICall(request)
        let fault = state.faults.take(call)
        var response: EmulatorResponse
        if let fault, fault.cut == .before {
            response = EmulatorResponse(status: 0, cut: .before)
        } else if let fault, fault.cut == nil, let refusal = fault.refusal(call) {
            response = refusal
        } else {
            response = perform(request, call)
            if fault?.cut == .after { response.cut = .after }
        }
        let delay = response.delayMilliseconds.addingReportingOverflow(
            fault?.delayMilliseconds ?? 0)
        response.delayMilliseconds = delay.overflow ? .max : delay.partialValue
        state.log.add(
            LocalGoogle.RequestRecord(
                at: world.now, api: call.api, apiMethod: call.method, method: request.method,
                path: request.path, query: request.query, status: response.status,
                bytes: response.body.count, isPartOfBatch: isPart, fault: fault?.id))
        return response
    }

    private func perform(_ request: EmulatorRequest, _ call: APICall) -> EmulatorResponse {
        switch call.kind {
        case .oauth:
            let reply = OAuthService(world: world, request: request).reply()
            return Renderer(request: request, selection: nil, isPretty: false).response(reply)
        case .batch:
            return Batch(dispatcher: self, request: request).response()
        case .calendar(let route, let path):
            return CalendarGate(world: world, request: request).response(route, path)
        case .unknown:
            return Renderer(request: request, selection: nil, isPretty: true)
                .response(GoogleFailure.notFound.reply)
        }
    }
}

/// Which API and method a request is for.
struct APICall {
    let api: String
    /// Google's name of the method, `unknown` if there is none.
    let method: String
    let kind: Kind
    let request: EmulatorRequest

    enum Kind {
        case oauth
        case batch
        case calendar(CalendarRoute, [String: String])
        case unknown
    }

    init(_ request: EmulatorRequest) {
        self.request = request
        if let name = OAuthService.method(request.path) {
            (api, method, kind) = ("oauth", name, .oauth)
        } else if request.path == "/batch/calendar/v3" {
            (api, method) = ("calendar", "batch")
            kind = request.method == "POST" ? .batch : .unknown
        } else if let parts = Self.parts(request.path, below: "/calendar/v3/"),
            let (route, path) = CalendarRoute.find(request.method, parts)
        {
            (api, method, kind) = ("calendar", route.id, .calendar(route, path))
        } else {
            (api, method, kind) = (Self.api(of: request.path), "unknown", .unknown)
        }
    }

    /// The API that a path without a known method belongs to.
    private static func api(of path: String) -> String {
        if path.hasPrefix("/calendar/") || path.hasPrefix("/batch/calendar/") { return "calendar" }
        if path.hasPrefix("/upload/") || path.hasPrefix("/resumable/upload/") { return "upload" }
        if path.hasPrefix("/drive/") || path.hasPrefix("/v2/activity") { return "drive" }
        return path.hasPrefix("/v1/") ? "people" : "unknown"
    }

    private static func parts(_ path: String, below prefix: String) -> [String]? {
        guard path.hasPrefix(prefix) else { return nil }
        var parts: [String] = []
        let rest = path.dropFirst(prefix.count)
        for piece in rest.split(separator: "/", omittingEmptySubsequences: false) {
            guard let part = PercentCoding.decode(piece, plusIsBlank: false), !part.isEmpty else {
                return nil
            }
            parts.append(part)
        }
        return parts
    }
}

/// Methods that travel in a header because a proxy or the length of an address forbids them.
///
/// - SeeAlso: Google API Python client, `googleapiclient.http`, requests longer than 2048
///   characters.
enum MethodOverride {
    static func applied(to request: EmulatorRequest) -> EmulatorRequest {
        guard request.method == "POST", let header = request.header("X-HTTP-Method-Override") else {
            return request
        }
        var changed = request
        changed.method = header.uppercased()
        if changed.method == "GET",
            request.header("Content-Type")?.lowercased()
                .hasPrefix("application/x-www-form-urlencoded") == true
        {
            let form = String(decoding: request.body, as: UTF8.self)
            changed.query = [request.query, form].filter { !$0.isEmpty }.joined(separator: "&")
            changed.body = []
        }
        return changed
    }
}
