import LosslessJSON

/// The commands over HTTP, for programs on this machine only.
///
/// Every error has one shape: `{"error":{"code","message"}}`.
struct ControlAPI {
    let state: EmulatorState
    let request: EmulatorRequest

    /// The header of every answer that says which commands are known.
    static let protocolHeader = "Local-Google-Protocol"

    /// Whether a path is a command and no request to Google.
    static func owns(_ path: String) -> Bool {
        path == "/_emulator" || path.hasPrefix("/_emulator/")
    }

    /// Whether a request is a command from this machine.
    static func isCommand(_ request: EmulatorRequest) -> Bool {
        owns(request.path) && isLocal(request)
    }

    func response() -> EmulatorResponse { rendered(reply()) }

    /// The answer to a body that was too large to be read.
    func bodyRefusal() -> EmulatorResponse {
        rendered(Self.error("tooLarge", "The body is too large.", status: 413))
    }

    /// The answer to a body for which there is no room now.
    func crowdRefusal() -> EmulatorResponse {
        rendered(
            Self.error(
                "busy", "Other requests' bodies take up the room; send it again in a second.",
                status: 503))
    }

    private func rendered(_ reply: Reply) -> EmulatorResponse {
        var response = Renderer(request: request, selection: nil, isPretty: false).response(reply)
        response.headers.append(
            (name: Self.protocolHeader, value: String(LocalGoogle.controlProtocol)))
        return response
    }

    private func reply() -> Reply {
        guard HostNames.areClear(request) else {
            return Self.error("badRequest", "A request names one host.", status: 400)
        }
        guard Self.isLocal(request) else {
            return Self.error(
                "forbidden", "The control API answers on a loopback name only.", status: 403)
        }
        let path = request.path.hasSuffix("/") ? String(request.path.dropLast()) : request.path
        let parts = PathTemplate.parts(of: path) ?? []
        guard let found = state.services.control.find(request.method, parts) else {
            return missing(parts)
        }
        let call = ControlCall(state: state, request: request, path: found.path)
        do throws(LocalGoogleError) {
            return try found.element.run(call)
        } catch {
            return Self.error(error.code.name, error.message, status: error.code.status)
        }
    }

    private func missing(_ parts: [String]) -> Reply {
        let methods = state.services.control.methods(at: parts)
        guard !methods.isEmpty else {
            return Self.error(
                "notFound", "There is no \(request.method) \(request.path).", status: 404)
        }
        let allowed = methods.joined(separator: ", ")
        var reply = Self.error(
            "methodNotAllowed", "\(request.path) takes \(allowed), not \(request.method).",
            status: 405)
        reply.headers.append(("Allow", allowed))
        return reply
    }

    /// A web page elsewhere could send requests here: the Host header must name this machine,
    /// and so must the Origin where a browser sends one.
    private static func isLocal(_ request: EmulatorRequest) -> Bool {
        guard let host = request.header("Host"), HostNames.isLoopback(host) else { return false }
        guard let origin = request.header("Origin") else { return true }
        guard let mark = origin.firstRange(of: "://") else { return false }
        return HostNames.isLoopback(String(origin[mark.upperBound...]))
    }

    static func error(_ code: String, _ message: String, status: Int) -> Reply {
        .control(
            ["error": ["code": .string(code), "message": .string(message)]], status: status)
    }
}

extension LocalGoogleError.Code {
    /// The status with which the control API answers.
    fileprivate var status: Int {
        switch self {
        case .notFound: 404
        case .limitReached: 429
        default: 400
        }
    }
}
