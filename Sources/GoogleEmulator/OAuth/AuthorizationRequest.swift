/// An authorization request whose client and redirect address can be trusted.
struct AuthorizationRequest {
    let client: LocalGoogleConfiguration.Client
    let redirectURI: String
    let scopes: [String]
    let state: String?
    let challenge: String?
    let isHashed: Bool
    let isOffline: Bool
    let includesGranted: Bool
    let prompt: Prompt
    /// Who is likely to sign in: an address or Google's number of an account.
    let loginHint: String?
    /// The domain whose accounts are wanted.
    let domain: String?
    let nonce: String?
    /// Everything as it came, for the form to send it again.
    let parameters: Parameters

    /// How much the person is to be asked.
    struct Prompt {
        /// Nobody is asked anything.
        var isSilent = false
        /// Consent is asked for even where it was given before.
        var asksForConsent = false
    }

    /// The parameters that count, each of which may come once.
    private static let names: Set<String> = [
        "client_id", "redirect_uri", "response_type", "scope", "state", "access_type", "prompt",
        "approval_prompt", "include_granted_scopes", "login_hint", "hd", "code_challenge",
        "code_challenge_method", "nonce",
    ]

    /// - Throws: what must be shown to the person instead of being sent to the redirect address.
    init(_ parameters: Parameters, world: World) throws(AuthorizationError) {
        if let name = parameters.repeated(among: Self.names) {
            throw AuthorizationError(
                "invalid_request", "OAuth 2 parameters can only have a single value: \(name)")
        }
        (client, redirectURI) = try Self.trusted(parameters, world: world)
        guard parameters["response_type"] == "code" else {
            throw AuthorizationError(
                "invalid_request",
                parameters.nonEmpty("response_type") == nil
                    ? "Missing required parameter: response_type"
                    : "Invalid response_type: only code is served here.")
        }
        scopes = try Self.scopes(parameters)
        guard world.switches.blockedScopes.isDisjoint(with: scopes) else {
            throw AuthorizationError(
                "admin_policy_enforced",
                "Access to your account data is restricted by policies within your organization.")
        }
        (challenge, isHashed) = try Self.proofKey(parameters)
        prompt = try Self.prompt(parameters)
        isOffline = try Self.isOffline(parameters)
        for (name, limit) in [("nonce", 1024), ("state", 16_384)] {
            guard parameters[name]?.utf8.count ?? 0 <= limit else {
                throw AuthorizationError(
                    "invalid_request",
                    "Invalid parameter value for \(name): more than \(limit) bytes")
            }
        }
        nonce = parameters.nonEmpty("nonce")
        self.parameters = parameters
        state = parameters.nonEmpty("state")
        includesGranted = parameters["include_granted_scopes"] == "true"
        loginHint = parameters.nonEmpty("login_hint")
        domain = parameters.nonEmpty("hd")?.lowercased()
    }

    /// The client and a redirect address that is the client's.
    private static func trusted(
        _ parameters: Parameters, world: World
    ) throws(AuthorizationError) -> (LocalGoogleConfiguration.Client, String) {
        guard let clientID = parameters.nonEmpty("client_id") else {
            throw AuthorizationError("invalid_request", "Missing required parameter: client_id")
        }
        guard let client = world.oauth.client(clientID) else {
            throw AuthorizationError(
                "invalid_client", "The OAuth client was not found.", status: 401)
        }
        guard let redirect = parameters.nonEmpty("redirect_uri") else {
            throw AuthorizationError("invalid_request", "Missing required parameter: redirect_uri")
        }
        if redirect == "oob" || redirect.hasPrefix("urn:ietf:wg:oauth:2.0:oob") {
            throw AuthorizationError(
                "invalid_request", "The out-of-band (OOB) flow has been blocked.")
        }
        guard Redirects.isAllowed(redirect, for: client) else {
            throw AuthorizationError(
                "redirect_uri_mismatch",
                "The redirect URI in the request, \(redirect.prefix(2048)), is not registered.")
        }
        return (client, redirect)
    }

    private static func scopes(_ parameters: Parameters) throws(AuthorizationError) -> [String] {
        guard let text = parameters.nonEmpty("scope") else {
            throw AuthorizationError("invalid_scope", "Missing required parameter: scope")
        }
        let reading = ScopeRules.read(text)
        guard reading.unknown.isEmpty, !reading.scopes.isEmpty else {
            let words = reading.unknown.map { $0.prefix(200) }.joined(separator: ", ")
            throw AuthorizationError(
                "invalid_scope", "Some requested scopes were invalid. {invalid=[\(words)]}")
        }
        return reading.scopes
    }

    /// - SeeAlso: RFC 7636 section 4.3.
    private static func proofKey(
        _ parameters: Parameters
    ) throws(AuthorizationError) -> (challenge: String?, isHashed: Bool) {
        let method = parameters.nonEmpty("code_challenge_method")
        guard let challenge = parameters.nonEmpty("code_challenge") else {
            guard method == nil else {
                throw AuthorizationError(
                    "invalid_request",
                    "Parameter not allowed for this message type: code_challenge_method")
            }
            return (nil, false)
        }
        guard ["S256", "plain"].contains(method ?? "plain"), ProofKey.isWellFormed(challenge)
        else {
            throw AuthorizationError(
                "invalid_request", "Invalid code_challenge or code_challenge_method.")
        }
        return (challenge, method == "S256")
    }

    /// - SeeAlso: OpenID Connect Core 1.0 section 3.1.2.1, which forbids `none` beside others.
    private static func prompt(_ parameters: Parameters) throws(AuthorizationError) -> Prompt {
        let words = (parameters["prompt"] ?? "").split(separator: " ")
        if let word = words.first(where: { !["none", "consent", "select_account"].contains($0) }) {
            throw AuthorizationError(
                "invalid_request",
                "Invalid parameter value for prompt: Invalid prompt: \(word.prefix(100))")
        }
        var prompt = Prompt(
            isSilent: words.contains("none"), asksForConsent: words.contains("consent"))
        guard !prompt.isSilent || words.allSatisfy({ $0 == "none" }) else {
            throw AuthorizationError(
                "invalid_request", "Invalid parameter value for prompt: none stands alone.")
        }
        // The older spelling of the same wish, which older libraries still send.
        if let old = parameters.nonEmpty("approval_prompt") {
            guard words.isEmpty else {
                throw AuthorizationError(
                    "invalid_request", "Conflict params: approval_prompt and prompt")
            }
            guard ["auto", "force"].contains(old) else {
                throw AuthorizationError(
                    "invalid_request", "Invalid parameter value for approval_prompt.")
            }
            prompt.asksForConsent = old == "force"
        }
        return prompt
    }

    private static func isOffline(_ parameters: Parameters) throws(AuthorizationError) -> Bool {
        switch parameters.nonEmpty("access_type") {
        case nil, "online": return false
        case "offline": return true
        default:
            throw AuthorizationError(
                "invalid_request",
                "Invalid parameter value for access_type: must be online or offline.")
        }
    }

    /// Sends the browser back.
    func redirect(_ values: [(String, String)]) -> Reply {
        var items = values
        if let state { items.insert(("state", state), at: 0) }
        let query = items.map { "\($0.0)=\(PercentCoding.encode($0.1))" }.joined(separator: "&")
        let mark = redirectURI.contains("?") ? "&" : "?"
        return Reply(
            status: 302,
            headers: [
                ("Location", redirectURI + mark + query), ("Cache-Control", "no-store"),
            ])
    }

    /// Sends the browser back without a code.
    func refusal(_ error: String) -> Reply { redirect([("error", error)]) }
}
