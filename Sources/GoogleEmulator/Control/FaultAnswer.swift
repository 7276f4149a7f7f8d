import LosslessJSON

/// What Google says when something fails, by status and reason.
///
/// - SeeAlso: Google Calendar API guide, "Handle API errors".
enum FaultAnswer {
    static func response(_ fault: LocalGoogle.Fault, isOAuth: Bool) -> EmulatorResponse? {
        guard let status = fault.status ?? fault.reason.flatMap({ known[$0]?.status }) else {
            return fault.body.map { body in
                EmulatorResponse(
                    status: 200, headers: [("Content-Type", "application/json; charset=UTF-8")],
                    body: Array(body.utf8))
            }
        }
        var headers = [("Content-Type", "application/json; charset=UTF-8")].map {
            (name: $0.0, value: $0.1)
        }
        if let seconds = fault.retryAfter { headers.append(("Retry-After", String(seconds))) }
        let body: [UInt8]
        if let text = fault.body {
            body = Array(text.utf8)
        } else if isOAuth {
            var document: JSONObject = [
                "error": .string(
                    fault.reason ?? (status >= 500 ? "internal_failure" : "invalid_grant"))
            ]
            if fault.reason ?? "invalid_grant" == "invalid_grant", status < 500 {
                document["error_description"] = "Token has been expired or revoked."
            }
            body = JSON.object(document).serialized(.pretty)
        } else {
            let failure = failure(status, fault.reason)
            headers += failure.headers
            body = Indenter.indented(failure.envelope.serialized(.compact))
        }
        return EmulatorResponse(status: status, headers: headers, body: body)
    }

    /// The error that Google would send.
    static func failure(_ status: Int, _ given: String?) -> GoogleFailure {
        let reason = given ?? standard(status)
        switch reason {
        case "authError": return .badCredential
        case "fullSyncRequired": return .fullSyncRequired
        case "updatedMinTooLongAgo": return .updatedMinTooLongAgo
        case "conditionNotMet": return .conditionNotMet
        case "forbiddenForNonOrganizer": return .notOrganizer
        case "insufficientPermissions":
            return .missingScope(["calendar"], method: "calendar.unknown")
        default:
            let entry = known[reason]
            return GoogleFailure(
                status, entry?.domain ?? "global", reason,
                entry?.message ?? HTTPReason.phrase(status))
        }
    }

    private static func standard(_ status: Int) -> String {
        switch status {
        case 400: "badRequest"
        case 401: "authError"
        case 403: "forbidden"
        case 404: "notFound"
        case 409: "conflict"
        case 410: "fullSyncRequired"
        case 412: "conditionNotMet"
        case 429: "rateLimitExceeded"
        case 500: "internalError"
        default: status > 500 ? "backendError" : "badRequest"
        }
    }

    private static let known: [String: (status: Int, domain: String, message: String)] = [
        "rateLimitExceeded": (403, "usageLimits", "Rate Limit Exceeded"),
        "userRateLimitExceeded": (403, "usageLimits", "User Rate Limit Exceeded"),
        "quotaExceeded": (403, "usageLimits", "Calendar usage limits exceeded."),
        "dailyLimitExceeded": (403, "usageLimits", "Daily Limit Exceeded"),
        "requiredAccessLevel": (
            403, "calendar", "You need to have writer access to this calendar."
        ),
        "forbidden": (403, "global", "Forbidden"),
        "authError": (401, "global", "Invalid Credentials"),
        "notFound": (404, "global", "Not Found"),
        "duplicate": (409, "global", "The requested identifier already exists."),
        "conflict": (409, "global", "Conflict"),
        "deleted": (410, "global", "Resource has been deleted"),
        "fullSyncRequired": (410, "calendar", ""),
        "updatedMinTooLongAgo": (410, "calendar", ""),
        "conditionNotMet": (412, "global", "Precondition Failed"),
        "backendError": (503, "global", "Backend Error"),
        "internalError": (500, "global", "Internal Error"),
        "badRequest": (400, "global", "Bad Request"),
        "invalid": (400, "global", "Invalid Value"),
        "required": (400, "global", "Required"),
        "parseError": (400, "global", "Parse Error"),
    ]
}
