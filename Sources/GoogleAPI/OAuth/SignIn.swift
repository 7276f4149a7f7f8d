import Foundation
public import WebClient

/// Signs a person in, by whichever way the machine allows; each ends in a grant.
///
/// Always the code flow with PKCE S256 and a fresh 256-bit state, or Google's device flow.
///
/// - SeeAlso: RFC 8252; RFC 9700; RFC 8628.
public struct SignIn: Sendable {
    /// The program that asks.
    public let client: OAuthClient
    /// What is asked for.
    public let scopes: [String]
    /// The account proposed, an e-mail address.
    public var loginHint: String?
    /// Whether the person is asked even if access was granted before; see
    /// ``AuthorizationRequest/asksAgain``.
    public var asksAgain = true

    private let oauth: OAuthAPI
    private let random: RandomBytes

    /// Prepares a sign-in.
    public init(
        oauth: OAuthAPI, client: OAuthClient, scopes: [String], loginHint: String? = nil,
        random: @escaping RandomBytes = SystemRandom.bytes
    ) {
        self.oauth = oauth
        self.client = client
        self.scopes = scopes
        self.loginHint = loginHint
        self.random = random
    }

    /// Signs in with a browser on this machine, whose redirect a loopback listener receives.
    ///
    /// - Parameters:
    ///   - plan: Where to listen; `nil` for any free port of 127.0.0.1.
    ///   - timeout: The longest wait for the person; at most 5 minutes.
    ///   - open: Shows the address to the person, or opens a browser.
    /// - Returns: The grant, not stored anywhere yet.
    /// - Throws: ``OAuthError``, or what `open` throws.
    public func inBrowser(
        _ plan: RedirectPlan? = nil, timeout: Duration = .seconds(300),
        open: (WebURL) async throws -> Void
    ) async throws -> OAuthGrant {
        let plan = try plan ?? RedirectPlan(client: client)
        let receiver = RedirectReceiver()
        var asked: AuthorizationRequest?
        do {
            _ = try await LoopbackListener.waitForAnswer(
                .init(
                    address: plan.bindAddress, ports: plan.ports,
                    timeout: min(timeout, .seconds(300))),
                ready: { port in
                    let request = self.request(redirectURI: try plan.redirectURI(port: port))
                    let redirect = try WebURL(request.redirectURI)
                    receiver.begin(request, redirect: redirect, port: port)
                    asked = request
                    try await open(request.url(at: oauth.endpoints))
                }, answer: receiver.reply(to:))
        } catch let error as WebError { throw Self.listening(error) }
        guard let asked, let outcome = receiver.outcome else {
            throw OAuthError(code: .timedOut, message: "Nobody answered; sign in again.")
        }
        return try await grant(for: outcome.get(), of: asked)
    }

    /// Signs in with a browser on any machine: the person copies the redirect's address back.
    ///
    /// The redirect leads to a port of the browser's own machine on which nothing listens; the
    /// address that the browser shows then holds the code.
    ///
    /// - Parameters:
    ///   - redirectURI: The redirect; `nil` for port 8085 of 127.0.0.1, or a web client's first.
    ///   - show: Shows the address to open.
    ///   - read: Reads what the person pasted.
    /// - Returns: The grant, not stored anywhere yet.
    /// - Throws: ``OAuthError``, or what the closures throw.
    public func byPaste(
        redirectURI: String? = nil, show: (WebURL) async throws -> Void,
        read: () async throws -> String
    ) async throws -> OAuthGrant {
        let request = self.request(redirectURI: redirectURI ?? unattendedRedirectURI)
        try await show(request.url(at: oauth.endpoints))
        let code = try request.code(pasted: try await read())
        return try await grant(for: code, of: request)
    }

    /// Signs in to a local Google without a person: fetches the authorization address and takes
    /// the redirect that it answers with.
    ///
    /// - Throws: ``OAuthError`` with code `redirectNotAllowed` for anything but a loopback
    ///   address; with code `consentRequired` when a page came instead of a redirect.
    public func byFetching() async throws(OAuthError) -> OAuthGrant {
        guard oauth.endpoints.isLoopback else {
            throw OAuthError(
                code: .redirectNotAllowed,
                message: "Only a local Google signs in without a person; use a browser.")
        }
        let request = self.request(redirectURI: unattendedRedirectURI)
        let response: WebResponse
        do {
            response = try await oauth.gate.send(
                WebRequest(
                    url: request.url(at: oauth.endpoints), maxResponseBytes: 1 << 20,
                    label: "oauth.authorize"))
        } catch {
            throw OAuthError(
                code: .network, message: "The local Google did not answer. \(error.message)",
                cause: error)
        }
        return try await grant(for: try Self.code(in: response, of: request), of: request)
    }

