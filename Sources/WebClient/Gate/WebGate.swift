/// Carries one request to the network and its answer back; owned by the gate, given by the caller.
///
/// Promises: one attempt, never a repeat; no redirect followed; the whole answer or an error; the
/// size cap and the deadline of the request kept while reading; `WebError.wasSent` is `false` only
/// when it is certain that nothing left.
public protocol WebTransport: Sendable {
    /// Sends the request once.
    func send(_ request: WebRequest) async throws(WebError) -> WebResponse
}

/// A transport made of a closure: for tests and for programs with a network of their own.
public struct ClosureTransport: WebTransport {
    private let body: @Sendable (WebRequest) async throws(WebError) -> WebResponse

    /// Takes the closure that answers.
    public init(_ body: @escaping @Sendable (WebRequest) async throws(WebError) -> WebResponse) {
        self.body = body
    }

    /// Calls the closure.
    public func send(_ request: WebRequest) async throws(WebError) -> WebResponse {
        try await body(request)
    }
}

/// What a request log is told: facts that may be kept, never a secret, a body or a query.
public struct WebLogEntry: Hashable, Sendable {
    /// The HTTP method.
    public var method: String
    /// The host asked.
    public var host: String
    /// The path, with e-mail addresses and secret segments masked.
    public var path: String
    /// The request's constant name, when it has one.
    public var label: String?
    /// The answer's status; `nil` when none came.
    public var status: Int?
    /// The failure's code; `nil` when an answer came.
    public var failure: WebError.Code?
    /// Body bytes sent.
    public var sentBytes: Int
    /// Body bytes received, after unpacking.
    public var receivedBytes: Int
    /// From the call to the last byte.
    public var duration: Duration
}

/// The one way out: checks each request against the rules, sends it once, checks the answer.
///
/// Rules: https, or plain http to this machine only; valid headers; no redirect followed; a
/// deadline and a size cap on everything; gzip accepted; nothing repeated.
public struct WebGate: WebTransport {
    /// The product's name in `User-Agent`.
    ///
    /// It holds the text `gzip`, without which Google does not compress.
    ///
    /// - SeeAlso: Google Calendar API guide, "Performance tips", section "Using gzip".
    public let userAgent: String

    private let transport: any WebTransport
    private let uptime: @Sendable () -> Duration
    private let log: (@Sendable (WebLogEntry) -> Void)?

    /// Makes a gate.
    ///
    /// - Parameters:
    ///   - transport: The network.
    ///   - product: Name and version for `User-Agent`; ` (gzip)` is put behind it.
    ///   - uptime: A clock that only goes forward, for the log's durations.
    ///   - log: Told of each request after it ended; `nil` for no log.
    public init(
        transport: any WebTransport, product: String = "Tandem",
        uptime: @escaping @Sendable () -> Duration = WebGate.systemUptime,
        log: (@Sendable (WebLogEntry) -> Void)? = nil
    ) {
        self.transport = transport
        userAgent = "\(product) (gzip)"
        self.uptime = uptime
        self.log = log
    }

    /// Time since an arbitrary moment of this process, by the system's steady clock.
    public static let systemUptime: @Sendable () -> Duration = {
        let start = ContinuousClock.now
        return { ContinuousClock.now - start }
    }()

    /// Sends a request once, if the rules allow it.
    ///
    /// - Returns: The answer, whatever its status; a redirect is an answer like any other.
    /// - Throws: ``WebError``.
    public func send(_ request: WebRequest) async throws(WebError) -> WebResponse {
        let start = uptime()
        do throws(WebError) {
            try check(request)
            var prepared = request
            prepared.headers["User-Agent"] = userAgent
            if prepared.headers["Accept-Encoding"] == nil {
                prepared.headers["Accept-Encoding"] = "gzip"
            }
            let response = try await transport.send(prepared)
            guard response.body.count <= request.maxResponseBytes else {
                throw .tooLarge(limit: request.maxResponseBytes)
            }
            record(request, since: start, response: response, failure: nil)
            return response
        } catch {
            record(request, since: start, response: nil, failure: error.code)
            throw error
        }
    }

    private func check(_ request: WebRequest) throws(WebError) {
        guard request.url.scheme == "https" || request.url.isLoopback else {
            throw WebError(
                code: .insecure,
                message: "Plain http is spoken to this machine only (127.0.0.1, [::1], localhost); "
                    + "use https for \(request.url.host).")
        }
        guard request.headers.areValid, Self.isMethod(request.method), request.url.isValid else {
            throw WebError(
                code: .malformed,
                message: "The request holds a method, address or header that HTTP does not allow.")
        }
    }

    private static func isMethod(_ method: String) -> Bool {
        !method.isEmpty && method.utf8.count <= 16
            && method.utf8.allSatisfy { (0x41...0x5A).contains($0) }
    }

    private func record(
        _ request: WebRequest, since start: Duration, response: WebResponse?,
        failure: WebError.Code?
    ) {
        guard let log else { return }
        log(
            WebLogEntry(
                method: request.method, host: request.url.host,
                path: Redaction.path(request.url.path), label: request.label,
                status: response?.status, failure: failure, sentBytes: request.body?.count ?? 0,
                receivedBytes: response?.body.count ?? 0, duration: uptime() - start))
    }
}

extension WebError {
    static func tooLarge(limit: Int) -> WebError {
        WebError(
            code: .tooLarge, message: "The answer is larger than the \(limit) bytes allowed here.",
            wasSent: true)
    }
}
