/// One HTTP request: what is sent, how long it may take, how much may come back.
public struct WebRequest: Hashable, Sendable {
    /// The method in upper case: `GET`, `POST`, `PUT`, `PATCH`, `DELETE`, `HEAD`.
    public var method: String
    /// Where it goes.
    public var url: WebURL
    /// Header fields; ``WebGate`` adds `User-Agent` and `Accept-Encoding`.
    public var headers: WebHeaders
    /// The body; `nil` for none.
    public var body: [UInt8]?
    /// The longest time from the call to the last byte of the answer.
    public var timeout: Duration
    /// The most bytes of body that may come back, counted after unpacking.
    public var maxResponseBytes: Int
    /// A short constant name for logs, for example `events.list`; never data.
    public var label: String?

    /// The longest answer that is waited for unless a request says otherwise: 60 s.
    public static let standardTimeout: Duration = .seconds(60)
    /// The longest body that is taken unless a request says otherwise: 64 MiB.
    public static let standardMaxResponseBytes = 64 << 20

    /// Makes a request.
    ///
    /// - Parameters:
    ///   - method: The HTTP method, upper case.
    ///   - url: Where it goes.
    ///   - headers: Header fields to send.
    ///   - body: The body, or `nil`.
    ///   - timeout: The longest time to the last byte of the answer.
    ///   - maxResponseBytes: The most body bytes to take, after unpacking.
    ///   - label: A constant name for logs.
    public init(
        method: String = "GET", url: WebURL, headers: WebHeaders = [:], body: [UInt8]? = nil,
        timeout: Duration = standardTimeout, maxResponseBytes: Int = standardMaxResponseBytes,
        label: String? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.maxResponseBytes = maxResponseBytes
        self.label = label
    }
}

extension WebRequest: CustomStringConvertible, CustomReflectable {
    /// Method, masked address and body size; no header value, no body.
    public var description: String { "\(method) \(url) (\(body?.count ?? 0) bytes)" }
    /// Nothing but the description, so that `dump` shows no more than `print`.
    public var customMirror: Mirror { Mirror(self, children: ["request": description]) }
}

/// One complete HTTP answer.
public struct WebResponse: Hashable, Sendable {
    /// The status code, 100 to 999.
    public var status: Int
    /// Header fields; `Content-Encoding` and `Content-Length` speak of the bytes before unpacking.
    public var headers: WebHeaders
    /// The body, unpacked.
    public var body: [UInt8]

    /// Makes an answer.
    public init(status: Int, headers: WebHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

extension WebResponse: CustomStringConvertible, CustomReflectable {
    /// Status and body size; no header value, no body.
    public var description: String { "\(status) (\(body.count) bytes)" }
    /// Nothing but the description, so that `dump` shows no more than `print`.
    public var customMirror: Mirror { Mirror(self, children: ["response": description]) }
}
