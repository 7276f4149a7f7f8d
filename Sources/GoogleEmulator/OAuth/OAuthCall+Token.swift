import Crypto
import LosslessJSON

extension OAuthCall {
    private static let tokenParameters: Set<String> = [
        "grant_type", "code", "redirect_uri", "client_id", "client_secret", "code_verifier",
        "refresh_token", "scope", "device_code", "assertion",
    ]

    /// The paths of the token endpoint, the present one first.
    static let tokenPaths = ["/token", "/o/oauth2/token", "/oauth2/v4/token", "/oauth2/v3/token"]

    /// The token endpoint.
    ///
    /// - SeeAlso: RFC 6749 sections 4.1.3 and 6.
    func token() throws(OAuthFailure) -> Reply {
        try check(methods: ["POST"], single: Self.tokenParameters)
        guard let kind = form.nonEmpty("grant_type") else { throw .missing("grant_type") }
        switch kind {
        case "authorization_code": return try exchangeCode(try client())
        case "refresh_token": return try refresh(try client())
        case "urn:ietf:params:oauth:grant-type:device_code",
            "http://oauth.net/grant_type/device/1.0":
            return try pollDevice(try client())
        case "urn:ietf:params:oauth:grant-type:jwt-bearer": return try exchangeAssertion()
        default:
            throw OAuthFailure(400, "unsupported_grant_type", "Invalid grant_type: \(kind)")
        }
    }

    private func exchangeCode(_ caller: Caller) throws(OAuthFailure) -> Reply {
        guard let text = form.nonEmpty("code") else { throw .missing("code") }
        guard let code = world.oauth.codes[text] else {
            throw OAuthFailure(400, "invalid_grant", "Malformed auth code.")
        }
        guard code.clientID == caller.client.id else { throw .badGrant }
        if code.isUsed {
            // Somebody else may have the code: what came from it is not to be trusted either.
            if world.switches.reusedCodeRevokes { world.oauth.withdraw(code) }
            throw .badGrant
        }
        guard code.expires > world.now,
            world.oauth.isLive(code.grantID, code.serial, at: world.now)
        else { throw .badGrant }
        guard let redirect = form.nonEmpty("redirect_uri") else { throw .missing("redirect_uri") }
        guard redirect == code.redirectURI else {
            throw OAuthFailure(400, "redirect_uri_mismatch", "Bad Request")
        }
        try checkVerifier(code)
        guard
            caller.hasSecret || (caller.mayGoOn && code.challenge != nil)
                || caller.client.secret.isEmpty
        else { throw .noSecret }
        world.oauth.codes[text]?.isUsed = true
        var issue = Issue(
            user: code.user, clientID: code.clientID, scopes: code.scopes, grantID: code.grantID,
            isOffline: code.isOffline, refresh: code.givesRefreshToken, nonce: code.nonce)
        issue.origin = code.serial
        return try self.issue(issue)
    }

    /// - SeeAlso: RFC 7636 sections 4.1 and 4.6.
    private func checkVerifier(_ code: AuthorizationCode) throws(OAuthFailure) {
        let verifier = form.nonEmpty("code_verifier")
        guard let challenge = code.challenge else {
            // RFC 9700 section 2.1.1: else a challenge could be taken away on its way.
            guard verifier == nil else {
                throw OAuthFailure(
                    400, "invalid_grant", "code_verifier or verifier is not needed.")
            }
            return
        }
        guard let verifier else {
            throw OAuthFailure(400, "invalid_grant", "Missing code verifier.")
        }
        let proof =
            code.isHashed
            ? EventLinks.base64URL(Array(SHA256.hash(data: Array(verifier.utf8)))) : verifier
        guard ProofKey.isWellFormed(verifier), proof == challenge else {
            throw OAuthFailure(400, "invalid_grant", "Invalid code verifier.")
        }
    }

    /// What the tokens are to say.
    struct Issue {
        let user: String
        let clientID: String
        let scopes: [String]
        let grantID: Int64
        let isOffline: Bool
        /// Whether a new refresh token goes with it.
        let refresh: Bool
        let nonce: String?
        /// The serial of the code that it comes from, 0 without one.
        var origin: Int64 = 0
        /// A refresh token that was made already.
        var readyRefreshToken: String?
        /// When the refresh token ends by itself, in milliseconds since 1970.
        var dies: Int64?
    }

    /// Hands out tokens.
    func issue(_ issue: Issue) throws(OAuthFailure) -> Reply {
        guard world.account(issue.user) != nil else { throw .deadGrant }
        let access = world.mintAccessToken(issue)
        var document: JSONObject = ["access_token": .string(access), "expires_in": 3599]
        var dies = issue.dies
        if issue.refresh {
            let refresh = world.mintRefreshToken(issue)
            document["refresh_token"] = .string(refresh)
            dies = world.oauth.refreshTokens[refresh]?.dies
        } else if let ready = issue.readyRefreshToken {
            document["refresh_token"] = .string(ready)
        }
        document["scope"] = .string(issue.scopes.joined(separator: " "))
        document["token_type"] = "Bearer"
        if issue.scopes.contains("openid") {
            document["id_token"] = .string(try identityToken(issue, accessToken: access))
        }
        if let dies {
            let left = max(0, (dies - world.now) / 1000)
            document["refresh_token_expires_in"] = .number(JSONNumber(left))
        }
        return .oauth(document)
    }
}

/// The secret that ties a code to who asked for it.
///
/// - SeeAlso: RFC 7636 sections 4.1 and 4.2.
enum ProofKey {
    /// Whether a verifier or a challenge has 43 to 128 unreserved characters.
    static func isWellFormed(_ text: String) -> Bool {
        guard (43...128).contains(text.utf8.count) else { return false }
        return text.utf8.allSatisfy {
            Alphabet.base64URL.contains($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "~")
        }
    }
}
