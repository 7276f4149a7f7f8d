import LosslessJSON

/// Everything that OAuth remembers: clients, consents, codes and tokens.
///
/// All of it is bounded: consents by users and clients, the rest by the stores' limits.
struct OAuthState {
    private var clients: [String: LocalGoogleConfiguration.Client]
    /// Bearer tokens of the configuration, by token; the value is the user's address.
    var fixedTokens: [String: String] = [:]
    /// What users have consented to.
    private(set) var grants: [Int64: Grant] = [:]
    private var grantIDs: [GrantKey: Int64] = [:]
    var codes = BoundedStore<AuthorizationCode>(limit: 4000)
    var accessTokens = BoundedStore<AccessToken>(limit: 50_000)
    var refreshTokens = BoundedStore<RefreshToken>(limit: 50_000)
    var devices = BoundedStore<DeviceRequest>(limit: 10_000)
    /// Device codes by the code that the person types.
    var userCodes = BoundedStore<String>(limit: 10_000)
    var deviceQuotas: [String: DeviceQuota] = [:]
    /// Service accounts by their address.
    var serviceAccounts: [String: ServiceAccount] = [:]
    /// What signs identity tokens, once that was needed.
    var signer: TokenSigner?
    /// Counts grants and codes.
    var serial: Int64 = 0

    private struct GrantKey: Hashable {
        let user: String
        let clientID: String
    }

    init(configuration: LocalGoogleConfiguration) {
        clients = Dictionary(
            (configuration.clients + [.tandemLocal]).map { ($0.id, $0) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Keeps the clients and fixed tokens that another state knows from its configuration.
    mutating func takeConfiguration(of other: OAuthState) {
        clients = other.clients
        fixedTokens = other.fixedTokens
    }

    func client(_ id: String) -> LocalGoogleConfiguration.Client? { clients[id] }

    mutating func nextSerial() -> Int64 {
        serial += 1
        return serial
    }

    /// The standing consent of that user to that client.
    func grant(user: String, client: String, at now: Int64) -> Grant? {
        guard let id = grantIDs[GrantKey(user: user, clientID: client)], let grant = grants[id],
            !grant.isRevoked, grant.isLive(at: now)
        else { return nil }
        return grant
    }

    /// Adds scopes to what a user allows a client; from now on it lasts as long as `ends` says.
    mutating func consent(
        _ scopes: [String], user: String, client: String, ends: Int64?, at now: Int64
    ) -> Grant {
        if var grant = grant(user: user, client: client, at: now) {
            for scope in scopes where !grant.scopes.contains(scope) { grant.scopes.append(scope) }
            grant.ends = ends
            grants[grant.id] = grant
            return grant
        }
        let key = GrantKey(user: user, clientID: client)
        if let old = grantIDs[key] { revoke(grantID: old) }
        let grant = Grant(
            id: nextSerial(), user: user, clientID: client, scopes: scopes, ends: ends)
        put(grant)
        return grant
    }

    /// Takes a consent in as it is.
    mutating func put(_ grant: Grant) {
        grants[grant.id] = grant
        grantIDs[GrantKey(user: grant.user, clientID: grant.clientID)] = grant.id
    }

    /// Ends a consent and with it every token that came from it.
    mutating func revoke(grantID: Int64) {
        guard let grant = grants.removeValue(forKey: grantID) else { return }
        let key = GrantKey(user: grant.user, clientID: grant.clientID)
        if grantIDs[key] == grantID { grantIDs[key] = nil }
        // Access tokens are looked up together with their consent; they go when their time comes.
        for token in grant.refreshTokens { refreshTokens[token] = nil }
    }

    /// Ends a consent at a later moment.
    mutating func revoke(grantID: Int64, at moment: Int64) {
        guard var grant = grants[grantID] else { return }
        grant.isRevoked = true
        grant.ends = min(grant.ends ?? moment, moment)
        grants[grantID] = grant
    }

    /// Ends what came from one code.
    mutating func withdraw(_ code: AuthorizationCode) {
        grants[code.grantID]?.withdrawn.insert(code.serial)
        // Nobody loses so many codes by accident.
        if grants[code.grantID]?.withdrawn.count ?? 0 > 1000 { revoke(grantID: code.grantID) }
    }

    /// Whether what came from a code, 0 for none, still holds under its consent.
    func isLive(_ grantID: Int64, _ origin: Int64, at now: Int64) -> Bool {
        guard let grant = grants[grantID] else { return false }
        return grant.isLive(at: now) && !grant.withdrawn.contains(origin)
    }

    /// The access token of that text, unless it is expired or revoked.
    func liveAccessToken(_ text: String, at now: Int64) -> AccessToken? {
        guard let token = accessTokens[text], token.expires > now,
            isLive(token.grantID, token.origin, at: now)
        else { return nil }
        return token
    }

    /// The refresh token of that text, unless it is dead.
    func liveRefreshToken(
        _ text: String, under switches: Switches, at now: Int64
    ) -> RefreshToken? {
        guard let token = refreshTokens[text], isLive(token.grantID, token.origin, at: now),
            now - token.lastUsed <= Int64(switches.idleDays) * 86_400_000,
            token.dies.map({ now < $0 }) ?? true
        else { return nil }
        return token
    }

    /// Takes a refresh token in; where its consent has too many of them the oldest go.
    mutating func add(
        _ token: RefreshToken, as text: String, under switches: Switches, at now: Int64
    ) {
        refreshTokens[text] = token
        guard var grant = grants[token.grantID] else { return }
        grant.refreshTokens.removeAll {
            liveRefreshToken($0, under: switches, at: now) == nil
        }
        grant.refreshTokens.append(text)
        while grant.refreshTokens.count > max(1, switches.refreshTokensPerClient) {
            refreshTokens[grant.refreshTokens.removeFirst()] = nil
        }
        grants[token.grantID] = grant
    }

    /// Takes a refresh token in as it is.
    mutating func put(_ token: RefreshToken, as text: String) {
        refreshTokens[text] = token
        grants[token.grantID]?.refreshTokens.append(text)
    }

    /// Ends the refresh tokens of a user, or of everybody for `nil`, whose scopes fulfil a condition.
    mutating func endRefreshTokens(of user: String?, where matches: ([String]) -> Bool) {
        refreshTokens = refreshTokens.filter {
            (user != nil && $0.value.user != user) || !matches($0.value.scopes)
        }
    }
}
