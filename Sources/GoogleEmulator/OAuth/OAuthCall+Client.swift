/// Which client asks at the token endpoint.
extension OAuthCall {
    /// Who asks, and whether the secret came along and is right.
    struct Caller {
        let client: LocalGoogleConfiguration.Client
        let hasSecret: Bool

        /// Whether the client may go without a secret, as programs on people's machines may.
        var mayGoOn: Bool { hasSecret || client.secret.isEmpty || client.kind == .installed }
    }

    /// The client, from the Basic header or from the body, but not from both.
    ///
    /// - Throws: 401 `invalid_client`; 400 `invalid_request` without any id or with two ways at
    ///   once.
    /// - SeeAlso: RFC 6749 section 2.3.
    func client() throws(OAuthFailure) -> Caller {
        let id = form.nonEmpty("client_id")
        let secret = form.nonEmpty("client_secret")
        guard let header = request.header("Authorization"), Self.isBasic(header) else {
            return try caller(id, secret)
        }
        guard let basic = Self.basic(header) else { throw .badBasic }
        guard secret == nil, id == nil || id == basic.id else {
            throw OAuthFailure(
                400, "invalid_request",
                "The client must be named either in the Authorization header or in the body.")
        }
        return try caller(basic.id, basic.secret.isEmpty ? nil : basic.secret)
    }

    private func caller(_ id: String?, _ secret: String?) throws(OAuthFailure) -> Caller {
        guard let id else {
            throw OAuthFailure(
                400, "invalid_request", "Could not determine client ID from request.")
        }
        guard let client = world.oauth.client(id) else { throw .unknownClient }
        guard let secret else { return Caller(client: client, hasSecret: false) }
        guard client.secret == secret else { throw .badSecret }
        return Caller(client: client, hasSecret: true)
    }

    private static func isBasic(_ header: String) -> Bool {
        header.prefix { $0 != " " }.lowercased() == "basic"
    }

    /// The parts of a Basic header; they are form-encoded inside.
    ///
    /// - SeeAlso: RFC 6749 section 2.3.1.
    private static func basic(_ header: String) -> (id: String, secret: String)? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let urlForm = parts[1].map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }.filter { $0 != "=" }
        guard let bytes = EventLinks.bytes(base64URL: String(urlForm)),
            let text = String(validating: bytes, as: UTF8.self)
        else { return nil }
        let pair = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard pair.count == 2, let id = PercentCoding.decode(pair[0], plusIsBlank: true),
            let secret = PercentCoding.decode(pair[1], plusIsBlank: true), !id.isEmpty
        else { return nil }
        return (id, secret)
    }
}
