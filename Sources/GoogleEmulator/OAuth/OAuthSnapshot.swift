import LosslessJSON

/// Consents and tokens in a snapshot; codes and waiting devices live too briefly to be kept.
enum OAuthSnapshot {
    static func document(_ state: OAuthState) -> JSON {
        [
            "serial": .int(state.serial), "grants": .array(state.grants.map(grant)),
            "accessTokens": .array(
                state.accessTokens.sorted { $0.key < $1.key }.map { access($0.key, $0.value) }),
            "refreshTokens": .array(
                state.refreshTokens.sorted { $0.key < $1.key }.map { refresh($0.key, $0.value) }),
        ]
    }

    private static func grant(_ grant: Grant) -> JSON {
        [
            "id": .int(grant.id), "user": .string(grant.user), "client": .string(grant.clientID),
            "scopes": .strings(grant.scopes),
        ]
    }

    private static func access(_ text: String, _ token: AccessToken) -> JSON {
        [
            "token": .string(text), "user": .string(token.user),
            "client": .string(token.clientID), "scopes": .strings(token.scopes),
            "grant": .int(token.grantID), "offline": .bool(token.isOffline),
            "expires": .int(token.expires),
        ]
    }

    private static func refresh(_ text: String, _ token: RefreshToken) -> JSON {
        var document: JSONObject = [
            "token": .string(text), "user": .string(token.user),
            "client": .string(token.clientID), "scopes": .strings(token.scopes),
            "grant": .int(token.grantID), "serial": .int(token.serial),
            "lastUsed": .int(token.lastUsed),
        ]
        document["expires"] = token.expires.map { .int($0) }
        return .object(document)
    }

    /// Reads what was kept; clients and fixed tokens stay those of the configuration.
    static func restoring(_ fields: SnapshotFields) throws(LocalGoogleError) -> (World) -> Void {
        let serial = try fields.int("serial")
        let grants = try fields.parts("grants").map { part throws(LocalGoogleError) in
            Grant(
                id: try part.int("id"), user: try part.string("user"),
                clientID: try part.string("client"), scopes: try part.strings("scopes"))
        }
        var accessTokens: [String: AccessToken] = [:]
        for part in try fields.parts("accessTokens") {
            accessTokens[try part.string("token")] = AccessToken(
                user: try part.string("user"), clientID: try part.string("client"),
                scopes: try part.strings("scopes"), grantID: try part.int("grant"),
                isOffline: part.flag("offline"), expires: try part.int("expires"))
        }
        var refreshTokens: [String: RefreshToken] = [:]
        for part in try fields.parts("refreshTokens") {
            refreshTokens[try part.string("token")] = RefreshToken(
                user: try part.string("user"), clientID: try part.string("client"),
                scopes: try part.strings("scopes"), grantID: try part.int("grant"),
                serial: try part.int("serial"), lastUsed: try part.int("lastUsed"),
                expires: part.json["expires"] == nil ? nil : try part.int("expires"))
        }
        return { [accessTokens, refreshTokens] world in
            world.oauth.codes = [:]
            world.oauth.devices = [:]
            world.oauth.serial = serial
            world.oauth.grants = grants
            world.oauth.accessTokens = accessTokens
            world.oauth.refreshTokens = refreshTokens
        }
    }
}
