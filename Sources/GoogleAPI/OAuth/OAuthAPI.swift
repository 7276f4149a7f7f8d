public import Foundation
import LosslessJSON
public import WebClient

/// Google's sign-in endpoints, one method each; nothing is repeated.
///
/// - SeeAlso: Google Identity guide, "OAuth 2.0 for Mobile & Desktop Apps", "OAuth 2.0 for TV and
///   Limited-Input Device Applications"; RFC 6749, RFC 7009, RFC 7523, RFC 8628.
public struct OAuthAPI: Sendable {
    /// Where the endpoints are.
    public let endpoints: GoogleEndpoints
    let gate: WebGate
    let now: @Sendable () -> Date

    private static let maxAnswerBytes = 1 << 20

    /// Makes the client.
    ///
    /// - Parameters:
    ///   - gate: The way to the network.
    ///   - endpoints: Where the endpoints are.
    ///   - now: The wall clock.
    public init(
        gate: WebGate, endpoints: GoogleEndpoints, now: @escaping @Sendable () -> Date
    ) {
        self.gate = gate
        self.endpoints = endpoints
        self.now = now
    }

    /// Turns an authorization code into tokens.
    public func exchange(
        _ code: AuthorizationCode, of request: AuthorizationRequest
    ) async throws(OAuthError) -> TokenAnswer {
        try await token(
            [
                ("grant_type", "authorization_code"), ("code", code.value),
                ("code_verifier", request.pkce.verifier), ("redirect_uri", request.redirectURI),
            ] + Self.fields(of: request.client), requestedScopes: request.scopes,
            purpose: .code)
    }

    /// Has a new access token for a refresh token.
    ///
    /// - Parameters:
    ///   - refreshToken: The refresh token.
    ///   - client: The client that it was given to.
    ///   - scopes: What is known to be granted; not sent.
    /// - Returns: The new token, and all else that came with it.
    /// - Throws: ``OAuthError``; code `invalidGrant` when the person must sign in again.
    public func refresh(
        _ refreshToken: String, client: OAuthClient, scopes: [String] = []
    ) async throws(OAuthError) -> TokenAnswer {
        try await token(
            [("grant_type", "refresh_token"), ("refresh_token", refreshToken)]
                + Self.fields(of: client), requestedScopes: scopes, purpose: .refresh)
    }

