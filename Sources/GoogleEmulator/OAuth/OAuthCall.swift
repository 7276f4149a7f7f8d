import LosslessJSON

/// One request to the sign-in.
struct OAuthCall {
    let world: World
    let request: EmulatorRequest
    let query: Parameters
    /// The body, where it is a form.
    let form: Parameters
    private let isTooLarge: Bool

    /// The longest query and the longest form, in bytes.
    static let maxQueryBytes = 16_384
    static let maxFormBytes = 65_536

    init(world: World, request: EmulatorRequest) {
        self.world = world
        self.request = request
        isTooLarge =
            request.query.utf8.count > Self.maxQueryBytes
            || request.body.count > Self.maxFormBytes
        query = Parameters(formEncoded: isTooLarge ? "" : request.query)
        form = Parameters(
            formEncoded: isTooLarge || !Self.isForm(request)
                ? "" : String(decoding: request.body, as: UTF8.self))
    }

    /// Whether the body is a form; one without a type is taken for one.
    private static func isForm(_ request: EmulatorRequest) -> Bool {
        guard let type = request.header("Content-Type") else { return true }
        let name = type.prefix { $0 != ";" && $0 != " " }
        return name.isEmpty || name.lowercased() == "application/x-www-form-urlencoded"
    }

    /// Answers a person's browser: what goes wrong is a page, too.
    func page(_ make: () throws(AuthorizationError) -> Reply) -> Reply {
        do throws(AuthorizationError) {
            if isTooLarge {
                throw AuthorizationError(
                    "invalid_request", "The request is too large.", status: 413)
            }
            if !["GET", "POST"].contains(request.method) {
                throw AuthorizationError(
                    "invalid_request", "Only GET and POST are served here.", status: 405)
            }
            return try make()
        } catch {
            return error.reply
        }
    }

    /// Refuses other methods, bodies beyond the limit, and parameters that come twice.
    func check(
        methods: [String], single names: Set<String> = []
    ) throws(OAuthFailure) {
        guard methods.contains(request.method) else {
            var failure = OAuthFailure(
                405, "invalid_request", "Only \(methods.joined(separator: ", ")) is served here.")
            failure.headers = [("Allow", methods.joined(separator: ", "))]
            throw failure
        }
        guard !isTooLarge else {
            throw OAuthFailure(413, "request_too_large", "The request is too large.")
        }
        if let name = form.repeated(among: names) ?? query.repeated(among: names) {
            throw .repeated(name)
        }
    }

    /// What signs here; remembered, so that a snapshot keeps it.
    var signer: TokenSigner {
        if let signer = world.oauth.signer { return signer }
        world.oauth.signer = world.signer
        return world.signer
    }
}

extension Parameters {
    /// The first of these names that comes more than once.
    ///
    /// - SeeAlso: RFC 6749 section 3.1.
    func repeated(among names: Set<String>) -> String? {
        var seen: Set<String> = []
        return items.first { names.contains($0.name) && !seen.insert($0.name).inserted }?.name
    }
}

extension World {
    /// The address at which the client reached this server, from its Host header.
    func baseURL(_ request: EmulatorRequest) -> String? {
        guard let host = request.header("Host"), HostNames.isLoopback(host) else { return nil }
        return "http://\(host)"
    }
}