    /// Signs in with a code typed on another device.
    ///
    /// Google allows few scopes in this flow, calendars and contacts not among them.
    ///
    /// - Parameters:
    ///   - show: Shows the page and the code.
    ///   - sleep: Waits between two questions.
    /// - Returns: The grant, not stored anywhere yet.
    /// - Throws: ``OAuthError``, or what the closures throw.
    public func byDevice(
        show: (DeviceAuthorization) async throws -> Void,
        sleep: (Duration) async throws -> Void
    ) async throws -> OAuthGrant {
        let device = try await oauth.beginDevice(client: client, scopes: scopes)
        try await show(device)
        var interval = device.interval
        var waited = Duration.zero
        while waited < device.life {
            try await sleep(interval)
            waited += interval
            do {
                let answer = try await oauth.pollDevice(device, client: client, scopes: scopes)
                return try grant(from: answer)
            } catch {
                switch error.code {
                case .authorizationPending: continue
                case .slowDown: interval += .seconds(5)
                // A lost connection is waited out, each time longer: RFC 8628 section 3.5.
                case .network, .server: interval = min(interval * 2, .seconds(60))
                default: throw error
                }
            }
        }
        throw OAuthError(
            code: .expired, message: "Nobody typed the code in time; start the sign-in again.")
    }

    /// A redirect that nobody listens to: its address is all that is needed of it.
    private var unattendedRedirectURI: String {
        let own = client.kind == .web ? client.redirectURIs.first : nil
        return own ?? "http://127.0.0.1:8085/"
    }

    private func request(redirectURI: String) -> AuthorizationRequest {
        AuthorizationRequest(
            client: client, redirectURI: redirectURI, scopes: scopes, loginHint: loginHint,
            asksAgain: asksAgain, random: random)
    }

    private func grant(
        for code: AuthorizationCode, of request: AuthorizationRequest
    ) async throws(OAuthError) -> OAuthGrant {
        try grant(from: try await oauth.exchange(code, of: request))
    }

    private func grant(from answer: TokenAnswer) throws(OAuthError) -> OAuthGrant {
        guard let refreshToken = answer.refreshToken else {
            throw OAuthError(
                code: .noRefreshToken,
                message: "Google granted access for an hour only; remove the access at "
                    + "https://myaccount.google.com/connections and sign in again.")
        }
        return OAuthGrant(
            source: .user(client: client, refreshToken: refreshToken),
            accessToken: answer.accessToken, scopes: answer.scopes,
            expires: answer.refreshTokenLife.map {
                oauth.now().addingTimeInterval($0 / .seconds(1))
            })
    }

    private static func code(
        in response: WebResponse, of request: AuthorizationRequest
    ) throws(OAuthError) -> AuthorizationCode {
        guard (300...399).contains(response.status), let location = response.headers["Location"]
        else {
            throw OAuthError(
                code: response.status == 200 ? .consentRequired : .invalidRequest,
                message: response.status == 200
                    ? "The local Google wants a person to click; start it with --auto-consent."
                    : "The local Google refused the sign-in (\(response.status)); does it know "
                        + "this client?",
                status: response.status)
        }
        let url: WebURL
        let expected: WebURL
        do {
            url = try WebURL(location)
            expected = try WebURL(request.redirectURI)
        } catch {
            throw OAuthError(
                code: .unreadable, message: "The redirect's address is broken.", cause: error)
        }
        guard url.origin == expected.origin, url.path == expected.path else {
            throw OAuthError(
                code: .redirectMismatch, message: "The redirect leads to another address.")
        }
        return try request.code(from: url)
    }

    private static func listening(_ error: WebError) -> OAuthError {
        let code: OAuthError.Code =
            switch error.code {
            case .timeout: .timedOut
            case .cancelled: .cancelled
            case .listen: .listen
            default: .network
            }
        return OAuthError(code: code, message: error.message, cause: error)
    }
}
