/// The pages on which a person allows or denies.
enum ConsentPage {
    /// How many accounts are offered; with more of them the address is typed by `login_hint`.
    private static let maxUsers = 200

    static func form(
        _ asked: AuthorizationRequest, users: [Account], chosen: Account?
    ) -> Reply {
        let hidden = asked.parameters.items
            .filter { !["granted", "decision", "user"].contains($0.name) }
            .map { HTML.hidden($0.name, $0.value) }
        return page(
            client: asked.client.id,
            note: "Afterwards this browser goes back to \(asked.redirectURI).",
            action: nil, fields: hidden.joined(separator: "\n"),
            users: users, chosen: chosen, scopes: asked.scopes)
    }

    static func page(
        client: String, note: String, action: String?, fields: String, users: [Account],
        chosen: Account?, scopes: [String]
    ) -> Reply {
        var shown = Array(users.prefix(maxUsers))
        if let chosen, !shown.contains(where: { $0.email == chosen.email }) {
            shown.insert(chosen, at: 0)
        }
        let options = shown.map { user in
            "<option\(user.email == chosen?.email ? " selected" : "")>"
                + "\(HTML.escaped(user.email))</option>"
        }
        let action = action.map { " action=\"\(HTML.escaped($0))\"" } ?? ""
        return Page.reply(
            title: "\(client) asks for access to an account",
            body: """
                <p>\(HTML.escaped(note))</p>
                <form method="post"\(action)>
                \(fields)
                <label>Account <select name="user">\(options.joined())</select></label>
                <fieldset><legend>What it may do</legend>
                \(scopes.map(box).joined(separator: "\n"))
                </fieldset>
                <p class="buttons"><button name="decision" value="deny">Deny</button>
                <button class="main" name="decision" value="allow">Allow</button></p>
                </form>
                """)
    }

    /// One scope; who the user is comes with every sign-in and cannot be unticked.
    private static func box(_ scope: String) -> String {
        let name = HTML.escaped(scope)
        let meaning = KnownScopes.meaning(of: scope).map(HTML.escaped)
        let text = meaning.map { "\($0)<small>\(name)</small>" } ?? name
        let input =
            scope == "openid"
            ? "<input type=\"checkbox\" checked disabled>"
            : "<input type=\"checkbox\" name=\"granted\" value=\"\(name)\" checked>"
        return "<label class=\"scope\">\(input) <span>\(text)</span></label>"
    }
}
