/// An error that a service's contract lists.
struct KnownFailure: Sendable, Hashable {
    let reason: String
    /// The statuses that it comes with, the usual one first.
    let statuses: [Int]

    init(_ reason: String, _ statuses: [Int]) {
        self.reason = reason
        self.statuses = statuses
    }
}

/// The errors that Google's JSON APIs share.
///
/// - SeeAlso: Google Calendar API guide, "Handle API errors"; Google Search Console API guide,
///   "Standard error responses".
enum APIFailures {
    /// Each error with the statuses that it comes with.
    static let known: [KnownFailure] = table.map { KnownFailure($0.failure.reason, $0.statuses) }

    static func response(
        _ status: Int, _ reason: String?, to call: RouteCall
    ) -> EmulatorResponse {
        let failure = failure(status, reason ?? usualReason(status), call)
        let isPretty = Renderer.isPretty(Parameters(formEncoded: call.request.query))
        return Renderer(request: call.request, selection: nil, isPretty: isPretty).response(
            Reply(
                status: failure.status, headers: failure.headers, content: .json(failure.envelope)))
    }

    private static func failure(
        _ status: Int, _ reason: String, _ call: RouteCall
    ) -> GoogleFailure {
        if reason == "insufficientPermissions" {
            let name = call.service.name
            return .missingScope(
                call.route?.scopes ?? [], method: "\(name).\(call.methodID)",
                host: "\(name)-json.googleapis.com")
        }
        let row = table.first { $0.failure.reason == reason && $0.statuses.contains(status) }
        var failure =
            row?.failure ?? GoogleFailure(status, "global", reason, HTTPReason.phrase(status))
        failure.status = status
        return failure
    }

    private static func usualReason(_ status: Int) -> String {
        switch status {
        case 400: "badRequest"
        case 401: "authError"
        case 403: "forbidden"
        case 404: "notFound"
        case 409: "conflict"
        case 410: "fullSyncRequired"
        case 412: "conditionNotMet"
        case 413: "uploadTooLarge"
        case 429: "rateLimitExceeded"
        case 500: "internalError"
        case 501: "notImplemented"
        default: status > 500 ? "backendError" : "badRequest"
        }
    }

    private static let table: [(failure: GoogleFailure, statuses: [Int])] = [
        (.badRequest, [400]),
        (GoogleFailure(400, "global", "invalid", "Invalid Value"), [400]),
        (GoogleFailure(400, "global", "required", "Required"), [400]),
        (GoogleFailure(400, "global", "invalidParameter", "Invalid Value"), [400]),
        (.parseError, [400]),
        (.timeRangeEmpty, [400]),
        (.syncTokenRestrictions, [400]),
        (GoogleFailure(400, "global", "channelIdNotUnique", "Channel id not unique"), [400]),
        (
            GoogleFailure(
                400, "global", "push.webhookUrlNotHttps", "WebHook callback must be HTTPS"), [400]
        ),
        (.badCredential, [401]),
        (.unauthenticated, [401]),
        (
            GoogleFailure(403, "usageLimits", "rateLimitExceeded", "Rate Limit Exceeded"),
            [403, 429]
        ),
        (
            GoogleFailure(403, "usageLimits", "userRateLimitExceeded", "User Rate Limit Exceeded"),
            [403, 429]
        ),
        (.usageLimitsExceeded, [403, 429]),
        (GoogleFailure(403, "usageLimits", "dailyLimitExceeded", "Daily Limit Exceeded"), [403]),
        (
            GoogleFailure(
                403, "usageLimits", "accessNotConfigured",
                "This API has not been used in this project before or it is disabled."), [403]
        ),
        (.notOrganizer, [403]),
        (.needs("writer"), [403]),
        (GoogleFailure(403, "global", "forbidden", "Forbidden"), [403]),
        (GoogleFailure(403, "global", "insufficientPermissions", "Insufficient Permission"), [403]),
        (.notFound, [404]),
        (.duplicate, [409]),
        (GoogleFailure(409, "global", "conflict", "Conflict"), [409]),
        (.fullSyncRequired, [410]),
        (.updatedMinTooLongAgo, [410]),
        (.deleted, [410]),
        (.conditionNotMet, [412]),
        (GoogleFailure(413, "global", "uploadTooLarge", "Request Entity Too Large"), [413]),
        (GoogleFailure(503, "global", "backendError", "Backend Error"), [503, 500, 502, 504]),
        (GoogleFailure(500, "global", "internalError", "Internal Error"), [500, 502, 503, 504]),
        (GoogleFailure(501, "global", "notImplemented", "Not Implemented"), [501]),
    ]
}
