public import WebClient

/// A code that Google gave for one sign-in.
public struct AuthorizationCode: Hashable, Sendable {
    /// The code itself; good once, for about ten minutes.
    public let value: String
}

extension AuthorizationCode: CustomStringConvertible, CustomReflectable {
    /// Only that it is one.
    public var description: String { "authorization code" }
    /// Nothing but the description.
    public var customMirror: Mirror { Mirror(self, children: ["code": description]) }
}

/// One sign-in about to happen: what is asked for, and the secrets that bind the answer to it.
///
/// - SeeAlso: RFC 6749 section 4.1.1; RFC 7636; RFC 9700 section 2.1.
public struct AuthorizationRequest: Hashable, Sendable {
    /// The program that asks.
    public let client: OAuthClient
    /// Where the browser is sent afterwards, exactly as sent to Google.
    public let redirectURI: String
    /// What is asked for.
    public let scopes: [String]
    /// Binds the redirect to this sign-in: 256 random bits.
    public let state: String
    /// Binds the code to this sign-in.
    public let pkce: PKCE
    /// The account proposed, an e-mail address.
    public var loginHint: String?
    /// Whether the person is asked even if access was granted before.
    ///
    /// Without it Google gives a refresh token on the first consent only.
    public var asksAgain: Bool

    /// Makes a request with fresh secrets.
    public init(
        client: OAuthClient, redirectURI: String, scopes: [String], loginHint: String? = nil,
        asksAgain: Bool = true, random: RandomBytes
    ) {
        self.client = client
        self.redirectURI = redirectURI
        self.scopes = scopes
        self.loginHint = loginHint
        self.asksAgain = asksAgain
        state = Base64URL.encode(random(32))
        pkce = PKCE(random: random)
    }

    /// Whether only reading is asked for: then what was granted before must not come along.
    private var isReadonly: Bool { scopes.contains { $0.hasSuffix(".readonly") } }

    /// The address that the person opens.
    ///
    /// - SeeAlso: Google Identity guide, "OAuth 2.0 for Mobile & Desktop Apps", section
    ///   "Incremental authorization".
    public func url(at endpoints: GoogleEndpoints) -> WebURL {
        var fields = [
            ("client_id", client.id), ("redirect_uri", redirectURI), ("response_type", "code"),
            ("scope", scopes.joined(separator: " ")), ("state", state),
            ("access_type", "offline"), ("code_challenge", pkce.challenge),
            ("code_challenge_method", "S256"),
        ]
        if !isReadonly { fields.append(("include_granted_scopes", "true")) }
        if asksAgain { fields.append(("prompt", "consent")) }
        if let loginHint { fields.append(("login_hint", loginHint)) }
        return endpoints.authorization.appending(query: fields)
    }

    /// Takes the code out of a redirect, if the redirect belongs to this sign-in.
    ///
    /// - Parameter redirect: The whole address that the browser was sent to.
    /// - Returns: The code.
    /// - Throws: ``OAuthError``: `stateMismatch` without the right state, whatever else it says;
    ///   else what Google's `error` means; `codeMissing` without either.
    public func code(from redirect: WebURL) throws(OAuthError) -> AuthorizationCode {
        let fields = redirect.queryFields
        let states = fields.filter { $0.name == "state" }
        guard states.count == 1, SecretText.equal(states[0].value, state) else {
            throw OAuthError(
                code: .stateMismatch,
                message: "The answer does not belong to this sign-in and was ignored; "
                    + "start the sign-in again.")
        }
        if let error = fields.first(where: { $0.name == "error" })?.value {
            let code = OAuthRefusal.code(for: error, status: nil, purpose: .other)
            throw OAuthError(
                code: code == .unreadable ? .other : code,
                message: OAuthRefusal.sentence(for: code, status: nil),
                error: Redaction.text(error, limit: 60))
        }
        let codes = fields.filter { $0.name == "code" }
        guard codes.count == 1, TokenAnswer.isToken(codes[0].value) else { throw Self.codeMissing }
        return AuthorizationCode(value: codes[0].value)
    }

    /// Takes the code out of what a person pasted: the redirect's address, or its query.
    ///
    /// Either must carry the right state; a bare code has none, so that anybody could have sent it
    /// to the person (RFC 9700, section 4.7).
    ///
    /// - Parameter text: At most 16 KiB; blanks around it do not matter.
    /// - Returns: The code.
    /// - Throws: ``OAuthError``, as for a redirect; `codeMissing` for anything else, a bare code
    ///   among it.
    public func code(pasted text: String) throws(OAuthError) -> AuthorizationCode {
        let blanks: (Character) -> Bool = { $0.isWhitespace || "\"'<>".contains($0) }
        let front = text.drop(while: blanks)
        let end = front.lastIndex { !blanks($0) }.map(front.index(after:)) ?? front.startIndex
        let bare = String(front[..<end])
        guard bare.contains("://") || bare.contains("code=") || bare.contains("error=") else {
            throw Self.notTheAddress(nil)
        }
        let address =
            bare.contains("://") ? bare : "http://127.0.0.1/?" + bare.drop { $0 == "?" }
        let url: WebURL
        do { url = try WebURL(address) } catch { throw Self.notTheAddress(error) }
        return try code(from: url)
    }

    private static func notTheAddress(_ cause: WebError?) -> OAuthError {
        OAuthError(
            code: .codeMissing,
            message: "That is not the address of the redirect, and a code alone does not tell "
                + "whose sign-in it belongs to; copy the whole address from the browser's "
                + "address line.", cause: cause)
    }

    private static let codeMissing = OAuthError(
        code: .codeMissing,
        message: "There is no sign-in code in that; copy the whole address from the browser.")
}

extension AuthorizationRequest: CustomStringConvertible, CustomReflectable {
    /// The client and scopes; no secret.
    public var description: String { "sign-in of \(client) for \(scopes.joined(separator: " "))" }
    /// Nothing but the description.
    public var customMirror: Mirror { Mirror(self, children: ["request": description]) }
}
