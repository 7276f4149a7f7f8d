import GoogleAPI
import GoogleEmulator
import WebClient

/// The person at the browser of a local Google: allows whatever is asked for.
struct LocalConsent: Sendable {
    let google: Google

    /// What was granted.
    struct Consent: Sendable {
        let refreshToken: String
        let accessToken: String
        let scopes: [String]
    }

    /// Signs the default user in.
    ///
    /// - Throws: `OAuthError`; `WebError` where nothing answers; ``CommandFailure`` with exit
    ///   `configuration` where the answer is no local Google's.
    func grant(
        client: LocalGoogleConfiguration.Client, scopes: [String]
    ) async throws -> Consent {
        let signIn = SignIn(
            oauth: google.oauth, client: OAuthClient(id: client.id, secret: client.secret),
            scopes: scopes)
        var address: WebURL?
        let grant = try await signIn.byPaste {
            address = $0
        } read: {
            try await redirect(from: address)
        }
        guard case .user(_, let refreshToken) = grant.source,
            let accessToken = grant.accessToken?.value
        else { throw Self.refusal(google.endpoints.authorization) }
        return Consent(
            refreshToken: refreshToken, accessToken: accessToken, scopes: grant.scopes)
    }

    /// Where the browser ends: at once, or after the form was sent with everything allowed.
    private func redirect(from address: WebURL?) async throws -> String {
        guard let address else { throw Self.refusal(google.endpoints.authorization) }
        let page = try await google.gate.send(
            WebRequest(url: address, maxResponseBytes: 1 << 20, label: "oauth.authorize"))
        if let location = page.headers["Location"] { return location }
        guard page.status == 200 else { throw Self.refusal(address) }
        let asked = address.queryFields.map { ($0.name, $0.value) }
        let granted = asked.filter { $0.0 == "scope" }.flatMap { field in
            field.1.split(separator: " ").map { ("granted", String($0)) }
        }
        let answer = try await google.gate.send(
            WebRequest(
                method: "POST", url: google.endpoints.authorization,
                headers: ["Content-Type": "application/x-www-form-urlencoded"],
                body: Array(
                    PercentCoding.form(asked + granted + [("decision", "allow")]).utf8),
                maxResponseBytes: 1 << 20, label: "oauth.consent"))
        guard let location = answer.headers["Location"] else { throw Self.refusal(address) }
        return location
    }

    private static func refusal(_ address: WebURL) -> CommandFailure {
        CommandFailure(
            .configuration, code: "notALocalGoogle",
            "What answers at \(address.origin) signs nobody in, so it is no local Google of ours, "
                + "or one with faults.",
            remedy: "tandem emulator start, or name another one: --url http://127.0.0.1:PORT")
    }
}
