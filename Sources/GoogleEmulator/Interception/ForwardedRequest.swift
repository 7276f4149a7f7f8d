import NIOHTTP1

/// Requests as they go on to the local Google.
enum ForwardedRequest {
    /// Fields that speak of one connection or of a proxy, or that only a proxy may set.
    private static let dropped = [
        "Expect", "Forwarded", "Proxy-Authorization", "Proxy-Connection", "X-Forwarded-For",
        "X-Forwarded-Host", "X-Forwarded-Proto",
    ]

    /// The head of a request, rewritten.
    ///
    /// `Host` stays what the client said, and `X-Forwarded-Proto` says `https`, so that an address
    /// made from both leads the client back here. Framing stays as it came.
    ///
    /// - Parameters:
    ///   - head: What came out of the tunnel.
    ///   - prefix: What the local Google's paths begin with; empty for none.
    /// - Returns: What is sent on.
    /// - Throws: ``ProxyRefusal`` for what is not addressed to Google.
    /// - SeeAlso: RFC 9112 section 3.2.
    static func rewritten(
        _ head: HTTPRequestHead, prefix: String = ""
    ) throws(ProxyRefusal) -> HTTPRequestHead {
        guard head.method != .CONNECT else { throw .malformed }
        guard !head.headers.contains(name: "Upgrade") else { throw .upgrade }
        let hosts = head.headers["Host"]
        guard hosts.count <= 1, hosts.allSatisfy(HostNames.isGoogles) else { throw .misdirected }
        var request = head
        request.uri = prefix + (try path(of: head.uri))
        for name in dropped { request.headers.remove(name: name) }
        request.headers.add(name: "X-Forwarded-Proto", value: "https")
        return request
    }

    /// Whether the client waits for leave before it sends the body.
    ///
    /// - SeeAlso: RFC 9110 section 10.1.1.
    static func awaitsLeave(_ head: HTTPRequestHead) -> Bool {
        head.version == .http1_1
            && head.headers["Expect"].contains { $0.lowercased() == "100-continue" }
    }

    /// The target in origin form; a whole address is cut down to it.
    private static func path(of target: String) throws(ProxyRefusal) -> String {
        if target.hasPrefix("/") || target == "*" { return target }
        guard target.lowercased().hasPrefix("https://") else { throw .malformed }
        let rest = target.dropFirst(8)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard HostNames.isGoogles(String(authority)) else { throw .misdirected }
        let path = rest.dropFirst(authority.count)
        return path.hasPrefix("/") ? String(path) : "/" + path
    }
}
