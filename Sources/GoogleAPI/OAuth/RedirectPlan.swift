import WebClient

/// Where a sign-in listens and what address Google sends the browser to.
///
/// - SeeAlso: RFC 8252 sections 7.3 and 8.3; Google Identity guide, "OAuth 2.0 for Mobile &
///   Desktop Apps", section "Loopback IP address".
public struct RedirectPlan: Hashable, Sendable {
    /// The local address to listen on: `127.0.0.1` or `::1`.
    public let bindAddress: String
    /// The ports to try, in order; 0 lets the system choose.
    public let ports: [Int]
    private let form: Form

    private enum Form: Hashable, Sendable {
        /// `http://HOST:PORT/`, any port.
        case loopback(host: String)
        /// One of the client's own addresses, exactly.
        case registered([WebURL])
    }

    /// The names of this machine.
    ///
    /// Others of its numbers, such as 127.0.0.2, are not listened on: whoever does would be sent
    /// the code.
    private static let ownNames: Set = ["127.0.0.1", "localhost", "::1"]

    /// Plans a sign-in.
    ///
    /// - Parameters:
    ///   - client: The client; a web client may use only addresses that it registered.
    ///   - host: `127.0.0.1` (the default), `localhost`, `::1`; or the host of an https redirect
    ///     that the client registered, which then must lead back here by other means.
    ///   - ports: Tried in order; empty for any free one.
    /// - Throws: ``OAuthError`` with code `redirectNotAllowed`.
    public init(
        client: OAuthClient, host: String = "127.0.0.1", ports: [Int] = []
    ) throws(OAuthError) {
        let name = host.lowercased().filter { $0 != "[" && $0 != "]" }
        let shown = name.contains(":") ? "[\(name)]" : name
        let url: WebURL
        do { url = try WebURL("http://\(shown)/") } catch {
            throw OAuthError(
                code: .redirectNotAllowed, message: "The host of the redirect is not a host name.",
                cause: error)
        }
        bindAddress = url.host == "::1" ? "::1" : "127.0.0.1"
        let isOwn = Self.ownNames.contains(url.host)
        let registered = client.redirectURIs.compactMap { text -> WebURL? in
            // An address of another kind (urn:…) is no candidate, and nothing else is wrong.
            do { return try WebURL(text) } catch { return nil }
        }.filter { $0.host == url.host }
        if isOwn, client.kind == .installed {
            form = .loopback(host: shown)
            self.ports = ports.isEmpty ? [0] : ports
            return
        }
        let usable = registered.filter { isOwn || !$0.isLoopback && $0.scheme == "https" }
        guard !usable.isEmpty else {
            throw OAuthError(
                code: .redirectNotAllowed,
                message: "The client has no redirect on \(shown): use 127.0.0.1, localhost or ::1, "
                    + "or a client file that lists an https redirect on that host.")
        }
        form = .registered(usable)
        let own = usable.compactMap { $0.isLoopback ? ($0.port ?? 80) : nil }
        self.ports = ports.isEmpty ? (own.isEmpty ? [0] : own) : ports
    }

    /// The redirect address for the port that is listened on.
    ///
    /// - Throws: ``OAuthError`` with code `redirectNotAllowed` when a web client did not register
    ///   that port.
    public func redirectURI(port: Int) throws(OAuthError) -> String {
        switch form {
        case .loopback(let host): return "http://\(host):\(port)/"
        case .registered(let urls):
            let fitting = urls.first { !$0.isLoopback || ($0.port ?? 80) == port }
            guard let fitting else {
                throw OAuthError(
                    code: .redirectNotAllowed,
                    message: "The client has no redirect on port \(port); name a port that its "
                        + "file lists.")
            }
            return fitting.text
        }
    }
}
