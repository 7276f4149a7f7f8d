import LosslessJSON

/// The same commands over HTTP, for programs on this machine only.
struct ControlAPI {
    let state: EmulatorState
    let request: EmulatorRequest

    private var commands: ControlCommands { ControlCommands(state: state) }

    func reply() -> Reply {
        guard isLocal else {
            return .control(
                Self.error("forbidden", "The control API answers on a loopback name only."),
                status: 403)
        }
        do throws(LocalGoogleError) {
            return try route()
        } catch {
            let status = error.code == .notFound ? 404 : 400
            return .control(Self.error("invalid", error.message), status: status)
        }
    }

    /// A web page elsewhere could send requests here: the Host header must name this machine,
    /// and so must the Origin where a browser sends one.
    private var isLocal: Bool {
        guard let host = request.header("Host"), HostNames.isLoopback(host) else { return false }
        guard let origin = request.header("Origin") else { return true }
        guard let mark = origin.firstRange(of: "://") else { return false }
        return HostNames.isLoopback(String(origin[mark.upperBound...]))
    }

    private func route() throws(LocalGoogleError) -> Reply {
        let path = request.path.dropFirst("/_emulator".count).split(separator: "/")
        let name = path.first.map(String.init) ?? ""
        switch (request.method, name, path.count) {
        case ("GET", "requests", 1):
            return .control(["items": .array(state.log.items.map(\.json))])
        case ("DELETE", "requests", 1):
            state.log.clear()
            return .noContent
        case ("GET", "counters", 1): return .control(commands.counters)
        case ("POST", "faults", 1): return .control(["id": .string(try addFault())])
        case ("DELETE", "faults", 1), ("DELETE", "faults", 2):
            let id = path.count == 2 ? String(path[1]) : nil
            guard state.faults.remove(id) else {
                throw LocalGoogleError(code: .notFound, message: "There is no such fault.")
            }
            return .noContent
        case ("POST", "expire", 1): return try expire()
        case ("POST", "churn", 1):
            let body = try body()
            try commands.churn(user: body["user"]?.string, calendar: body["calendar"]?.string)
            return .control([:])
        case ("POST", "clock", 1), ("GET", "clock", 1): return try clock()
        case ("POST", "reset", 1):
            commands.reset()
            return .control([:])
        case ("POST", "seed", 1):
            try Seeder(world: state.world).plant(try body())
            return .control(commands.counters)
        case ("GET", "snapshot", 1):
            return .control(SnapshotWriter(world: state.world).document)
        case ("PUT", "snapshot", 1):
            try SnapshotReader(try body()).restore(state)
            return .control([:])
        default:
            throw LocalGoogleError(
                code: .notFound, message: "There is no \(request.method) \(request.path).")
        }
    }

    private func expire() throws(LocalGoogleError) -> Reply {
        let body = try body()
        guard let what = body["what"]?.string.flatMap(LocalGoogle.Expiring.init) else {
            let names = LocalGoogle.Expiring.allCases.map(\.rawValue).joined(separator: ", ")
            throw LocalGoogleError(
                code: .invalidCommand, message: "\"what\" must be one of \(names).")
        }
        try commands.expire(
            what, user: body["user"]?.string, calendar: body["calendar"]?.string)
        return .control([:])
    }

    private func clock() throws(LocalGoogleError) -> Reply {
        if request.method == "POST" {
            let body = try body()
            if let text = body["set"]?.string {
                guard let moment = Stamp.milliseconds(text) else {
                    throw LocalGoogleError(
                        code: .invalidCommand, message: "\"set\" must be an RFC 3339 time.")
                }
                commands.setClock(moment)
            } else if let seconds = body["advance"]?.double {
                guard abs(seconds) < 1e12 else {
                    throw LocalGoogleError(
                        code: .invalidCommand, message: "The clock cannot be moved that far.")
                }
                try commands.advanceClock(Int64((seconds * 1000).rounded()))
            } else if body["real"]?.bool == true {
                commands.realClock()
            } else {
                throw LocalGoogleError(
                    code: .invalidCommand,
                    message: "Give \"set\" with a time, \"advance\" with seconds, or \"real\":true."
                )
            }
        }
        return .control(["now": .string(Stamp.utc(state.world.now))])
    }

    private func addFault() throws(LocalGoogleError) -> String {
        let body = try body()
        func number(_ name: String) throws(LocalGoogleError) -> Int? {
            guard let value = body[name]?.nonNull else { return nil }
            guard let number = value.int, let small = Int(exactly: number) else {
                throw LocalGoogleError(
                    code: .invalidCommand, message: "\"\(name)\" must be a whole number.")
            }
            return small
        }
        var cut: EmulatorResponse.Cut?
        if let word = body["cut"]?.nonNull {
            cut = word.string.flatMap(EmulatorResponse.Cut.init)
            guard cut != nil else {
                throw LocalGoogleError(
                    code: .invalidCommand, message: "\"cut\" must be before or after.")
            }
        }
        let text: String?
        switch body["body"]?.nonNull {
        case .none: text = nil
        case .string(let given): text = given
        case .some(let document): text = document.text
        }
        return try state.faults.add(
            LocalGoogle.Fault(
                api: body["api"]?.string, method: body["method"]?.string,
                path: body["path"]?.string, nth: try number("nth") ?? 1,
                times: try number("times") ?? 1, status: try number("status"),
                reason: body["reason"]?.string, retryAfter: try number("retryAfter"),
                delayMilliseconds: try number("delayMs") ?? 0, cut: cut, body: text))
    }

    /// The body as an object; an empty one counts as `{}`.
    private func body() throws(LocalGoogleError) -> JSON {
        if request.body.isEmpty { return [:] }
        let json: JSON
        do { json = try JSON(parsing: request.body) } catch {
            throw LocalGoogleError(
                code: .invalidCommand, message: "The body is not JSON: \(error.message)")
        }
        guard json.object != nil else {
            throw LocalGoogleError(
                code: .invalidCommand, message: "The body must be a JSON object.")
        }
        return json
    }

    private static func error(_ code: String, _ message: String) -> JSON {
        ["error": ["code": .string(code), "message": .string(message)]]
    }
}
