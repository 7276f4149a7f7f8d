import NIOHTTP1

/// Why a request goes nowhere.
///
/// The sentence stands in the status line too: it is all that most clients show of a proxy's
/// refusal.
struct ProxyRefusal: Error, Hashable, Sendable {
    let status: Int
    /// One sentence in ASCII, without a full stop.
    let sentence: String

    /// The whole answer; the connection ends with it.
    var bytes: [UInt8] {
        let body = "\(status) \(sentence).\n"
        return Array(
            """
            HTTP/1.1 \(status) \(sentence)\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Length: \(body.utf8.count)\r
            Connection: close\r
            \r
            \(body)
            """.utf8)
    }

    static let notGoogle = Self(
        status: 403, sentence: "Only https to Google's hosts and this machine itself are reached")
    static let otherPort = Self(
        status: 403, sentence: "Google's hosts are served on port 443 only")
    static let noAnswer = Self(status: 502, sentence: "The local Google does not answer")
    static let misdirected = Self(
        status: 421, sentence: "The Host field names another host than one of Google's")
    static let malformed = Self(status: 400, sentence: "This is no request of HTTP/1.1")
    static let upgrade = Self(status: 501, sentence: "Only HTTP/1.1 is spoken here")

    /// A host that is not Google's; it is named unless it is none.
    static func notGoogle(_ host: String?) -> Self {
        guard let host else { return .notGoogle }
        return Self(
            status: 403, sentence: "Only Google's hosts are let through, and \(host) is none")
    }
}

/// What becomes of a request that is made to the proxy itself.
enum ProxyDecision: Hashable, Sendable {
    /// A tunnel to a host of Google's.
    case tunnel(host: String)
    /// Plain HTTP to this machine itself, which needs no proxy.
    case pass(InterceptingProxy.Upstream)
    case refuse(ProxyRefusal)

    /// Decides by the method and the target.
    ///
    /// - SeeAlso: RFC 9110 section 9.3.6.
    init(_ head: HTTPRequestHead) {
        guard head.method == .CONNECT else {
            guard let target = LoopbackRequest.target(of: head.uri) else {
                self = .refuse(.notGoogle)
                return
            }
            self =
                head.headers.contains(name: "Upgrade") ? .refuse(.upgrade) : .pass(target.upstream)
            return
        }
        let parts = head.uri.split(separator: ":", omittingEmptySubsequences: false)
        let host = parts.first.flatMap { InterceptedHosts.canonical($0) }
        guard parts.count == 2, let host, InterceptedHosts.contains(host) else {
            self = .refuse(.notGoogle(parts.count == 2 ? host : nil))
            return
        }
        self = parts[1] == "443" ? .tunnel(host: host) : .refuse(.otherPort)
    }
}
