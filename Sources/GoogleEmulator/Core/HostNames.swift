/// The names under which the local Google is reached.
enum HostNames {
    /// Whether a request names this machine or, as it does behind an ``InterceptingProxy``, one of
    /// Google's hosts; what names none comes from no browser.
    ///
    /// A web page elsewhere can let its own name lead to this machine, and would then be the same
    /// site as the local Google.
    static func areServed(_ request: EmulatorRequest) -> Bool {
        request.headers.allSatisfy { header in
            !HeaderName.isSame(header.name, "Host") || isLoopback(header.value)
                || isGoogles(header.value)
        }
    }

    /// Whether a request names at most one host, so that everybody who looks sees the same one.
    ///
    /// - SeeAlso: RFC 9112 section 3.2.
    static func areClear(_ request: EmulatorRequest) -> Bool {
        request.headers.count { HeaderName.isSame($0.name, "Host") } <= 1
    }

    /// Whether an authority, with port 443 or none, is one of Google's.
    static func isGoogles(_ authority: String) -> Bool {
        let name = authority.hasSuffix(":443") ? authority.dropLast(4) : authority[...]
        return InterceptedHosts.canonical(name).map(InterceptedHosts.contains) ?? false
    }

    /// Whether an authority, `host` or `host:port`, names the loopback interface.
    static func isLoopback(_ authority: String) -> Bool {
        var host = authority[...]
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]") else { return false }
            let port = host[host.index(after: end)...]
            guard port.isEmpty || isPort(port) else { return false }
            return host[...end] == "[::1]"
        }
        if let colon = host.firstIndex(of: ":") {
            guard isPort(host[colon...]) else { return false }
            host = host[..<colon]
        }
        return host == "127.0.0.1" || host.lowercased() == "localhost"
    }

    private static func isPort(_ text: Substring) -> Bool {
        let digits = text.dropFirst()
        // A sign would be taken for a part of the number.
        return text.first == ":" && digits.first != "+" && digits.first != "-"
            && UInt16(digits) != nil
    }
}
