import LosslessJSON

/// Everything that OAuth remembers: clients, consents, codes and tokens.
struct OAuthState {
    var clients: [LocalGoogleConfiguration.Client]
    /// Bearer tokens of the configuration, by token; the value is the user's address.
    var fixedTokens: [String: String] = [:]
    /// What users have consented to, oldest first; revoked ones are taken out.
    var grants: [Grant] = []
    var codes: [String: AuthorizationCode] = [:]
    var accessTokens: [String: AccessToken] = [:]
    var refreshTokens: [String: RefreshToken] = [:]
    var devices: [String: DeviceRequest] = [:]
    /// Counts grants and tokens, so that older ones can be told from newer ones.
    var serial: Int64 = 0

    init(configuration: LocalGoogleConfiguration) {
        clients = configuration.clients
        if !clients.contains(where: { $0.id == LocalGoogleConfiguration.Client.tandemLocal.id }) {
            clients.append(.tandemLocal)
        }
    }

    func client(_ id: String) -> LocalGoogleConfiguration.Client? {
        clients.first { $0.id == id }
    }

    /// More codes than this cannot wait to be exchanged.
    static let maxCodes = 10_000
    /// More devices than this cannot wait for their users.
    static let maxDevices = 1000
    /// With more access tokens than this the first one to expire is dropped.
    static let maxAccessTokens = 50_000

    /// Takes a code in.
    ///
    /// - Returns: Whether there was room for it.
    mutating func add(_ code: AuthorizationCode, as text: String, now: Int64) -> Bool {
        guard Room.make(in: &codes, limit: Self.maxCodes, now: now, expires: \.expires) else {
            return false
        }
        codes[text] = code
        return true
    }

    /// Takes a waiting device in.
    ///
    /// - Returns: Whether there was room for it.
    mutating func add(_ device: DeviceRequest, as code: String, now: Int64) -> Bool {
        guard Room.make(in: &devices, limit: Self.maxDevices, now: now, expires: \.expires) else {
            return false
        }
        devices[code] = device
        return true
    }

    /// Takes an access token in; the first one to expire may have to go.
    mutating func add(_ token: AccessToken, as text: String, now: Int64) {
        let hasRoom = Room.make(
            in: &accessTokens, limit: Self.maxAccessTokens, now: now, expires: \.expires)
        if !hasRoom {
            // The token itself decides between equals, so that chance does not.
            let first = accessTokens.min { ($0.value.expires, $0.key) < ($1.value.expires, $1.key) }
            if let first { accessTokens[first.key] = nil }
        }
        accessTokens[text] = token
    }

    /// The consent of that user to that client.
    func grant(user: String, client: String) -> Grant? {
        grants.first { $0.user == user && $0.clientID == client }
    }

    mutating func nextSerial() -> Int64 {
        serial += 1
        return serial
    }

    /// Forgets a consent and every token that came from it.
    mutating func revoke(grantID: Int64) {
        grants.removeAll { $0.id == grantID }
        accessTokens = accessTokens.filter { $0.value.grantID != grantID }
        refreshTokens = refreshTokens.filter { $0.value.grantID != grantID }
    }
}

/// What one user allows one client.
struct Grant {
    let id: Int64
    let user: String
    let clientID: String
    var scopes: [String]
}

/// A code that waits to be exchanged.
struct AuthorizationCode {
    let user: String
    let clientID: String
    let redirectURI: String
    let scopes: [String]
    let challenge: String?
    let isHashed: Bool
    let isOffline: Bool
    let givesRefreshToken: Bool
    let nonce: String?
    let grantID: Int64
    /// In milliseconds since 1970.
    let expires: Int64
    var isUsed = false
}

struct AccessToken {
    let user: String
    let clientID: String
    let scopes: [String]
    let grantID: Int64
    let isOffline: Bool
    /// In milliseconds since 1970.
    var expires: Int64
}

struct RefreshToken {
    let user: String
    let clientID: String
    let scopes: [String]
    let grantID: Int64
    let serial: Int64
    /// In milliseconds since 1970.
    var lastUsed: Int64
    /// When it dies however much it is used, in milliseconds since 1970; `nil` means never.
    let expires: Int64?
}

/// A device that waits for its user.
struct DeviceRequest {
    let clientID: String
    let userCode: String
    let scopes: [String]
    /// In milliseconds since 1970.
    let expires: Int64
    /// Seconds between polls.
    var interval: Int64 = 5
    var lastPoll: Int64?
    var state = State.pending

    enum State {
        case pending
        case denied
        /// The user's address and what the user allowed.
        case allowed(String, [String])
        /// The tokens have been handed out.
        case done
    }
}
