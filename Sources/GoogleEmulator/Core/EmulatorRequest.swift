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
        let parts = target[...].parted(at: "?", most: 2)
        self.init(
            method: method, path: String(parts[0]), query: parts.count > 1 ? String(parts[1]) : "",
            headers: headers, body: body)
    }

    /// The value of the first header field of this name, compared without case.
    public func header(_ name: String) -> String? {
        headers.first { HeaderName.isSame($0.name, name) }?.value
    }
}

/// Names of header fields, which differ in nothing but case.
enum HeaderName {
    /// Whether two names are the same; only the letters of ASCII have a case here.
    static func isSame(_ first: String, _ second: String) -> Bool {
        first.utf8.count == second.utf8.count
            && zip(first.utf8, second.utf8).allSatisfy { $0 == $1 || lowered($0) == lowered($1) }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
