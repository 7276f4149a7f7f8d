import LosslessJSON

/// The errors of the sign-in, as faults ask for them.
///
/// - SeeAlso: RFC 6749 sections 4.1.2.1 and 5.2; RFC 8628 section 3.5; Google Identity, "Using
///   OAuth 2.0 for Web Server Applications", sections on errors.
enum OAuthFailures {
    /// Each error with the statuses that it comes with; 302 sends the browser back with it.
    static let known: [KnownFailure] = [
        KnownFailure("invalid_grant", [400]),
        KnownFailure(reauthentication, [400]),
        KnownFailure("invalid_request", [400, 401]),
        KnownFailure("invalid_client", [401]),
        KnownFailure("unauthorized_client", [401, 400, 403]),
        KnownFailure("redirect_uri_mismatch", [400]),
        KnownFailure("unsupported_grant_type", [400]),
        KnownFailure("invalid_scope", [400, 403]),
        KnownFailure("invalid_token", [400, 401]),
        KnownFailure("expired_token", [400]),
        KnownFailure("access_denied", [403, 400, 302]),
        KnownFailure("org_internal", [403, 400]),
        KnownFailure("admin_policy_enforced", [400, 403]),
        KnownFailure("disallowed_useragent", [403, 400]),
        KnownFailure("slow_down", [403]),
        KnownFailure("rate_limit_exceeded", [403, 429]),
        KnownFailure("authorization_pending", [428]),
        KnownFailure("interaction_required", [302]),
        KnownFailure("login_required", [302]),
        KnownFailure("consent_required", [302]),
        KnownFailure("internal_failure", [500, 502, 503, 504]),
        KnownFailure("server_error", [500, 502, 503, 504, 302]),
        KnownFailure("temporarily_unavailable", [503, 500, 502, 504, 302]),
        KnownFailure("not_found", [404]),
        KnownFailure("request_too_large", [413]),
    ]

    /// The user has to prove once more who it is: a kind of `invalid_grant`.
    private static let reauthentication = "invalid_rapt"

    /// Errors that mean a bad token where `userinfo` answers 401.
    private static let ofTokens: Set<String> = ["invalid_request", "invalid_token"]

    /// Errors that the authorization page tells the client by sending the browser back.
    private static let redirected: Set<String> = [
        "access_denied", "interaction_required", "login_required", "consent_required",
        "server_error", "temporarily_unavailable",
    ]

    static func reply(_ status: Int, _ given: String?, to call: RouteCall) -> Reply {
        let reason = given ?? usualReason(status, at: call.methodID)
        switch call.methodID {
        case "authorize":
            if redirected.contains(reason), let asked = asked(call) { return asked.refusal(reason) }
            return page(status, reason)
        case "device", "unknown":
            return page(status, reason)
        case "userinfo" where status == 401 && (given.map(ofTokens.contains) ?? true):
            let isOld = ["/oauth2/v2/userinfo", "/oauth2/v1/userinfo"].contains(call.request.path)
            if isOld { return GoogleFailure.badCredential.reply }
            return OAuthFailure.badCredential.reply
        case "deviceCode" where reason == "rate_limit_exceeded":
            return .oauth(["error_code": .string(reason)], status: status)
        case "tokeninfo" where reason == "invalid_token":
            return OAuthFailure(status, reason, OAuthFailure.badToken.description).reply
        case _ where reason == reauthentication:
            return OAuthFailure.needsReauthentication.reply
        default:
            return OAuthFailure(status, reason, description(reason)).reply
        }
    }

    /// A page that says what went wrong; it is never sent to a redirect address.
    private static func page(_ status: Int, _ reason: String) -> Reply {
        // A page has no redirect status of its own.
        AuthorizationError(
            reason, description(reason) ?? HTTPReason.phrase(status),
            status: status == 302 ? 400 : status
        ).reply
    }

    /// The request, if its client and its redirect address can be trusted.
    private static func asked(_ call: RouteCall) -> AuthorizationRequest? {
        let oauth = OAuthCall(world: call.world, request: call.request)
        do {
            return try AuthorizationRequest(
                call.request.method == "POST" ? oauth.form : oauth.query, world: call.world)
        } catch {
            return nil  // Nowhere to send the browser to: the caller shows a page.
        }
    }

    /// What an endpoint says where only a status was asked for.
    private static func usualReason(_ status: Int, at method: String) -> String {
        switch (method, status) {
        case ("revoke", 400), ("tokeninfo", 400), ("revoke", 401), ("tokeninfo", 401):
            return "invalid_token"
        case ("userinfo", 400), ("deviceCode", 400): return "invalid_request"
        case ("deviceCode", 403): return "rate_limit_exceeded"
        default: return usualReason(status)
        }
    }

    private static func usualReason(_ status: Int) -> String {
        switch status {
        case 302, 403: "access_denied"
        case 401: "invalid_client"
        case 404: "not_found"
        case 413: "request_too_large"
        case 428: "authorization_pending"
        case 429: "rate_limit_exceeded"
        default: status >= 500 ? "internal_failure" : "invalid_grant"
        }
    }

    private static func description(_ reason: String) -> String? {
        switch reason {
        case "invalid_grant": "Token has been expired or revoked."
        case "invalid_request": "Bad Request"
        case "invalid_client": "The OAuth client was not found."
        case "unauthorized_client": "Unauthorized"
        case "redirect_uri_mismatch": "Bad Request"
        case "invalid_token": "Token expired or revoked"
        case "access_denied", "slow_down": "Forbidden"
        case "authorization_pending": "Precondition Required"
        default: nil
        }
    }
}
