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
    let nonce: String?
    /// Everything as it came, for the form to send it again.
    let parameters: Parameters

    /// - Throws: what must be shown to the person instead of being sent to the redirect address.
    init(_ parameters: Parameters, world: World) throws(AuthorizationError) {
        (client, redirectURI) = try Self.trusted(parameters, world: world)
        guard parameters["response_type"] == "code" else {
            throw AuthorizationError(
                "invalid_request",
                parameters.nonEmpty("response_type") == nil
                    ? "Missing required parameter: response_type"
                    : "Invalid response_type: only code is served here.")
        }
        guard let scopes = ScopeRules.requested(parameters["scope"] ?? "") else {
            throw AuthorizationError(
                "invalid_scope", "Some requested scopes were invalid or missing.")
        }
        let method = parameters.nonEmpty("code_challenge_method") ?? "plain"
        challenge = parameters.nonEmpty("code_challenge")
        guard ["S256", "plain"].contains(method),
            challenge.map({ (43...128).contains($0.utf8.count) }) ?? true
        else {
            throw AuthorizationError(
                "invalid_request", "Invalid code_challenge or code_challenge_method.")
        }
        isHashed = method == "S256"
        self.scopes = scopes
        self.parameters = parameters
        state = parameters.nonEmpty("state")
        isOffline = parameters["access_type"] == "offline"
        includesGranted = parameters["include_granted_scopes"] == "true"
        nonce = parameters.nonEmpty("nonce")
    }

    /// The client and a redirect address that is the client's.
    private static func trusted(
        _ parameters: Parameters, world: World
    ) throws(AuthorizationError) -> (LocalGoogleConfiguration.Client, String) {
        guard let clientID = parameters.nonEmpty("client_id") else {
            throw AuthorizationError(
                "invalid_request", "Missing required parameter: client_id")
        }
        guard let client = world.oauth.client(clientID) else {
            throw AuthorizationError(
                "invalid_client", "The OAuth client was not found.", status: 401)
        }
        guard let redirect = parameters.nonEmpty("redirect_uri") else {
            throw AuthorizationError(
                "invalid_request", "Missing required parameter: redirect_uri")
        }
        if redirect.hasPrefix("urn:ietf:wg:oauth:2.0:oob") {
            throw AuthorizationError(
                "invalid_request", "The out-of-band (OOB) flow has been blocked.")
        }
        guard Redirects.isAllowed(redirect, for: client) else {
            throw AuthorizationError(
                "redirect_uri_mismatch",
                "The redirect URI in the request, \(redirect), is not registered.")
        }
        return (client, redirect)
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

/// What is wrong with an authorization request, shown as a page and never redirected.
struct AuthorizationError: Error {
    let error: String
    let explanation: String
    let status: Int

    init(_ error: String, _ explanation: String, status: Int = 400) {
        self.error = error
        self.explanation = explanation
        self.status = status
    }

    var reply: Reply {
        .page(
            """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Error \(status)</title></head>
            <body><h1>Access blocked: authorization error</h1>
            <p>\(HTML.escaped(explanation))</p>
            <p>Error \(status): \(HTML.escaped(error))</p></body></html>
            """, status: status)
    }
}

/// Which redirect addresses a client may name.
///
/// - SeeAlso: RFC 8252 section 7.3; Google Identity, "OAuth 2.0 for iOS & Desktop Apps".
enum Redirects {
    static func isAllowed(_ uri: String, for client: LocalGoogleConfiguration.Client) -> Bool {
        switch client.kind {
        case .web(let registered): registered.contains(uri)
        case .installed: isLoopback(uri)
        }
    }

    /// Whether it is `http` on a loopback address, with any port and path.
    static func isLoopback(_ uri: String) -> Bool {
        guard uri.lowercased().hasPrefix("http://"), !uri.contains("#"),
            uri.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
        else { return false }
        let authority = uri.dropFirst(7).prefix { $0 != "/" && $0 != "?" }
        return HostNames.isLoopback(String(authority))
    }
}

/// Names of this machine.
enum HostNames {
    /// Whether an authority, `host` or `host:port`, names the loopback interface.
    static func isLoopback(_ authority: String) -> Bool {
        var host = authority[...]
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]") else { return false }
            let port = host[host.index(after: end)...]
            guard port.isEmpty || isPort(port) else { return false }
            return host[...end] == "[::1]"
        }
        if let colon = host.firstIndex(of: ":") {
            guard isPort(host[colon...]) else { return false }
            host = host[..<colon]
        }
        return host == "127.0.0.1" || host.lowercased() == "localhost"
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.first == ":" && UInt16(text.dropFirst()) != nil
    }
}
