import LosslessJSON

/// The sign-in endpoints.
///
/// - SeeAlso: Google Identity, "Using OAuth 2.0 to Access Google APIs"; RFC 6749, 7636, 8628.
struct OAuthService {
    let world: World
    let request: EmulatorRequest
    let query: Parameters
    let form: Parameters

    init(world: World, request: EmulatorRequest) {
        self.world = world
        self.request = request
        query = Parameters(formEncoded: request.query)
        form = Parameters(formEncoded: String(decoding: request.body, as: UTF8.self))
    }

    /// The name of an endpoint for counting; `nil` if the path is none of OAuth's.
    static func method(_ path: String) -> String? {
        switch path {
        case "/o/oauth2/v2/auth", "/o/oauth2/auth": "authorize"
        case "/token", "/o/oauth2/token", "/oauth2/v4/token": "token"
        case "/device/code": "deviceCode"
        case "/device": "device"
        case "/revoke", "/o/oauth2/revoke": "revoke"
        case "/tokeninfo", "/oauth2/v3/tokeninfo", "/oauth2/v1/tokeninfo", "/oauth2/v2/tokeninfo":
            "tokeninfo"
        case "/v1/userinfo", "/oauth2/v3/userinfo", "/oauth2/v2/userinfo", "/oauth2/v1/userinfo":
            "userinfo"
        case "/.well-known/openid-configuration": "openidConfiguration"
        case "/oauth2/v3/certs", "/oauth2/v1/certs": "certs"
        default: nil
        }
    }

    func reply() -> Reply {
        do {
            switch Self.method(request.path) {
            case "authorize": return authorize()
            case "token": return try token()
            case "deviceCode": return try deviceCode()
            case "device": return device()
            case "revoke": return try revoke()
            case "tokeninfo": return try tokenInfo()
            case "userinfo": return try userInfo()
            case "openidConfiguration": return openIDConfiguration()
            case "certs": return try certificates()
            default: return .page("<h1>Not Found</h1>", status: 404)
            }
        } catch {
            return error.reply
        }
    }
}
