import LosslessJSON

/// The sign-in: OAuth 2.0 and OpenID Connect.
///
/// - SeeAlso: Google Identity, "Using OAuth 2.0 to Access Google APIs"; RFC 6749, 7636, 8628.
struct OAuthService: EmulatorService {
    let name = "oauth"
    let roots = ["/o/oauth2/", "/oauth2/", "/device/", "/.well-known/"]
    let expirables = ["access-tokens", "refresh-tokens"]
    let knownFailures = OAuthFailures.known
    /// Tokens and people are always those of now.
    let canLag = false

    var routes: [Route] { Self.table }

    private typealias Call = OAuthCall

    private static let table: [Route] = [
        pages("authorize", ["/o/oauth2/v2/auth", "/o/oauth2/auth"]) { $0.authorize() },
        pages("device", ["/device"]) { $0.device() },
        documents("token", OAuthCall.tokenPaths) {
            (call: Call) throws(OAuthFailure) in try call.token()
        },
        documents("deviceCode", ["/device/code", "/o/oauth2/device/code"]) {
            (call: Call) throws(OAuthFailure) in try call.deviceCode()
        },
        documents("revoke", ["/revoke", "/o/oauth2/revoke"]) {
            (call: Call) throws(OAuthFailure) in try call.revoke()
        },
        documents(
            "tokeninfo",
            ["/tokeninfo", "/oauth2/v3/tokeninfo", "/oauth2/v2/tokeninfo", "/oauth2/v1/tokeninfo"]
        ) { (call: Call) throws(OAuthFailure) in try call.tokenInfo() },
        documents(
            "userinfo",
            ["/v1/userinfo", "/oauth2/v3/userinfo", "/oauth2/v2/userinfo", "/oauth2/v1/userinfo"]
        ) { (call: Call) throws(OAuthFailure) in try call.userInfo() },
        documents("openidConfiguration", ["/.well-known/openid-configuration"]) {
            (call: Call) throws(OAuthFailure) in try call.openIDConfiguration()
        },
        documents("certs", ["/oauth2/v3/certs", "/oauth2/v1/certs"]) {
            (call: Call) throws(OAuthFailure) in try call.certificates()
        },
    ].flatMap { $0 }

    /// A method that answers a person's browser.
    private static func pages(
        _ id: String, _ paths: [String], _ run: @escaping @Sendable (OAuthCall) -> Reply
    ) -> [Route] {
        paths.map { path in
            Route(id, nil, path) { call in
                rendered(run(OAuthCall(world: call.world, request: call.request)), call)
            }
        }
    }

    /// A method that answers a program.
    private static func documents(
        _ id: String, _ paths: [String],
        _ run: @escaping @Sendable (OAuthCall) throws(OAuthFailure) -> Reply
    ) -> [Route] {
        paths.map { path in
            Route(id, nil, path) { call in
                do throws(OAuthFailure) {
                    let reply = try run(OAuthCall(world: call.world, request: call.request))
                    return rendered(reply, call)
                } catch {
                    return rendered(error.reply, call)
                }
            }
        }
    }

    static func rendered(_ reply: Reply, _ call: RouteCall) -> EmulatorResponse {
        Renderer(request: call.request, selection: nil, isPretty: false).response(reply)
    }

    func refusal(_ status: Int, _ reason: String?, to call: RouteCall) -> EmulatorResponse {
        Self.rendered(OAuthFailures.reply(status, reason, to: call), call)
    }

    var controlRoutes: [ControlRoute] {
        [
            ControlRoute("POST", "password") { (call: ControlCall) throws(LocalGoogleError) in
                guard let email = try call.fields(["user"]).string("user") else {
                    throw ControlFields.wrong("user", "a user's address")
                }
                try call.world.changePassword(of: email)
                return .control([:])
            },
            ControlRoute("POST", "tokens") { (call: ControlCall) throws(LocalGoogleError) in
                let user = try call.fields(["user"]).string("user")
                return .control(try call.commands.signIn(user: user))
            },
            ControlRoute("POST", "service-accounts") {
                (call: ControlCall) throws(LocalGoogleError) in
                guard let name = try call.fields(["name"]).string("name") else {
                    throw ControlFields.wrong("name", "a text")
                }
                let file = try call.world.makeServiceAccount(named: name)
                return .control(file.document(baseURL: call.world.baseURL(call.request)))
            },
        ]
    }

    func snapshot(of world: World) -> JSON? { OAuthSnapshot.document(world.oauth) }

    func restoring(_ part: SnapshotFields?) throws(LocalGoogleError) -> (World) -> Void {
        try OAuthSnapshot.restoring(try SnapshotFields.required(part, of: name))
    }

    func expire(
        _ what: String, _ target: ControlTarget, in world: World
    ) throws(LocalGoogleError) {
        let email = target.account?.email
        if what == "access-tokens" {
            let meant = world.oauth.accessTokens.filter {
                email == nil || $0.value.user == email
            }
            for token in meant.keys.sorted() {
                world.oauth.accessTokens[token]?.expires = world.now
            }
        } else {
            world.oauth.endRefreshTokens(of: email) { _ in true }
        }
    }
}
