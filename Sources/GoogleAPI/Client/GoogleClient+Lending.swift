import WebClient

/// A client with a network of its own, by the machine's clock.
///
/// A program that has a gate or a clock already makes its clients with
/// ``GoogleClient/init(gate:endpoints:tokens:now:)``.
extension GoogleClient {
    /// Lends a client with one token that is never renewed: for scripts, tests and local Googles.
    ///
    /// - Parameters:
    ///   - token: An access token, which Google lets live for an hour.
    ///   - endpoints: Where the services are; at Google unless given.
    ///   - product: Name and version for `User-Agent`.
    ///   - body: The work; it runs in the caller's isolation.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public static func withClient<Value>(
        token: String, at endpoints: GoogleEndpoints = .google, product: String = "Tandem",
        _ body: (GoogleClient) async throws -> Value
    ) async throws -> Value {
        try await lend(to: body, at: endpoints, product: product) { _ in
            TokenSource(fixed: token)
        }
    }

    /// Lends a client that renews the tokens of a grant by itself.
    ///
    /// - Parameters:
    ///   - grant: What ``SignIn`` brought, or ``OAuthFile`` read.
    ///   - save: Stores the renewed grant; called before its token is used.
    ///   - endpoints: Where the services are; at Google unless given.
    ///   - product: Name and version for `User-Agent`.
    ///   - body: The work; it runs in the caller's isolation.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public static func withClient<Value>(
        grant: OAuthGrant, saving save: @escaping @Sendable (OAuthGrant) async throws -> Void,
        at endpoints: GoogleEndpoints = .google, product: String = "Tandem",
        _ body: (GoogleClient) async throws -> Value
    ) async throws -> Value {
        try await lend(to: body, at: endpoints, product: product) { gate in
            let oauth = OAuthAPI(gate: gate, endpoints: endpoints, now: MachineTime.now)
            return TokenSource(
                grant: grant, now: MachineTime.now,
                renew: { grant throws(OAuthError) in try await oauth.renew(grant) }, save: save)
        }
    }

    private static func lend<Value>(
        to body: (GoogleClient) async throws -> Value, at endpoints: GoogleEndpoints,
        product: String, tokens: (WebGate) -> TokenSource
    ) async throws -> Value {
        try await AsyncHTTPTransport.withTransport { transport in
            let gate = WebGate(transport: transport, product: product)
            return try await body(
                GoogleClient(
                    gate: gate, endpoints: endpoints, tokens: tokens(gate), now: MachineTime.now))
        }
    }
}
