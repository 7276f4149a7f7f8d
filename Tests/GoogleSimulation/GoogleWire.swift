import Foundation
import GoogleAPI
import GoogleConnector
import GoogleEmulator
import LosslessJSON
import Synchronization
import TandemCore
import TandemTesting
import WebClient

/// What lies between one replica and Google: no socket, and whatever goes wrong on the way.
final class GoogleWire: Sendable {
    private struct State {
        var fault: GoogleFault?
        var late: [EmulatorRequest] = []
        /// The requests to the API so far, such as `GET /calendar/v3/…`.
        var requests: [String] = []
    }

    private let side: GoogleSide
    private let clock: VirtualClock
    private let state = Mutex(State())

    init(to side: GoogleSide, clock: VirtualClock) {
        self.side = side
        self.clock = clock
    }

    /// A new connector, as a program makes one that was just started.
    func connector() throws -> GoogleAccountConnector {
        let transport = ClosureTransport { [self] request throws(WebError) in try send(request) }
        let clock = clock
        let now: @Sendable () -> Date = {
            Date(timeIntervalSince1970: Double(clock.now().milliseconds) / 1000)
        }
        let gate = WebGate(transport: transport, uptime: { .zero })
        let endpoints = try GoogleEndpoints(loopback: "http://127.0.0.1:1")
        let oauth = OAuthAPI(gate: gate, endpoints: endpoints, now: now)
        let tokens = TokenSource(
            grant: try grant(), now: now,
            renew: { grant throws(OAuthError) in try await oauth.renew(grant) }, save: { _ in })
        return GoogleAccountConnector(
            client: GoogleClient(gate: gate, endpoints: endpoints, tokens: tokens, now: now))
    }

    private func grant() throws -> OAuthGrant {
        let file = try JSON(
            parsing: side.google.credentials(for: GoogleSide.ada, baseURL: "http://127.0.0.1:1"))
        let client = OAuthClient(
            id: file["client_id"]?.string ?? "", secret: file["client_secret"]?.string)
        return OAuthGrant(
            source: .user(client: client, refreshToken: file["refresh_token"]?.string ?? ""))
    }

    // MARK: - What the world does to it

    /// Lets the next requests meet a fault, until ``mend()``.
    func spoil(_ fault: GoogleFault) throws {
        state.withLock { $0.fault = fault }
        if let armed = fault.answered { try side.google.addFault(armed) }
    }

    /// Lets everything pass again.
    func mend() {
        state.withLock { $0.fault = nil }
        side.google.removeFault()
    }

    /// The requests so far.
    var requests: [String] { state.withLock { $0.requests } }

    /// Forgets the requests so far.
    func clearRequests() { state.withLock { $0.requests = [] } }

    /// Whether something is on its way still.
    var hasLate: Bool { state.withLock { !$0.late.isEmpty } }

    /// Lets a request arrive that was given up; whoever sent it may not be signed in any more.
    func arrive(_ number: Int) {
        let request = state.withLock { state in
            state.late.isEmpty ? nil : state.late.remove(at: number % state.late.count)
        }
        guard var request else { return }
        request.headers.removeAll { $0.name.lowercased() == "authorization" }
        request.headers.append(("Authorization", "Bearer ada-in-the-web"))
        _ = side.deliver(request)
    }

    // MARK: - What passes

    private func send(_ request: WebRequest) throws(WebError) -> WebResponse {
        let isSignIn = request.url.path.hasSuffix("/token")
        let sent = EmulatorRequest(
            method: request.method, path: request.url.path, query: request.url.query ?? "",
            headers: request.headers.fields.map { (name: $0.name, value: $0.value) }
                + [(name: "Host", value: "127.0.0.1:1")],
            body: request.body ?? [])
        let fault = state.withLock { state in
            if !isSignIn { state.requests.append("\(sent.method) \(sent.path)") }
            guard let fault = state.fault, fault == .signedOut || !isSignIn else {
                return GoogleFault?.none
            }
            // One request meets it; what the grant allows is gone for all.
            if fault != .signedOut { state.fault = nil }
            return fault
        }
        guard let fault else { return Self.answer(side.deliver(sent)) }
        return try pass(sent, meeting: fault, isSignIn: isSignIn)
    }

