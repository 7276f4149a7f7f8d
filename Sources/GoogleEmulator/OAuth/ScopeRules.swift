/// How scopes are asked for, and what Google ties to some of them.
enum ScopeRules {
    static let email = Scopes.prefix + "userinfo.email"
    static let profile = Scopes.prefix + "userinfo.profile"

    /// The scopes that only say who the user is.
    static let signIn: Set<String> = ["openid", email, profile]

    /// What is told of tokens that are fixed; they hold every scope.
    static let ofFixedTokens = [
        "openid", email, profile, Scopes.prefix + "calendar", Scopes.prefix + "contacts",
        Scopes.prefix + "drive",
    ]

    /// What a request's words come to.
    struct Reading {
        /// Aliases resolved, each once; `openid` joins e-mail and profile.
        var scopes: [String] = []
        /// Words that are no scopes, at most ten of them.
        var unknown: [String] = []
    }

    /// Reads the scopes of a request.
    static func read(_ text: String) -> Reading {
        var reading = Reading()
        var seen: Set<String> = []
        for word in text.split(whereSeparator: { $0.isWhitespace }) {
            let name =
                switch word {
                case "email": email
                case "profile": profile
                default: String(word)
                }
            guard let scope = KnownScopes.known(name) else {
                if reading.unknown.count < 10 { reading.unknown.append(name) }
                continue
            }
            if seen.insert(scope).inserted { reading.scopes.append(scope) }
        }
        if !seen.isDisjoint(with: signIn), !seen.contains("openid") {
            reading.scopes.append("openid")
        }
        return reading
    }

    /// The scopes of a request.
    ///
    /// - Returns: `nil` if one of them does not exist or there is none.
    static func requested(_ text: String) -> [String]? {
        let reading = read(text)
        return reading.unknown.isEmpty && !reading.scopes.isEmpty ? reading.scopes : nil
    }

    /// Whether Google lets a device ask for it.
    ///
    /// - SeeAlso: Google Identity, "OAuth 2.0 for TV and Limited-Input Device Applications".
    static func isAllowedForDevices(_ scope: String) -> Bool {
        if signIn.contains(scope) { return true }
        guard scope.hasPrefix(Scopes.prefix) else { return false }
        let name = scope.dropFirst(Scopes.prefix.count)
        return name == "drive.appdata" || name == "drive.file" || name.hasPrefix("youtube")
    }

    /// Whether a new password ends refresh tokens with it.
    ///
    /// - SeeAlso: Google Identity, "Using OAuth 2.0 to Access Google APIs", section "Refresh token
    ///   expiration".
    static func isMail(_ scope: String) -> Bool {
        scope == "https://mail.google.com/" || scope.hasPrefix(Scopes.prefix + "gmail.")
    }
}
