import Crypto
import LosslessJSON

extension OAuthCall {
    /// The token that tells a client who signed in.
    ///
    /// - SeeAlso: OpenID Connect Core 1.0 sections 2 and 3.1.3.6.
    func identityToken(_ issue: Issue, accessToken: String) throws(OAuthFailure) -> String {
        guard let account = world.account(issue.user) else { throw .deadGrant }
        let half = SHA256.hash(data: Array(accessToken.utf8)).prefix(16)
        var claims: JSONObject = [
            "iss": "https://accounts.google.com", "azp": .string(issue.clientID),
            "aud": .string(issue.clientID), "sub": .string(account.subject),
        ]
        claims["hd"] = account.hostedDomain.map { .string($0) }
        if issue.scopes.contains(ScopeRules.email) {
            claims["email"] = .string(account.email)
            claims["email_verified"] = true
        }
        claims["at_hash"] = .string(EventLinks.base64URL(Array(half)))
        claims["nonce"] = issue.nonce.map { .string($0) }
        if issue.scopes.contains(ScopeRules.profile) {
            for member in account.profile where member.key != "locale" {
                claims[member.key] = member.value
            }
        }
        return try signed(claims)
    }

    /// Signs claims; they count from now on for an hour.
    func signed(_ claims: JSONObject) throws(OAuthFailure) -> String {
        var claims = claims
        claims["iat"] = .number(JSONNumber(world.now / 1000))
        claims["exp"] = .number(JSONNumber(world.now / 1000 + 3600))
        do { return try signer.token(claims) } catch {
            throw OAuthFailure(500, "internal_failure", "The identity token cannot be signed.")
        }
    }

    /// What an identity token of this server says; `nil` if it is forged or too old.
    func claims(ofIdentityToken text: String) throws(OAuthFailure) -> ReceivedToken? {
        guard let token = ReceivedToken(text), let ends = token.claims["exp"]?.int,
            ends > world.now / 1000
        else { return nil }
        do { return token.isSigned(by: try signer.publicKey()) ? token : nil } catch {
            throw OAuthFailure(500, "internal_failure", "The signing key cannot be made.")
        }
    }
}

extension Account {
    /// The domain of an organisation; private addresses have none.
    var hostedDomain: String? { domain == "gmail.com" || domain.isEmpty ? nil : domain }

    /// Name, picture and language in the words of OpenID Connect.
    var profile: JSONObject {
        var document: JSONObject = [
            "name": .string(name), "given_name": .string(givenName),
        ]
        if !familyName.isEmpty { document["family_name"] = .string(familyName) }
        document["picture"] = .string(
            "https://lh3.googleusercontent.com/a/default-\(subject)=s96-c")
        document["locale"] = .string(settings.first { $0.id == "locale" }?.value ?? "en")
        return document
    }
}
