import Foundation
import GoogleAPI
import LosslessJSON
import Synchronization
import WebClient

/// A network whose answers a test writes, and which remembers what was sent.
final class ScriptedGoogle: Sendable {
    typealias Reply = @Sendable (WebRequest) -> Result<WebResponse, WebError>
    private struct Memory: Sendable {
        var requests: [WebRequest] = []
        var replies: [Reply]
    }
    private let memory: Mutex<Memory>

    /// Request n gets reply n; later ones the last.
    init(_ replies: [Reply]) { memory = Mutex(Memory(replies: replies)) }

    /// Answers each request with the next of these.
    convenience init(answers: [WebResponse]) {
        self.init(answers.map { answer in { _ in .success(answer) } })
    }

    /// Fails each request so.
    convenience init(failing error: WebError) { self.init([{ _ in .failure(error) }]) }

    var requests: [WebRequest] { memory.withLock { $0.requests } }

    var gate: WebGate {
        WebGate(
            transport: ClosureTransport { request throws(WebError) in
                let reply = self.memory.withLock { memory -> Reply? in
                    memory.requests.append(request)
                    return memory.replies.count > 1
                        ? memory.replies.removeFirst() : memory.replies.first
                }
                guard let reply else {
                    throw WebError(code: .connect, message: "The script is over.")
                }
                return try reply(request).get()
            }, product: "Test", uptime: { .zero })
    }

    /// A client whose token is `token-1` and never changes.
    var client: GoogleClient {
        GoogleClient(
            gate: gate, endpoints: .google, tokens: TokenSource(fixed: "token-1"),
            now: { Fixtures.now })
    }

    var calendar: CalendarAPI { CalendarAPI(client: client) }

    var oauth: OAuthAPI { OAuthAPI(gate: gate, endpoints: .google, now: { Fixtures.now }) }
}

enum Fixtures {
    /// 2026-11-22T07:31:34Z.
    static let now = Date(timeIntervalSince1970: 1_795_332_694)
    static let client = OAuthClient(
        id: "123-abc.apps.googleusercontent.com", secret: "GOCSPX-canarysecret")
}

extension WebResponse {
    /// An answer with a JSON text.
    static func json(
        _ text: String, status: Int = 200, headers: [(String, String)] = []
    ) -> WebResponse {
        WebResponse(
            status: status,
            headers: WebHeaders([("Content-Type", "application/json; charset=UTF-8")] + headers),
            body: Array(text.utf8))
    }

    /// Google's error envelope with one reason.
    static func googleError(
        _ status: Int, _ reason: String, domain: String = "global", location: String? = nil,
        message: String = "Said by Google.", headers: [(String, String)] = []
    ) -> WebResponse {
        let place = location.map { ",\"locationType\":\"parameter\",\"location\":\"\($0)\"" } ?? ""
        return json(
            """
            {"error":{"errors":[{"domain":"\(domain)","reason":"\(reason)",\
            "message":"\(message)"\(place)}],"code":\(status),"message":"\(message)"}}
            """, status: status, headers: headers)
    }
}

extension WebRequest {
    var bodyText: String { String(decoding: body ?? [], as: UTF8.self) }

    /// The body's form fields as `name=value`, in order.
    var form: [String] { PercentCoding.fields(of: bodyText).map { "\($0.name)=\($0.value)" } }

    /// The query's fields as `name=value`, in order.
    var queryTexts: [String] { url.queryFields.map { "\($0.name)=\($0.value)" } }
}

/// Every way in which a value can be turned into text.
func texts(of value: Any) -> [String] {
    var dumped = ""
    dump(value, to: &dumped)
    return [String(describing: value), String(reflecting: value), "\(value)", dumped]
}
