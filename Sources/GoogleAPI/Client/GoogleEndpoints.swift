public import WebClient

/// Where each of Google's services is reached: at Google, or all on one loopback address.
///
/// - SeeAlso: The discovery document of Calendar v3; Google Identity guide, "OAuth 2.0 for Mobile &
///   Desktop Apps".
public struct GoogleEndpoints: Hashable, Sendable {
    /// Calendar v3: `…/calendar/v3`.
    public let calendar: WebURL
    /// Batches of Calendar v3 calls.
    public let calendarBatch: WebURL
    /// The page on which a person consents.
    public let authorization: WebURL
    /// Where codes and refresh tokens are turned into access tokens.
    public let token: WebURL
    /// Where the device flow begins.
    public let deviceCode: WebURL
    /// Where grants are revoked.
    public let revoke: WebURL
    /// Who the bearer is (OpenID Connect).
    public let userInfo: WebURL
    /// Whether everything goes to this machine instead of Google.
    public let isLoopback: Bool

    /// Google itself.
    public static let google = GoogleEndpoints(
        apis: checked("https://www.googleapis.com"),
        accounts: checked("https://accounts.google.com"),
        tokens: checked("https://oauth2.googleapis.com"),
        identity: checked("https://openidconnect.googleapis.com").appending(path: "/v1/userinfo"),
        isLoopback: false)

    /// Every service on one address of this machine, as a local Google serves them.
    ///
    /// - Parameter base: For example `http://127.0.0.1:8123`; a path is kept as a prefix.
    /// - Throws: ``GoogleError`` with code `invalidCall` for an address that is broken, has a
    ///   query, or is not on this machine: tokens must not travel to anybody else.
    public init(loopback base: String) throws(GoogleError) {
        let url: WebURL
        do { url = try WebURL(base) } catch {
            throw GoogleError(invalid: "The address of the local Google is broken.", cause: error)
        }
        guard url.isLoopback, url.query == nil else {
            throw GoogleError(
                invalid: "A local Google must be on this machine: use http://127.0.0.1:PORT, "
                    + "http://[::1]:PORT or http://localhost:PORT.")
        }
        self.init(
            apis: url, accounts: url, tokens: url,
            identity: url.appending(path: "/oauth2/v3/userinfo"), isLoopback: true)
    }

    private init(
        apis: WebURL, accounts: WebURL, tokens: WebURL, identity: WebURL, isLoopback: Bool
    ) {
        calendar = apis.appending(path: "/calendar/v3")
        calendarBatch = apis.appending(path: "/batch/calendar/v3")
        authorization = accounts.appending(path: "/o/oauth2/v2/auth")
        token = tokens.appending(path: "/token")
        deviceCode = tokens.appending(path: "/device/code")
        revoke = tokens.appending(path: "/revoke")
        userInfo = identity
        self.isLoopback = isLoopback
    }

    private static func checked(_ constant: StaticString) -> WebURL {
        do { return try WebURL("\(constant)") } catch {
            preconditionFailure("The constant \(constant) is not an address.")
        }
    }
}
