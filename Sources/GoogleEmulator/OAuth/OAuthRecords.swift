/// What one user allows one client.
struct Grant {
    let id: Int64
    let user: String
    let clientID: String
    var scopes: [String]
    /// When it ends by itself, in milliseconds since 1970; `nil` for never.
    var ends: Int64?
    /// Whether it was revoked; then its tokens work until it ends, and nobody consents any more.
    var isRevoked = false
    /// Its refresh tokens, oldest first; some may have died meanwhile.
    var refreshTokens: [String] = []
    /// The serials of codes that were used twice: what came from them is dead.
    var withdrawn: Set<Int64> = []

    func isLive(at now: Int64) -> Bool { ends.map { now < $0 } ?? true }
}

/// A code that waits to be exchanged.
struct AuthorizationCode {
    /// Tells what came from this code from what came from others.
    let serial: Int64
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
    /// The serial of the code it came from, 0 without one.
    let origin: Int64
    /// In milliseconds since 1970.
    var expires: Int64
}

struct RefreshToken {
    let user: String
    let clientID: String
    let scopes: [String]
    let grantID: Int64
    /// The serial of the code it came from, 0 without one.
    let origin: Int64
    /// When its time-limited grant ends, in milliseconds since 1970.
    let dies: Int64?
    /// In milliseconds since 1970.
    var lastUsed: Int64
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

/// How many device codes a client took in the present half hour.
struct DeviceQuota {
    var start: Int64
    var count: Int
}
