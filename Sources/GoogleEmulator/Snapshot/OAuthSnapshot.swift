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
        [
            "token": .string(text), "user": .string(token.user),
            "client": .string(token.clientID), "scopes": .strings(token.scopes),
            "grant": .int(token.grantID), "serial": .int(token.serial),
            "lastUsed": .int(token.lastUsed),
        ]
    }

    /// Clients and fixed tokens stay those of the configuration.
    static func state(
        _ fields: SnapshotFields, over old: OAuthState
    ) throws(LocalGoogleError) -> OAuthState {
        var state = old
        state.codes = [:]
        state.devices = [:]
        state.accessTokens = [:]
        state.refreshTokens = [:]
        state.serial = try fields.int("serial")
        state.grants = try fields.parts("grants").map { part throws(LocalGoogleError) in
            Grant(
                id: try part.int("id"), user: try part.string("user"),
                clientID: try part.string("client"), scopes: try part.strings("scopes"))
        }
        for part in try fields.parts("accessTokens") {
            state.accessTokens[try part.string("token")] = AccessToken(
                user: try part.string("user"), clientID: try part.string("client"),
                scopes: try part.strings("scopes"), grantID: try part.int("grant"),
                isOffline: part.flag("offline"), expires: try part.int("expires"))
        }
        for part in try fields.parts("refreshTokens") {
            state.refreshTokens[try part.string("token")] = RefreshToken(
                user: try part.string("user"), clientID: try part.string("client"),
                scopes: try part.strings("scopes"), grantID: try part.int("grant"),
                serial: try part.int("serial"), lastUsed: try part.int("lastUsed"))
        }
        return state
    }
}
