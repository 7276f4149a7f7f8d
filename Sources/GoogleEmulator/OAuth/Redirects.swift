/// Which redirect addresses a client may name.
///
/// - SeeAlso: RFC 8252 section 7.3; Google Identity, "OAuth 2.0 for iOS & Desktop Apps".
enum Redirects {
    static func isAllowed(_ uri: String, for client: LocalGoogleConfiguration.Client) -> Bool {
        switch client.kind {
        case .web(let registered): registered.contains(uri)
        case .installed: isLoopback(uri)
        }
    }

    /// Whether it is `http` on a loopback address, with any port and path, in at most 2,048 bytes
    /// of ASCII.
    static func isLoopback(_ uri: String) -> Bool {
        guard uri.lowercased().hasPrefix("http://"), !uri.contains("#"),
            uri.utf8.count <= 2048, uri.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return false }
        let authority = uri.dropFirst(7).prefix { $0 != "/" && $0 != "?" }
        return HostNames.isLoopback(String(authority))
    }
}
