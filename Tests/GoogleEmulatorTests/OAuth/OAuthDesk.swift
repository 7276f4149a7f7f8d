import LosslessJSON

@testable import GoogleEmulator

/// The sign-in under test, with the requests that most tests begin with.
struct OAuthDesk {
    static let calendar = "https://www.googleapis.com/auth/calendar"
    static let contacts = "https://www.googleapis.com/auth/contacts"
    static let email = "https://www.googleapis.com/auth/userinfo.email"
    static let redirect = "http://127.0.0.1:9999/"

    let local: Local

    /// Consents by itself, unless told otherwise.
    init(autoConsent: Bool = true, _ change: (inout LocalGoogleConfiguration) -> Void = { _ in }) {
        local = Local {
            $0.autoConsent = autoConsent
            change(&$0)
        }
    }

    func set(_ change: @Sendable (inout Switches) -> Void) {
        local.google.locked { change(&$0.world.switches) }
    }

    /// Fields of a request, some of them changed; `-` leaves one out.
    private func fields(
        _ standard: [(String, String)], _ change: [(String, String)]
    ) -> [(String, String)] {
        let kept = standard.filter { item in !change.contains { $0.0 == item.0 } }
        return (kept + change).filter { $0.1 != "-" }
    }

    /// The fields of an authorization request.
    func request(_ change: [(String, String)] = []) -> [(String, String)] {
        let isWeb = change.contains { $0 == ("client_id", "web") }
        return fields(
            [
                ("client_id", "desktop"),
                ("redirect_uri", isWeb ? "https://app.example/back" : Self.redirect),
                ("response_type", "code"), ("scope", "\(Self.calendar) email"),
                ("access_type", "offline"), ("state", "s-1"),
            ], change)
    }

    func target(_ change: [(String, String)] = []) -> String {
        "/o/oauth2/v2/auth?"
            + request(change).map { "\($0.0)=\(PercentCoding.encode($0.1))" }
            .joined(separator: "&")
    }

    func authorize(
        _ change: [(String, String)] = [], headers: [(name: String, value: String)] = []
    ) -> Answer {
        local.send("GET", target(change), headers: headers)
    }

    /// Sends the form of consent.
    func decide(
        _ change: [(String, String)], granting scopes: [String] = [],
        headers: [(name: String, value: String)] = []
    ) -> Answer {
        local.post(
            "/o/oauth2/v2/auth", request(change) + scopes.map { ("granted", $0) },
            headers: headers)
    }

    func code(_ change: [(String, String)] = []) -> String {
        authorize(change).redirected["code"] ?? "none"
    }

    func exchange(_ code: String, _ change: [(String, String)] = []) -> Answer {
        local.post(
            "/token",
            fields(
                [
                    ("grant_type", "authorization_code"), ("code", code),
                    ("redirect_uri", Self.redirect), ("client_id", "desktop"),
                    ("client_secret", "s3cret+/"),
                ], change))
    }

    /// A whole sign-in.
    func tokens(_ change: [(String, String)] = []) -> Answer { exchange(code(change)) }

    /// A whole sign-in of the web client.
    func webTokens(_ change: [(String, String)] = []) -> Answer {
        exchange(
            code(change + [("client_id", "web")]),
            [
                ("client_id", "web"), ("client_secret", "web-secret"),
                ("redirect_uri", "https://app.example/back"),
            ])
    }

    func refresh(_ token: String?, _ change: [(String, String)] = []) -> Answer {
        local.post(
            "/token",
            fields(
                [
                    ("grant_type", "refresh_token"), ("refresh_token", token ?? ""),
                    ("client_id", "desktop"), ("client_secret", "s3cret+/"),
                ], change))
    }

    /// Calls the Calendar with a token.
    func me(_ token: String?) -> Answer {
        local.send(
            "GET", "/calendar/v3/users/me/calendarList",
            headers: [("Authorization", "Bearer \(token ?? "")")])
    }
}

extension Answer {
    var accessToken: String? { self["access_token"]?.string }
    var refreshToken: String? { self["refresh_token"]?.string }
    var error: String? { self["error"]?.string }
    var explanation: String? { self["error_description"]?.string }

    /// The parameters of the redirect.
    var redirected: Parameters {
        Parameters(
            formEncoded: (raw.header("Location") ?? "").split(separator: "?").last ?? "")
    }
}