    private func pass(
        _ request: EmulatorRequest, meeting fault: GoogleFault, isSignIn: Bool
    ) throws(WebError) -> WebResponse {
        switch fault {
        case .unreachable:
            throw WebError(code: .connect, message: "Nobody answers.", wasSent: false)
        case .requestLost:
            throw WebError(code: .timeout, message: "No answer came.", wasSent: true)
        case .answerLate:
            if request.method != "GET" { state.withLock { $0.late.append(request) } }
            throw WebError(code: .timeout, message: "No answer came in time.", wasSent: true)
        case .answerLost:
            _ = side.deliver(request)
            throw WebError(code: .cut, message: "The connection broke.", wasSent: true)
        case .signedOut:
            return isSignIn
                ? Self.answer(400, ["error": "invalid_grant"])
                : Self.answer(401, Self.error(401, "authError"))
        case .failedAfter:
            _ = side.deliver(request)
            return Self.answer(500, Self.error(500, "backendError"))
        case .duplicate:
            let first = side.deliver(request)
            _ = side.deliver(request)
            return Self.answer(first)
        default: return Self.misread(Self.answer(side.deliver(request)), fault)
        }
    }

    private static func misread(_ answer: WebResponse, _ fault: GoogleFault) -> WebResponse {
        var answer = answer
        switch fault {
        case .cutShort: answer.body = Array(answer.body.prefix(answer.body.count / 2))
        case .garbage:
            answer.status = 200
            answer.body = [0xFF] + answer.body.reversed()
        case .portal:
            answer.status = 200
            answer.headers["Content-Type"] = "text/html"
            answer.body = Array("<html><body>Please accept our terms.</body></html>".utf8)
        default: break
        }
        return answer
    }

    private static func answer(_ response: EmulatorResponse) -> WebResponse {
        WebResponse(
            status: response.status,
            headers: WebHeaders(response.headers.map { ($0.name, $0.value) }),
            body: response.body)
    }

    private static func answer(_ status: Int, _ json: JSON) -> WebResponse {
        WebResponse(
            status: status, headers: ["Content-Type": "application/json"], body: json.serialized())
    }

    private static func error(_ status: Int, _ reason: String) -> JSON {
        [
            "error": [
                "code": .number(JSONNumber(status)), "message": .string(reason),
                "errors": [
                    ["domain": "global", "reason": .string(reason), "message": .string(reason)]
                ],
            ]
        ]
    }
}

extension GoogleFault {
    /// What Google itself answers; `nil` where the fault lies on the way.
    fileprivate var answered: LocalGoogle.Fault? {
        switch self {
        case .failedBefore: Self.refusal(503, "backendError")
        case .rateLimited: Self.refusal(403, "rateLimitExceeded")
        case .rateLimitedLong:
            .init(
                api: "calendar", status: 429, reason: "rateLimitExceeded", retryAfter: 600)
        case .quotaExceeded: Self.refusal(403, "quotaExceeded")
        case .dailyLimitExceeded: Self.refusal(403, "dailyLimitExceeded")
        case .forbidden: Self.refusal(403, "forbidden")
        case .insufficientPermissions: Self.refusal(403, "insufficientPermissions")
        case .accessNotConfigured: Self.refusal(403, "accessNotConfigured")
        case .notFound: Self.refusal(404, "notFound")
        case .duplicateID: Self.refusal(409, "duplicate")
        case .writesMet: Self.refusal(409, "conflict")
        case .fullSyncRequired: Self.refusal(410, "fullSyncRequired")
        case .conditionNotMet: Self.refusal(412, "conditionNotMet")
        case .tooLarge: Self.refusal(413, "uploadTooLarge")
        case .pageAgain: Self.page(.again)
        case .pageEmpty: Self.page(.empty)
        case .pageCircle: Self.page(.circle)
        case .pageWithoutCursor: Self.page(.noSyncToken)
        case .pageWithoutItems: Self.page(.noItems)
        case .pageWithBadItem: Self.page(.badItem)
        default: nil
        }
    }

    private static func refusal(_ status: Int, _ reason: String) -> LocalGoogle.Fault {
        .init(api: "calendar", status: status, reason: reason)
    }

    private static func page(_ page: LocalGoogle.Fault.Page) -> LocalGoogle.Fault {
        .init(api: "calendar", page: page)
    }

    /// Whether it means something to a read.
    var meetsReads: Bool {
        ![
            .duplicate, .quotaExceeded, .duplicateID, .writesMet, .conditionNotMet, .tooLarge,
            .overtaken, .failedAfter, .answerLate, .storeFailed,
        ].contains(self)
    }

    /// Whether it means something to a write.
    var meetsWrites: Bool {
        ![
            .fullSyncRequired, .pageAgain, .pageEmpty, .pageCircle, .pageWithoutCursor,
            .pageWithoutItems, .pageWithBadItem, .storeFailed,
        ].contains(self)
    }
}