    /// Has an access token for a service account.
    public func assertion(
        of key: ServiceAccountKey, scopes: [String]
    ) async throws(OAuthError) -> TokenAnswer {
        let assertion = try ServiceAccountAssertion(
            key: key, scopes: scopes, audience: endpoints.token.text, now: now())
        return try await token(
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                ("assertion", try assertion.signed()),
            ], requestedScopes: scopes, purpose: .assertion)
    }

    /// Renews whatever kind of grant it is; the new access token and all else that came with it
    /// are in the result.
    ///
    /// - Throws: ``OAuthError``; code `noRefreshToken` for a grant that cannot be renewed.
    public func renew(_ grant: OAuthGrant) async throws(OAuthError) -> OAuthGrant {
        var renewed = grant
        let answer: TokenAnswer
        switch grant.source {
        case .user(let client, let refreshToken):
            answer = try await refresh(refreshToken, client: client, scopes: grant.scopes)
            if let newToken = answer.refreshToken {
                renewed.source = .user(client: client, refreshToken: newToken)
            }
        case .serviceAccount(let key):
            answer = try await assertion(of: key, scopes: grant.scopes)
        case .bearerOnly:
            throw OAuthError(
                code: .noRefreshToken,
                message: "This sign-in was for a short time only and is over; sign in again.")
        }
        renewed.accessToken = answer.accessToken
        renewed.scopes = Array(Set(answer.scopes)).sorted()
        if let life = answer.refreshTokenLife {
            renewed.expires = now().addingTimeInterval(life / .seconds(1))
        }
        return renewed
    }

    /// Withdraws a grant; either of its tokens will do.
    ///
    /// - Throws: ``OAuthError``; code `invalidToken` when Google does not know it (any more).
    public func revoke(token: String) async throws(OAuthError) {
        let response = try await post(endpoints.revoke, [("token", token)], label: "oauth.revoke")
        guard !(200...299).contains(response.status) else { return }
        throw failure(response, purpose: .other)
    }

    /// Withdraws a grant by its refresh token, else by its access token; nothing for a service
    /// account, whose key is withdrawn in Google's console.
    public func revoke(_ grant: OAuthGrant) async throws(OAuthError) {
        switch grant.source {
        case .user(_, let refreshToken): try await revoke(token: refreshToken)
        case .bearerOnly:
            if let token = grant.accessToken { try await revoke(token: token.value) }
        case .serviceAccount: return
        }
    }

    /// Asks who the bearer is.
    ///
    /// - Throws: ``OAuthError``; code `invalidToken` for a bad token or one without identity
    ///   scopes.
    public func identity(of token: AccessToken) async throws(OAuthError) -> GoogleIdentity {
        let request = WebRequest(
            url: endpoints.userInfo,
            headers: ["Authorization": "Bearer \(token.value)", "Accept": "application/json"],
            maxResponseBytes: Self.maxAnswerBytes, label: "oauth.userinfo")
        let response = try await send(request)
        guard response.status == 200 else { throw failure(response, purpose: .bearer) }
        return try GoogleIdentity(try json(response).root)
    }

    /// Begins a device sign-in.
    public func beginDevice(
        client: OAuthClient, scopes: [String]
    ) async throws(OAuthError) -> DeviceAuthorization {
        let response = try await post(
            endpoints.deviceCode,
            [("client_id", client.id), ("scope", scopes.joined(separator: " "))],
            label: "oauth.device")
        guard response.status == 200 else { throw failure(response, purpose: .device) }
        return try DeviceAuthorization(try json(response).root)
    }

    /// Asks once whether the person has decided.
    ///
    /// - Throws: ``OAuthError``; codes `authorizationPending` and `slowDown` mean: ask again.
    public func pollDevice(
        _ device: DeviceAuthorization, client: OAuthClient, scopes: [String]
    ) async throws(OAuthError) -> TokenAnswer {
        try await token(
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                ("device_code", device.deviceCode),
            ] + Self.fields(of: client), requestedScopes: scopes, purpose: .device)
    }

    private static func fields(of client: OAuthClient) -> [(String, String)] {
        [("client_id", client.id)] + (client.secret.map { [("client_secret", $0)] } ?? [])
    }

    private func token(
        _ fields: [(String, String)], requestedScopes: [String], purpose: OAuthRefusal.Purpose
    ) async throws(OAuthError) -> TokenAnswer {
        let response = try await post(endpoints.token, fields, label: "oauth.token")
        guard response.status == 200 else { throw failure(response, purpose: purpose) }
        return try TokenAnswer(
            try json(response).root, now: now(), requestedScopes: requestedScopes)
    }

    private func post(
        _ url: WebURL, _ fields: [(String, String)], label: String
    ) async throws(OAuthError) -> WebResponse {
        try await send(
            WebRequest(
                method: "POST", url: url,
                headers: [
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Accept": "application/json",
                ], body: Array(PercentCoding.form(fields).utf8),
                maxResponseBytes: Self.maxAnswerBytes, label: label))
    }

    private func send(_ request: WebRequest) async throws(OAuthError) -> WebResponse {
        do { return try await gate.send(request) } catch {
            throw OAuthError(
                code: error.code == .cancelled ? .cancelled : .network,
                message: "Google's sign-in did not answer. \(error.message)", cause: error)
        }
    }

    private func json(_ response: WebResponse) throws(OAuthError) -> JSONDocument {
        do { return try JSONDocument(parsing: response.body) } catch {
            throw OAuthError(
                code: .unreadable,
                message: "Google's sign-in answered with something that is not JSON; "
                    + "a proxy may be in between.",
                status: response.status, cause: error)
        }
    }

    private func failure(
        _ response: WebResponse, purpose: OAuthRefusal.Purpose
    ) -> OAuthError {
        OAuthRefusal(response: response, purpose: purpose, now: now()).error
    }
}
