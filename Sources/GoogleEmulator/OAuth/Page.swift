/// Text inside of pages.
enum HTML {
    static func escaped(_ text: some StringProtocol) -> String {
        var output = ""
        // By scalars: a combining mark after a character must not hide it.
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "'": output += "&#39;"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }

    /// A field that the person does not see.
    static func hidden(_ name: String, _ value: String) -> String {
        "<input type=\"hidden\" name=\"\(escaped(name))\" value=\"\(escaped(value))\">"
    }
}

/// The frame of every page for people: it needs nothing from elsewhere and runs no script.
enum Page {
    /// A page with a heading, which is text, and what follows it, which is HTML.
    static func reply(title: String, body: String, status: Int = 200) -> Reply {
        let title = HTML.escaped(title)
        let html = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title) · Local Google</title>
            <style>\(style)</style>
            </head>
            <body>
            <main>
            <p class="brand">Local Google</p>
            <h1>\(title)</h1>
            \(body)
            </main>
            <footer>For tests on this machine. No real account is involved.</footer>
            </body>
            </html>

            """
        return Reply(
            status: status, headers: headers,
            content: .other("text/html; charset=utf-8", Array(html.utf8)))
    }

    /// A page that only says something.
    static func message(_ title: String, _ text: String, status: Int = 200) -> Reply {
        reply(title: title, body: "<p>\(HTML.escaped(text))</p>", status: status)
    }

    /// No script, and no frame around it.
    ///
    /// Where a form may lead to is left open, because browsers hold the redirect to the client
    /// against it.
    private static let headers: [(name: String, value: String)] = [
        ("Cache-Control", "no-store"),
        (
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
        ),
        ("X-Frame-Options", "DENY"), ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
    ]

    private static let style = """
        :root { color-scheme: light dark; }
        body { font: 16px/1.5 system-ui, sans-serif; margin: 0; padding: 3rem 1rem;
          display: grid; justify-items: center; }
        main { box-sizing: border-box; width: 100%; max-width: 32rem; padding: 1.5rem 2rem 2rem;
          border: 1px solid #8886; border-radius: 12px; overflow-wrap: anywhere; }
        h1 { font-size: 1.4rem; line-height: 1.3; margin: 0 0 1rem; }
        .brand { margin: 0 0 .5rem; font-size: .85rem; font-weight: 600; color: #1a73e8; }
        fieldset { border: 0; margin: 1.25rem 0; padding: 0; }
        legend { padding: 0; font-weight: 600; }
        .scope { display: flex; gap: .75rem; align-items: flex-start; padding: .6rem 0;
          border-bottom: 1px solid #8884; }
        .scope input { margin-top: .35rem; }
        small { display: block; opacity: .7; }
        select, input[name=user_code] { font: inherit; box-sizing: border-box; width: 100%;
          padding: .5rem; margin-top: .25rem; }
        .buttons { display: flex; gap: .75rem; justify-content: flex-end; margin: 1.5rem 0 0; }
        button { font: inherit; padding: .5rem 1.5rem; border: 1px solid #1a73e8;
          border-radius: 999px; background: none; color: inherit; cursor: pointer; }
        button.main { background: #1a73e8; color: #fff; }
        footer { max-width: 32rem; margin-top: 1rem; font-size: .85rem; opacity: .7; }
        @media (prefers-color-scheme: dark) { .brand { color: #8ab4f8; } }
        """
}

/// What is shown to a person instead of being sent to a redirect address.
struct AuthorizationError: Error {
    let error: String
    let explanation: String
    let status: Int

    init(_ error: String, _ explanation: String, status: Int = 400) {
        self.error = error
        self.explanation = explanation
        self.status = status
    }

    var reply: Reply {
        Page.reply(
            title: "Access blocked: authorization error",
            body: """
                <p>\(HTML.escaped(explanation))</p>
                <p><small>Error \(status): \(HTML.escaped(error))</small></p>
                """, status: status)
    }
}
