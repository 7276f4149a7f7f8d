/// Tells an error's kind from status and reasons, never from a message.
///
/// - SeeAlso: Google Calendar API guide, "Handle API errors" and "Synchronize resources
///   efficiently".
enum Classification {
    static func code(
        status: Int, envelope: ErrorEnvelope, call: GoogleCall
    ) -> GoogleError.Code {
        let reasons = Set(envelope.allReasons)
        if reasons.contains("EXPIRED_SYNC_TOKEN") { return .fullSyncRequired }
        switch status {
        case 400: return badRequest(reasons, envelope, call)
        case 401: return .unauthorized
        case 403: return forbidden(reasons)
        case 404: return .notFound
        case 408: return .backend
        case 409: return reasons.contains("duplicate") ? .duplicate : .conflict
        case 410: return gone(reasons, call)
        case 412: return .preconditionFailed
        case 413: return .tooLarge
        case 429:
            let code = forbidden(reasons)
            return code == .forbidden ? .rateLimited : code
        case 501: return .other
        case 500...599: return .backend
        default: return .other
        }
    }

    private static func badRequest(
        _ reasons: Set<String>, _ envelope: ErrorEnvelope, _ call: GoogleCall
    ) -> GoogleError.Code {
        if reasons.contains("timeRangeEmpty") { return .timeRangeEmpty }
        if reasons.contains("fullSyncRequired") { return .fullSyncRequired }
        if envelope.reason == "invalid" {
            // A sync token that Google cannot read: reported as 410 and as 400, with or without
            // naming the parameter. A full listing is the way out of both.
            if envelope.location == "syncToken" { return .fullSyncRequired }
            if envelope.location == nil, call.asks(for: "syncToken") { return .fullSyncRequired }
        }
        return .badRequest
    }

    private static func forbidden(_ reasons: Set<String>) -> GoogleError.Code {
        let table: [(GoogleError.Code, [String])] = [
            (.dailyLimitExceeded, ["dailyLimitExceeded", "dailyLimitExceededUnreg"]),
            (.quotaExceeded, ["quotaExceeded", "sharingRateLimitExceeded"]),
            (.storageFull, ["storageQuotaExceeded", "teamDriveFileLimitExceeded"]),
            (
                .rateLimited,
                [
                    "rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED",
                    "RESOURCE_EXHAUSTED",
                ]
            ),
            (.serviceDisabled, ["accessNotConfigured", "SERVICE_DISABLED"]),
            (.insufficientScope, ["insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"]),
            (.unauthorized, ["authError", "UNAUTHENTICATED"]),
        ]
        return table.first { $0.1.contains(where: reasons.contains) }?.0 ?? .forbidden
    }

    /// 410 means two things: the position is too old, or the resource is gone.
    private static func gone(_ reasons: Set<String>, _ call: GoogleCall) -> GoogleError.Code {
        if reasons.contains("deleted") { return .deleted }
        if !reasons.isDisjoint(with: ["fullSyncRequired", "updatedMinTooLongAgo"]) {
            return .fullSyncRequired
        }
        return call.asks(for: "syncToken") || call.asks(for: "updatedMin")
            ? .fullSyncRequired : .deleted
    }
}

extension GoogleCall {
    /// Whether the query has a field of that name.
    func asks(for parameter: String) -> Bool { query.contains { $0.name == parameter } }
}
