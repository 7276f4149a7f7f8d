import LosslessJSON

/// The commands that make an API harder to use without breaking it: quotas and lag.
enum HardshipRoutes {
    static let all: [ControlRoute] = quotas + lags

    private typealias Call = ControlCall

    private static let quotas = [
        ControlRoute("GET", "quotas") { (call: Call) throws(LocalGoogleError) in
            .control(["items": call.state.quotas.json])
        },
        ControlRoute("POST", "quotas") { (call: Call) throws(LocalGoogleError) in
            let fields = try call.fields(QuotaRequest.names)
            let api = try fields.string("api") ?? "calendar"
            let quota = try QuotaRequest.quota(fields)
            try QuotaRequest.check(quota, api: api, among: call.state.services)
            call.state.quotas.set(quota, api: api)
            return .control(QuotaRequest.json(quota, api: api))
        },
        ControlRoute("DELETE", "quotas") { (call: Call) throws(LocalGoogleError) in
            _ = call.state.quotas.remove(nil)
            return .noContent
        },
        ControlRoute("DELETE", "quotas/{api}") { (call: Call) throws(LocalGoogleError) in
            guard call.state.quotas.remove(call.path["api"]) else { throw none("quota") }
            return .noContent
        },
    ]

    private static let lags = [
        ControlRoute("GET", "lag") { (call: Call) throws(LocalGoogleError) in
            .control(["items": call.state.lags.json])
        },
        ControlRoute("POST", "lag") { (call: Call) throws(LocalGoogleError) in
            let fields = try call.fields(["api", "seconds", "reads"])
            let api = try fields.string("api") ?? "calendar"
            try call.state.lags.set(try lag(fields), api: api, in: call.world)
            return .control(["items": call.state.lags.json])
        },
        ControlRoute("DELETE", "lag") { (call: Call) throws(LocalGoogleError) in
            _ = call.state.lags.remove(nil)
            return .noContent
        },
        ControlRoute("DELETE", "lag/{api}") { (call: Call) throws(LocalGoogleError) in
            guard call.state.lags.remove(call.path["api"]) else { throw none("lag") }
            return .noContent
        },
    ]

    private static func lag(
        _ fields: ControlFields
    ) throws(LocalGoogleError) -> LocalGoogle.ReadLag {
        switch (try fields.int("seconds"), try fields.int("reads")) {
        case (let seconds?, nil): return .seconds(seconds)
        case (nil, let reads?): return .reads(reads)
        default: throw .invalidCommand("Give either \"seconds\" or \"reads\".")
        }
    }

    private static func none(_ what: String) -> LocalGoogleError {
        LocalGoogleError(code: .notFound, message: "There is no such \(what).")
    }
}
