/// Text inside of pages.
enum HTML {
    static func escaped(_ text: String) -> String {
        var output = ""
        for character in text {
            switch character {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "'": output += "&#39;"
            default: output.append(character)
            }
        }
        return output
    }
}

/// The pages on which a person allows or denies.
enum ConsentPage {
    static func form(
        _ asked: AuthorizationRequest, users: [Account], chosen: Account?
    ) -> Reply {
        let hidden = asked.parameters.items
            .filter { !["granted", "decision", "user"].contains($0.name) }
            .map { item in
                "<input type=\"hidden\" name=\"\(HTML.escaped(item.name))\" "
                    + "value=\"\(HTML.escaped(item.value))\">"
            }
        let scopes = asked.scopes.filter { $0 != "openid" }
        return page(
            title: "Sign in to \(asked.client.id)",
            action: "", fields: hidden.joined(separator: "\n"),
            users: users, chosen: chosen, scopes: scopes)
    }

    static func page(
        title: String, action: String, fields: String, users: [Account], chosen: Account?,
        scopes: [String]
    ) -> Reply {
        let options = users.map { user in
            "<option\(user.email == chosen?.email ? " selected" : "")>"
                + "\(HTML.escaped(user.email))</option>"
        }
        let boxes = scopes.map { scope in
            "<p><label><input type=\"checkbox\" name=\"granted\" value=\"\(HTML.escaped(scope))\" "
                + "checked> \(HTML.escaped(scope))</label></p>"
        }
        return .page(
            """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Local Google</title></head>
            <body><h1>\(HTML.escaped(title))</h1>
            <form method="post"\(action.isEmpty ? "" : " action=\"\(HTML.escaped(action))\"")>
            \(fields)
            <p><label>Account <select name="user">\(options.joined())</select></label></p>
            \(boxes.joined(separator: "\n"))
            <p><button name="decision" value="allow">Allow</button>
            <button name="decision" value="deny">Deny</button></p>
            </form></body></html>
            """)
    }

    /// A page that only says something.
    static func message(_ text: String, status: Int = 200) -> Reply {
        .page(
            """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Local Google</title></head>
            <body><h1>\(HTML.escaped(text))</h1></body></html>
            """, status: status)
    }
}
