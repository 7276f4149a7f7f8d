import LosslessJSON
import _CryptoExtras

/// All of the sign-in in a snapshot, keys included: consents, codes, tokens, devices, programs.
///
/// Clients and fixed tokens are not part of it; they stay those of the configuration. Switches are
/// none of any snapshot.
enum OAuthSnapshot {
    static func document(_ state: OAuthState) -> JSON {
        [
            "serial": .int(state.serial),
            "grants": .array(state.grants.values.sorted { $0.id < $1.id }.map(grant)),
            "codes": .array(state.codes.map { code($0.key, $0.value) }),
            "accessTokens": .array(
                state.accessTokens.filter { state.grants[$0.value.grantID] != nil }
                    .map { access($0.key, $0.value) }),
            "refreshTokens": .array(
                state.refreshTokens.filter { state.grants[$0.value.grantID] != nil }
                    .map { refresh($0.key, $0.value) }),
            "devices": .array(state.devices.map { device($0.key, $0.value) }),
            "deviceQuotas": .array(
                state.deviceQuotas.sorted { $0.key < $1.key }.map { quota in
                    [
                        "client": .string(quota.key), "start": .int(quota.value.start),
                        "count": .int(Int64(quota.value.count)),
                    ]
                }),
            "serviceAccounts": .array(
                state.serviceAccounts.values.sorted { $0.email < $1.email }.map(serviceAccount)),
            "signingKey": optional(state.signer?.pem),
        ]
    }

    private static func optional(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }
    private static func optional(_ number: Int64?) -> JSON { number.map { .int($0) } ?? .null }

    private static func grant(_ grant: Grant) -> JSON {
        [
            "id": .int(grant.id), "user": .string(grant.user), "client": .string(grant.clientID),
            "scopes": .strings(grant.scopes), "ends": optional(grant.ends),
            "revoked": .bool(grant.isRevoked),
            "withdrawn": .array(grant.withdrawn.sorted().map { .int($0) }),
        ]
    }

    private static func code(_ text: String, _ code: AuthorizationCode) -> JSON {
        [
            "code": .string(text), "serial": .int(code.serial), "user": .string(code.user),
            "client": .string(code.clientID), "redirect": .string(code.redirectURI),
            "scopes": .strings(code.scopes), "challenge": optional(code.challenge),
            "hashed": .bool(code.isHashed), "offline": .bool(code.isOffline),
            "refresh": .bool(code.givesRefreshToken), "nonce": optional(code.nonce),
            "grant": .int(code.grantID), "expires": .int(code.expires), "used": .bool(code.isUsed),
        ]
    }

    private static func access(_ text: String, _ token: AccessToken) -> JSON {
        [
            "token": .string(text), "user": .string(token.user),
            "client": .string(token.clientID), "scopes": .strings(token.scopes),
            "grant": .int(token.grantID), "offline": .bool(token.isOffline),
            "origin": .int(token.origin), "expires": .int(token.expires),
        ]
    }

    private static func refresh(_ text: String, _ token: RefreshToken) -> JSON {
        [
            "token": .string(text), "user": .string(token.user),
            "client": .string(token.clientID), "scopes": .strings(token.scopes),
            "grant": .int(token.grantID), "origin": .int(token.origin),
            "dies": optional(token.dies), "lastUsed": .int(token.lastUsed),
        ]
    }

    private static func device(_ text: String, _ device: DeviceRequest) -> JSON {
        var document: JSONObject = [
            "code": .string(text), "client": .string(device.clientID),
            "userCode": .string(device.userCode), "scopes": .strings(device.scopes),
            "expires": .int(device.expires), "interval": .int(device.interval),
            "lastPoll": optional(device.lastPoll),
        ]
        switch device.state {
        case .pending: document["state"] = "pending"
        case .denied: document["state"] = "denied"
        case .done: document["state"] = "done"
        case .allowed(let user, let scopes):
            document["state"] = "allowed"
            document["user"] = .string(user)
            document["granted"] = .strings(scopes)
        }
        return .object(document)
    }

    private static func serviceAccount(_ account: ServiceAccount) -> JSON {
        [
            "email": .string(account.email), "client": .string(account.clientID),
            "keys": .array(
                account.keys.map { key in
                    ["id": .string(key.id), "public": .string(key.publicKey.pemRepresentation)]
                }),
        ]
    }
}
