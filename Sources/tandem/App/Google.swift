import Foundation
import GoogleAPI
import LosslessJSON
import Synchronization
import TandemCore
import TandemStore
import WebClient

/// The way to Google: Google itself, or a local one.
struct Google: Sendable {
    let gate: WebGate
    let endpoints: GoogleEndpoints
    let environment: TandemEnvironment

    /// The wall clock as Foundation's dates.
    var now: @Sendable () -> Date {
        let environment = environment
        return { Date(timeIntervalSince1970: Double(environment.now().milliseconds) / 1000) }
    }

    /// Google's sign-in.
    var oauth: OAuthAPI { OAuthAPI(gate: gate, endpoints: endpoints, now: now) }

    /// A source of tokens that writes each renewed grant into the store before it is used.
    ///
    /// It only ever takes the place of the grant that it was renewed from: whoever signed out, or
    /// in anew, while a sync went on, must not find the old sign-in back.
    func tokens(of account: AccountID, grant: OAuthGrant, in store: Store) -> TokenSource {
        let isLocal = endpoints.isLoopback
        let known = Mutex(grant.source)
        return TokenSource(
            grant: grant, now: now,
            renew: { [oauth] grant throws(OAuthError) in try await oauth.renew(grant) },
            save: { renewed in
                let source = known.withLock { $0 }
                try await store.write { transaction in
                    guard try SealedGrant(of: account, in: transaction)?.grant.source == source
                    else {
                        throw CommandFailure(
                            .signInNeeded, code: "signedOut",
                            "The account was signed out meanwhile.", remedy: "tandem auth list")
                    }
                    try SealedGrant(grant: renewed, isLocal: isLocal)
                        .keep(for: account, in: transaction)
                }
                known.withLock { $0 = renewed.source }
            })
    }

    /// The authorised way to Google's services for one account.
    func client(of account: AccountID, grant: OAuthGrant, in store: Store) -> GoogleClient {
        GoogleClient(
            gate: gate, endpoints: endpoints,
            tokens: tokens(of: account, grant: grant, in: store), now: now)
    }

    /// The way to Google's services for a grant that no account keeps yet.
    func client(of grant: OAuthGrant) -> GoogleClient {
        let tokens = TokenSource(
            grant: grant, now: now,
            renew: { [oauth] grant throws(OAuthError) in try await oauth.renew(grant) },
            save: { _ in })
        return GoogleClient(gate: gate, endpoints: endpoints, tokens: tokens, now: now)
    }
}

extension App {
    /// Where Google is.
    ///
    /// - Throws: ``CommandFailure`` with exit `configuration` for an address that is not on this
    ///   machine.
    var endpoints: GoogleEndpoints {
        get throws {
            guard let address = try settings[.googleURL] else { return .google }
            do { return try GoogleEndpoints(loopback: address) } catch {
                throw CommandFailure(
                    .configuration, code: "badGoogleURL", error.message,
                    remedy: "Unset TANDEM_GOOGLE_URL, or name a local Google.")
            }
        }
    }

    /// Lends the way to Google to `body`.
    func withGoogle<Value>(_ body: (Google) async throws -> Value) async throws -> Value {
        let endpoints = try self.endpoints
        let (diagnostics, format) = (console.diagnostics, options.format)
        let tell: @Sendable (WebLogEntry) -> Void = { Self.log($0, to: diagnostics, as: format) }
        let log = options.verbosity < 2 ? nil : tell
        do {
            return try await AsyncHTTPTransport.withTransport { transport in
                let gate = WebGate(
                    transport: transport, product: "Tandem/\(ProgramVersion.text)", log: log)
                return try await body(
                    Google(gate: gate, endpoints: endpoints, environment: environment))
            }
        } catch let error where endpoints.isLoopback && Self.foundNobody(error) {
            throw CommandFailure(noLocalGoogleAt: endpoints.authorization.origin)
        }
    }

    /// Whether nothing took the connection.
    private static func foundNobody(_ error: any Error) -> Bool {
        let cause = (error as? OAuthError)?.cause ?? error
        return (cause as? WebError)?.code == .connect
    }

    /// One line for each request, with `-vv`: never a query, a body or a secret.
    private static func log(
        _ entry: WebLogEntry, to stream: OutputStreamHandle, as format: OutputFormat
    ) {
        let bytes =
            format == .json
            ? TerminalText.json(entry.json.serialized())
            : Array(TerminalText.oneLine(entry.line).utf8)
        do { try stream.write(bytes + [0x0A]) } catch {
            return  // A log that cannot be written must not stop the request.
        }
    }
}

extension CommandFailure {
    /// Nothing answers where a local Google should be.
    init(noLocalGoogleAt address: String) {
        self.init(
            .temporary, code: "noLocalGoogle",
            "No local Google runs at \(TerminalText.oneLine(address)).",
            remedy: "tandem emulator start, or name another one: --url http://127.0.0.1:PORT")
    }
}

extension WebLogEntry {
    private var milliseconds: Int { Int(duration / .milliseconds(1)) }

    /// `GET www.googleapis.com/calendar/v3/colors 200 512 B 80 ms`.
    fileprivate var line: String {
        let result = status.map(String.init) ?? failure.map { "\($0)" } ?? "-"
        return "\(method) \(host)\(path) \(result) \(receivedBytes) B \(milliseconds) ms"
    }

    /// The same for programs.
    fileprivate var json: JSON {
        [
            "request": [
                "method": .string(method), "host": .string(host), "path": .string(path),
                "status": status.map { .number(JSONNumber($0)) } ?? .null,
                "failure": failure.map { .string("\($0)") } ?? .null,
                "bytes": .number(JSONNumber(receivedBytes)),
                "milliseconds": .number(JSONNumber(milliseconds)),
            ]
        ]
    }
}

/// A grant as it is sealed: with where it was given, so that it is never sent elsewhere.
struct SealedGrant: Sendable {
    var grant: OAuthGrant
    /// Whether a local Google gave it.
    var isLocal: Bool

    init(grant: OAuthGrant, isLocal: Bool) {
        self.grant = grant
        self.isLocal = isLocal
    }

    /// Seals the grant in the store.
    func keep(for account: AccountID, in transaction: StoreTransaction) throws {
        let json: JSON = ["local": .bool(isLocal), "grant": grant.secretJSON]
        try transaction.credentials.store(json.serialized(), for: account)
    }

    /// The grant of an account; `nil` where none is kept.
    ///
    /// - Throws: `StoreError` with code `sealed` where it cannot be opened.
    init?(of account: AccountID, in transaction: StoreTransaction) throws {
        guard let bytes = try transaction.credentials.load(account) else { return nil }
        let json = try JSON(parsing: bytes)
        grant = try OAuthGrant(secretJSON: json["grant"] ?? .null)
        isLocal = json["local"]?.bool ?? false
    }

    /// Refuses to send a grant to another Google than the one that gave it.
    ///
    /// - Throws: ``CommandFailure`` with exit `configuration`.
    func check(_ endpoints: GoogleEndpoints, account: String) throws(CommandFailure) {
        guard isLocal != endpoints.isLoopback else { return }
        throw CommandFailure(
            .configuration, code: "otherGoogle",
            isLocal
                ? "The account '\(account)' belongs to a local Google, but none is named."
                : "The account '\(account)' belongs to Google, but TANDEM_GOOGLE_URL names a "
                    + "local one.",
            remedy: isLocal
                ? "Set TANDEM_GOOGLE_URL to its address." : "Unset TANDEM_GOOGLE_URL.")
    }
}
