import NIOHTTP1

/// Plain HTTP to this machine that comes by the proxy all the same.
///
/// Clients are told to reach loopback without a proxy, but some keep to it when they follow a
/// redirect, as Requests does at the end of a sign-in. Such requests go where they were meant to.
enum LoopbackRequest {
    /// Where a whole address of this machine leads: host, port, and the target in origin form.
    static func target(of uri: String) -> (upstream: InterceptingProxy.Upstream, path: String)? {
        guard uri.lowercased().hasPrefix("http://") else { return nil }
        let rest = uri.dropFirst(7)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard HostNames.isLoopback(String(authority)) else { return nil }
        let isV6 = authority.hasPrefix("[")
        let tail = isV6 ? authority.dropFirst(5) : authority.drop { $0 != ":" }
        guard let port = tail.isEmpty ? 80 : Int(tail.dropFirst()), port > 0 else { return nil }
        let host = isV6 ? "::1" : String(authority.prefix { $0 != ":" })
        let path = rest.dropFirst(authority.count)
        return (
            .init(host: host, port: port, prefix: ""),
            path.hasPrefix("/") ? String(path) : "/" + path
        )
    }

    /// The head as it goes on; the connection serves this one request.
    ///
    /// - Throws: ``ProxyRefusal`` for a request to another place.
    /// - SeeAlso: RFC 9112 section 3.2.2.
    static func rewritten(
        _ head: HTTPRequestHead, for upstream: InterceptingProxy.Upstream
    ) throws(ProxyRefusal) -> HTTPRequestHead {
        guard let target = target(of: head.uri), target.upstream == upstream else {
            throw .notGoogle
        }
        var request = head
        request.uri = target.path
        for name in ["Connection", "Expect", "Keep-Alive"] { request.headers.remove(name: name) }
        for name in ["Proxy-Authorization", "Proxy-Connection"] {
            request.headers.remove(name: name)
        }
        request.headers.add(name: "Connection", value: "close")
        return request
    }
}
