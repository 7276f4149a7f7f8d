/// One HTTP request as it came over the wire, without the connection it came on.
public struct EmulatorRequest: Sendable {
    /// The HTTP method in capitals, for example `GET`.
    public var method: String
    /// The path, still percent-encoded, without the query.
    public var path: String
    /// The raw query without its question mark; empty when there is none.
    public var query: String
    /// Header fields in the order of their arrival; names compare without case.
    public var headers: [(name: String, value: String)]
    /// The body as it came.
    public var body: [UInt8]

    /// Makes a request from its parts.
    public init(
        method: String, path: String, query: String = "",
        headers: [(name: String, value: String)] = [], body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// Makes a request from a request target such as `/token?x=1`.
    public init(
        method: String, target: String, headers: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.init(
            method: method, path: String(parts[0]), query: parts.count > 1 ? String(parts[1]) : "",
            headers: headers, body: body)
    }

    /// The value of the first header field of this name, compared without case.
    public func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }
}
