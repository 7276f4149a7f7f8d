import Synchronization
import WebClient

/// Decides what each request to the loopback listener gets; pure but for remembering that the one
/// answer was given.
///
/// Only a `GET` of the redirect's own path, with the listener's own host name and the state of this
/// sign-in, counts as the answer. Everything else (icons, other paths, foreign names and states) is
/// refused and changes nothing: any program or page on this machine can ask.
final class RedirectReceiver: Sendable {
    private struct Waiting: Sendable {
        let request: AuthorizationRequest
        let redirect: WebURL
        let hosts: Set<String>
    }
    private enum Phase: Sendable {
        case starting
        case waiting(Waiting)
        case answered(Result<AuthorizationCode, OAuthError>)
    }
    private let phase = Mutex(Phase.starting)

    /// Begins to accept the redirect of `request`.
    ///
    /// - Parameters:
    ///   - request: The sign-in.
    ///   - redirect: Its redirect address.
    ///   - port: The port listened on.
    func begin(_ request: AuthorizationRequest, redirect: WebURL, port: Int) {
        // Behind a proxy the name is the redirect's own; at the listener it is a loopback name.
        let hosts: Set = [
            redirect.authority, "127.0.0.1:\(port)", "localhost:\(port)", "[::1]:\(port)",
        ]
        phase.withLock {
            $0 = .waiting(Waiting(request: request, redirect: redirect, hosts: hosts))
        }
    }

    /// The code, or why there is none; `nil` before the answer came.
    var outcome: Result<AuthorizationCode, OAuthError>? {
        phase.withLock { phase in
            if case .answered(let outcome) = phase { return outcome }
            return nil
        }
    }

    /// Replies to one request; the first that counts ends the sign-in.
    func reply(to incoming: LoopbackRequest) -> LoopbackReply {
        phase.withLock { phase in
            guard case .waiting(let waiting) = phase else {
                return SignInPage.reply(410, "This sign-in is over", "You can close this page.")
            }
            guard waiting.hosts.contains(incoming.host) else {
                return SignInPage.reply(400, "Wrong address", "This page has another name.")
            }
            guard incoming.method == "GET" else {
                return SignInPage.reply(405, "Not allowed", "Only the browser's redirect is.")
            }
            let redirect: WebURL
            do { redirect = try WebURL(waiting.redirect.origin + incoming.target) } catch {
                return SignInPage.reply(400, "Broken address", "Nothing was changed.")
            }
            let says = Set(redirect.queryFields.map(\.name))
            guard redirect.path == waiting.redirect.path,
                !says.isDisjoint(with: ["code", "error", "state"])
            else {
                return SignInPage.reply(404, "Nothing here", "Go back to the sign-in page.")
            }
            let outcome = Self.outcome(of: waiting.request, redirect: redirect)
            if case .failure(let error) = outcome, error.code == .stateMismatch {
                return SignInPage.reply(
                    400, "Another sign-in",
                    "This answer does not belong to the sign-in that waits here; it was ignored.")
            }
            phase = .answered(outcome)
            return SignInPage.reply(for: outcome)
        }
    }
}

extension RedirectReceiver {
    private static func outcome(
        of request: AuthorizationRequest, redirect: WebURL
    ) -> Result<AuthorizationCode, OAuthError> {
        do { return .success(try request.code(from: redirect)) } catch { return .failure(error) }
    }
}

/// The page that the browser shows at the end.
enum SignInPage {
    static func reply(for outcome: Result<AuthorizationCode, OAuthError>) -> LoopbackReply {
        switch outcome {
        case .success:
            reply(
                200, "Signed in", "You can close this page and go back to the terminal.",
                isFinal: true)
        case .failure(let error):
            reply(400, "Not signed in", error.message, isFinal: true)
        }
    }

    static func reply(
        _ status: Int, _ title: String, _ text: String, isFinal: Bool = false
    ) -> LoopbackReply {
        let page = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>\(escaped(title))</title>
            <meta name="viewport" content="width=device-width">
            <style>
            :root{color-scheme:light dark}
            body{font:1.1rem/1.6 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem}
            </style></head>
            <body><main><h1>\(escaped(title))</h1><p>\(escaped(text))</p></main></body></html>
            """
        return LoopbackReply(status: status, page: page, isFinal: isFinal)
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }
}
