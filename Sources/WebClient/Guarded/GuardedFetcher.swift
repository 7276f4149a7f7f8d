/// Fetches addresses that strangers name (feeds, attachments, callbacks) without becoming their
/// arm into private networks.
///
/// Per hop: https only; the name is resolved, every address of it must be public, and exactly a
/// checked address is connected to, with the certificate of the name; a redirect starts all over.
/// At most five redirects, one deadline and one size cap for everything.
///
/// - SeeAlso: OWASP Server-Side Request Forgery Prevention Cheat Sheet.
public struct GuardedFetcher: Sendable {
    /// Sends a request to the host's given address and no other.
    public typealias PinnedSend =
        @Sendable (WebRequest, IPAddress) async throws(WebError) -> WebResponse

    /// The most redirects that are followed.
    public static let maxRedirects = 5

    private let resolve: @Sendable (String, Duration) async throws(WebError) -> [IPAddress]
    private let send: PinnedSend
    private let userAgent: String
    private let uptime: @Sendable () -> Duration

    /// Makes a fetcher.
    ///
    /// - Parameters:
    ///   - product: Name and version for `User-Agent`.
    ///   - resolve: Finds a name's addresses, in no more than the time given.
    ///   - send: Connects to one of them.
    ///   - uptime: A clock that only goes forward.
    public init(
        product: String = "Tandem",
        resolve: @escaping @Sendable (String, Duration) async throws(WebError) -> [IPAddress] =
            SystemResolver.addresses(of:within:),
        send: @escaping PinnedSend = AsyncHTTPTransport.send(_:pinnedTo:),
        uptime: @escaping @Sendable () -> Duration = WebGate.systemUptime
    ) {
        userAgent = "\(product) (gzip)"
        self.resolve = resolve
        self.send = send
        self.uptime = uptime
    }

    /// Fetches what an address leads to.
    ///
    /// - Parameters:
    ///   - url: An https address.
    ///   - headers: Sent to the first origin only, but for `Accept` and conditions.
    ///   - timeout: For all hops together, looking up their names included.
    ///   - maxBytes: The most body bytes of any hop, after unpacking.
    /// - Returns: The last answer, and where it came from.
    /// - Throws: ``WebError``; `forbiddenAddress`, `insecure` and `tooManyRedirects` beside those
    ///   of the network.
    public func fetch(
        _ url: WebURL, headers: WebHeaders = [:], timeout: Duration = .seconds(60),
        maxBytes: Int = 10 << 20
    ) async throws(WebError) -> (response: WebResponse, url: WebURL) {
        let deadline = uptime() + timeout
        var here = url
        for _ in 0...Self.maxRedirects {
            let response = try await hop(
                to: here, headers: Self.headers(headers, for: here, from: url),
                before: deadline, maxBytes: maxBytes)
            guard [301, 302, 303, 307, 308].contains(response.status),
                let location = response.headers["Location"]
            else { return (response, here) }
            here = try here.resolving(location)
        }
        throw WebError(
            code: .tooManyRedirects,
            message: "\(url.host) redirects more than \(Self.maxRedirects) times.", wasSent: true)
    }

    private func hop(
        to url: WebURL, headers: WebHeaders, before deadline: Duration, maxBytes: Int
    ) async throws(WebError) -> WebResponse {
        guard url.scheme == "https" else {
            throw WebError(
                code: .insecure,
                message: "\(url.host) is not reached by https; that is not followed.")
        }
        let addresses = try await resolve(url.host, try timeLeft(for: url, before: deadline))
        // One private address among public ones is a trick to be picked at random: refuse all.
        guard let address = addresses.first, addresses.allSatisfy(\.isPublic) else {
            throw WebError(
                code: .forbiddenAddress,
                message: "\(url.host) leads into a private network; that is not followed.")
        }
        var sent = headers
        sent["User-Agent"] = userAgent
        sent["Accept-Encoding"] = "gzip"
        guard sent.areValid else {
            throw WebError(code: .malformed, message: "A header is not one that HTTP allows.")
        }
        let response = try await send(
            WebRequest(
                url: url, headers: sent, timeout: try timeLeft(for: url, before: deadline),
                maxResponseBytes: maxBytes, label: "guarded"), address)
        guard response.body.count <= maxBytes else { throw WebError.tooLarge(limit: maxBytes) }
        return response
    }

    private func timeLeft(for url: WebURL, before deadline: Duration) throws(WebError) -> Duration {
        let left = deadline - uptime()
        guard left > .zero else {
            throw WebError(
                code: .timeout, message: "\(url.host) took too long; try again later.",
                wasSent: nil)
        }
        return left
    }

    private static func headers(
        _ headers: WebHeaders, for url: WebURL, from first: WebURL
    ) -> WebHeaders {
        guard url.origin != first.origin else { return headers }
        let harmless = ["accept", "accept-language"]
        return WebHeaders(
            headers.fields.filter { harmless.contains($0.name.lowercased()) }
                .map { ($0.name, $0.value) })
    }
}

extension AsyncHTTPTransport {
    /// Sends a request over a connection of its own to exactly the address given.
    ///
    /// The certificate must be that of the request's host.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - address: Where its host is taken to be.
    /// - Returns: The answer.
    /// - Throws: ``WebError``.
    @Sendable
    public static func send(
        _ request: WebRequest, pinnedTo address: IPAddress
    ) async throws(WebError) -> WebResponse {
        var options = Options()
        options.pinnedAddresses = [request.url.host: address.description]
        let transport = AsyncHTTPTransport(options: options)
        let outcome: Result<WebResponse, WebError>
        do { outcome = .success(try await transport.send(request)) } catch {
            outcome = .failure(error)
        }
        try await transport.shutdown()
        return try outcome.get()
    }
}
