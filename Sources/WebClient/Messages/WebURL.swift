/// An absolute http or https address, checked once.
///
/// Only printable ASCII without blanks, no user name or password, a host, an optional port. A
/// fragment is dropped: it never travels. Its `description` masks secrets; ``text`` does not.
///
/// - SeeAlso: RFC 3986.
public struct WebURL: Hashable, Sendable {
    /// `http` or `https`.
    public let scheme: String
    /// The host in lower case; an IPv6 address without its brackets.
    public let host: String
    /// The port as written; `nil` where the scheme's own is meant.
    public let port: Int?
    /// The path as it travels (percent-encoded), beginning with `/`.
    public private(set) var path: String
    /// The query as it travels (percent-encoded), without `?`; `nil` without one.
    public private(set) var query: String?

    /// Reads an address.
    ///
    /// - Parameter text: At most 16,384 bytes.
    /// - Throws: ``WebError`` with code `malformed`; the message never repeats the address.
    public init(_ text: String) throws(WebError) {
        guard text.utf8.count <= 16_384, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            !text.contains(where: { "\\\"<>^`{|}".contains($0) })
        else {
            throw .malformedAddress("it holds characters that no address may hold, or is too long")
        }
        let withoutFragment = text.prefix { $0 != "#" }
        guard let colon = withoutFragment.firstRange(of: "://") else {
            throw .malformedAddress("it does not begin with http:// or https://")
        }
        scheme = withoutFragment[..<colon.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else {
            throw .malformedAddress("only http and https are spoken here")
        }
        let rest = withoutFragment[colon.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        (host, port) = try Self.split(authority: authority)
        let target = rest[authority.endIndex...]
        let path = target.prefix { $0 != "?" }
        self.path = path.isEmpty ? "/" : String(path)
        query = path.endIndex < target.endIndex ? String(target[path.endIndex...].dropFirst()) : nil
    }

    /// The whole address as it travels, secrets included: never print it.
    public var text: String { origin + target }

    /// Scheme, host and port: `https://www.googleapis.com`.
    public var origin: String { "\(scheme)://\(authority)" }

    /// Host and port as the `Host` header carries them.
    public var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port.map { "\(name):\($0)" } ?? name
    }

    /// Path and query: what stands in the request line.
    public var target: String { query.map { "\(path)?\($0)" } ?? path }

    /// The query's fields, decoded, in order; a field with a broken escape is left out.
    public var queryFields: [(name: String, value: String)] {
        query.map(PercentCoding.fields(of:)) ?? []
    }

    /// Whether the host is this machine by name or number: `localhost`, 127.0.0.0/8, `::1`.
    ///
    /// - SeeAlso: RFC 8252 section 7.3; RFC 6761 section 6.3; RFC 1122 section 3.2.1.3.
    public var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { part in
                part.utf8.allSatisfy { (0x30...0x39).contains($0) } && UInt8(part) != nil
            }
    }

    /// This address with an encoded path put after its own: `/calendar/v3` + `/colors`.
    ///
    /// - Parameter encodedPath: Begins with `/` and is percent-encoded already.
    /// - Returns: The longer address; a query stays behind the path.
    public func appending(path encodedPath: String) -> WebURL {
        var result = self
        result.path = path.hasSuffix("/") ? path.dropLast() + encodedPath : path + encodedPath
        return result
    }

    /// This address with more query fields after its own, encoded here, in the order given.
    public func appending(query fields: [(String, String)]) -> WebURL {
        guard !fields.isEmpty else { return self }
        var result = self
        let added = PercentCoding.form(fields)
        result.query = query.map { $0.isEmpty ? added : "\($0)&\(added)" } ?? added
        return result
    }

    /// Whether path and query still hold only what an address may hold, after additions.
    public var isValid: Bool {
        path.hasPrefix("/") && target.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x23 }
    }

    private static func split(authority: Substring) throws(WebError) -> (String, Int?) {
        guard !authority.contains("@") else {
            throw .malformedAddress("it holds a user name; leave that out")
        }
        var host = authority
        var portText: Substring?
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]") else {
                throw .malformedAddress("a bracket is not closed")
            }
            host = authority[authority.index(after: authority.startIndex)..<close]
            let rest = authority[authority.index(after: close)...]
            guard rest.isEmpty || rest.hasPrefix(":"), host.contains(":"),
                host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." })
            else { throw .malformedAddress("the IPv6 address is broken") }
            portText = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = authority.lastIndex(of: ":") {
            host = authority[..<colon]
            portText = authority[authority.index(after: colon)...]
        }
        guard !host.isEmpty, authority.hasPrefix("[") || host.allSatisfy(isHostCharacter) else {
            throw .malformedAddress("the host name is missing or broken")
        }
        guard let portText else { return (host.lowercased(), nil) }
        guard portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(portText),
            (1...65_535).contains(port)
        else { throw .malformedAddress("the port is not a number from 1 to 65535") }
        return (host.lowercased(), port)
    }

    private static func isHostCharacter(_ character: Character) -> Bool {
        character.isASCII
            && (character.isLetter || character.isNumber || character == "." || character == "-"
                || character == "_")
    }
}

extension WebURL: CustomStringConvertible, CustomReflectable {
    /// The address with every secret and e-mail address masked.
    public var description: String { Redaction.address(self) }
    /// Nothing but the masked text, so that `dump` shows no more than `print`.
    public var customMirror: Mirror { Mirror(self, children: ["address": description]) }
}
