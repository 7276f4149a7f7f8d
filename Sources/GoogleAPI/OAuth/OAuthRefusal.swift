import Foundation
import LosslessJSON
import WebClient

/// Reads a refusal of the sign-in endpoints; branches on `error`, never on the HTTP status alone.
///
/// - SeeAlso: RFC 6749 section 5.2; RFC 8628 section 3.5 (Google answers 428 and 403 where the
///   standard says 400).
struct OAuthRefusal {
    /// What was asked for, as the same `error` means different things.
    enum Purpose { case code, refresh, assertion, device, bearer, other }

    let response: WebResponse
    let purpose: Purpose
    let now: Date

    var error: OAuthError {
        let serverDate = response.headers["Date"].flatMap(Timestamps.httpDate)
        let skew = serverDate.map { Duration.seconds(now.timeIntervalSince($0)) }
        let name = errorName
        let code = Self.code(for: name, status: response.status, purpose: purpose)
        var message = sentence(for: code)
        if let skew, abs(skew / .seconds(1)) > 300,
            [.invalidGrant, .invalidToken, .expired].contains(code)
        {
            message += " " + Remedies.clock(skew)
        }
        return OAuthError(
            code: code, message: message, error: name, status: response.status,
            retryAfter: AnswerReader.retryAfter(
                response.headers["Retry-After"], now: serverDate ?? now),
            clockSkew: skew)
    }

    private var errorName: String? {
        guard response.body.count <= 1 << 20 else { return nil }
        let root: JSONNode
        // A page instead of JSON names no error; the status must do.
        do { root = try JSONDocument(parsing: response.body).root } catch { return nil }
        let name =
            root["error"]?.string ?? root["error_code"]?.string
            ?? root["error"]?["status"]?.string
        return name.flatMap { Self.isName($0) ? $0 : nil }
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 60
            && text.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) || $0 == 0x5F }
    }

    private static let codes: [String: OAuthError.Code] = [
        "invalid_grant": .invalidGrant, "invalid_client": .invalidClient,
        "deleted_client": .invalidClient, "invalid_request": .invalidRequest,
        "invalid_scope": .invalidScope, "unauthorized_client": .unauthorizedClient,
        "access_denied": .accessDenied, "redirect_uri_mismatch": .redirectMismatch,
        "unsupported_grant_type": .unsupportedGrantType, "admin_policy_enforced": .adminPolicy,
        "org_internal": .adminPolicy, "disallowed_useragent": .unauthorizedClient,
        "interaction_required": .consentRequired, "login_required": .consentRequired,
        "consent_required": .consentRequired, "account_selection_required": .consentRequired,
        "authorization_pending": .authorizationPending, "slow_down": .slowDown,
        "expired_token": .expired, "invalid_token": .invalidToken,
        "rate_limit_exceeded": .rateLimited, "internal_failure": .server,
        "server_error": .server, "temporarily_unavailable": .server,
        "UNAUTHENTICATED": .invalidToken,
    ]

    static func code(for name: String?, status: Int?, purpose: Purpose) -> OAuthError.Code {
        if purpose == .bearer, status == 401 || status == 403 { return .invalidToken }
        if let name, let code = codes[name] { return code }
        switch status {
        case .some(500...599), 408: return .server
        case 429: return .rateLimited
        default: return name == nil ? .unreadable : .other
        }
    }

    private func sentence(for code: OAuthError.Code) -> String {
        switch (code, purpose) {
        case (.invalidGrant, .code):
            "The sign-in code is wrong, used already, or too old; start the sign-in again."
        case (.invalidGrant, .refresh):
            "Google no longer accepts this sign-in; sign in again. Usual causes: access was "
                + "withdrawn, six months without use, more than 100 sign-ins with the same "
                + "client, or a client whose project is in testing mode, where every sign-in "
                + "ends after 7 days."
        case (.invalidGrant, .assertion):
            "Google does not accept the service account's key; make a new key in Google's "
                + "console, and check that the clock is right."
        case (.invalidScope, .device):
            "Google does not allow these scopes when signing in by device code; sign in with a "
                + "browser (--no-browser prints an address for any other machine)."
        default: Self.sentence(for: code, status: response.status)
        }
    }

    static func sentence(for code: OAuthError.Code, status: Int?) -> String {
        switch code {
        case .invalidGrant: "Google no longer accepts this; sign in again."
        case .invalidClient:
            "Google does not know this client, or its secret is wrong; get a new client file "
                + "from Google's console."
        case .invalidRequest: "Google cannot make sense of the sign-in request."
        case .invalidScope: "A scope asked for does not exist or is not allowed."
        case .unauthorizedClient: "This client may not sign in this way; use a desktop client."
        case .accessDenied: "Access was denied; sign in again and allow it."
        case .redirectMismatch:
            "The redirect address is not registered for this client; use a desktop client, or "
                + "register it in Google's console."
        case .adminPolicy: "The organisation's administrator does not allow this client."
        case .consentRequired: "Google needs the person's consent; sign in with a browser."
        case .authorizationPending: "Nobody has decided yet; ask again in a few seconds."
        case .slowDown: "Asked too often; wait longer."
        case .expired: "The code is too old; start the sign-in again."
        case .invalidToken: "The token is not valid, or does not cover this; sign in again."
        case .rateLimited: "Too many requests; wait and try again."
        case .server: "Google's sign-in failed; try again later."
        case .unsupportedGrantType: "Google does not know this way of signing in."
        default: "Google's sign-in answered \(status.map(String.init) ?? "with an error")."
        }
    }
}
