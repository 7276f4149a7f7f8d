import GoogleAPI
import GoogleEmulator
import WebClient

/// The person at the browser of a local Google: allows whatever is asked for.
struct LocalConsent: Sendable {
    let google: Google

    /// What a client may ask for; real programs get what their user consents to.
    static let everyScope =
        ["openid"]
        + [
            "userinfo.email", "userinfo.profile", "calendar", "contacts", "drive",
        ].map { "https://www.googleapis.com/auth/\($0)" }

    /// What was granted.
    struct Consent: Sendable {
        let refreshToken: String
        let accessToken: String
        let scopes: [String]
    }

    /// Signs a user in, the default one where none is named.
    ///
    /// - Throws: `OAuthError`; `WebError` where nothing answers; ``CommandFailure`` with exit
    ///   `configuration` where the answer is no local Google's.
    func grant(
        client: LocalGoogleConfiguration.Client, scopes: [String], user: String? = nil
    ) async throws -> Consent {
        let signIn = SignIn(
            oauth: google.oauth, client: OAuthClient(id: client.id, secret: client.secret),
            scopes: scopes, loginHint: user)
        var address: WebURL?
        let grant = try await signIn.byPaste {
            address = $0
        } read: {
            try await redirect(from: address, user: user)
        }
        guard case .user(_, let refreshToken) = grant.source,
            let accessToken = grant.accessToken?.value
        else { throw Self.refusal(google.endpoints.authorization) }
        return Consent(
            refreshToken: refreshToken, accessToken: accessToken, scopes: grant.scopes)
    }

    /// Where the browser ends: at once, or after the form was sent with everything allowed.
    private func redirect(from address: WebURL?, user: String?) async throws -> String {
        guard let address else { throw Self.refusal(google.endpoints.authorization) }
        let page = try await google.gate.send(
            WebRequest(url: address, maxResponseBytes: 1 << 20, label: "oauth.authorize"))
        if let location = page.headers["Location"] { return location }
        guard page.status == 200 else { throw Self.refusal(address, user) }
        let asked = address.queryFields.map { ($0.name, $0.value) }
        let granted = asked.filter { $0.0 == "scope" }.flatMap { field in
            field.1.split(separator: " ").map { ("granted", String($0)) }
        }
        let who = user.map { [("user", $0)] } ?? []
        let answer = try await google.gate.send(
            WebRequest(
                method: "POST", url: google.endpoints.authorization,
                headers: ["Content-Type": "application/x-www-form-urlencoded"],
                body: Array(
                    PercentCoding.form(asked + granted + who + [("decision", "allow")]).utf8),
                maxResponseBytes: 1 << 20, label: "oauth.consent"))
        guard let location = answer.headers["Location"] else { throw Self.refusal(address, user) }
        return location
    }

    private static func refusal(_ address: WebURL, _ user: String? = nil) -> CommandFailure {
        if let user {
            return CommandFailure(
                .notFound, code: "noUser",
                "The local Google at \(address.origin) does not let \(TerminalText.oneLine(user)) "
                    + "sign in: it has no such user, or faults.",
                remedy: "tandem emulator start --user EMAIL, or tandem emulator seed FILE")
        }
        return CommandFailure(
            .configuration, code: "notALocalGoogle",
            "What answers at \(address.origin) signs nobody in, so it is no local Google of ours, "
                + "or one with faults.",
            remedy: "tandem emulator start, or name another one: --url http://127.0.0.1:PORT")
    }
}

extension App {
    /// Signs a user of the local Google at an address in, with the client that each of them knows.
    ///
    /// - Throws: As ``LocalConsent/grant(client:scopes:user:)`` does.
    func consent(at url: String, user: String? = nil) async throws -> LocalConsent.Consent {
        try await moved(to: places, flags: [.googleURL: url]).withGoogle { google in
            try await LocalConsent(google: google).grant(
                client: .tandemLocal, scopes: LocalConsent.everyScope, user: user)
        }
    }
}
