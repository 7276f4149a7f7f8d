import GoogleEmulator
import LosslessJSON
import Synchronization
import TandemCore
import TandemTesting

/// The Google of a simulated world, and those who are at it without any of our programs.
final class GoogleSide: Sendable {
    static let ada = "ada@example.com"
    static let grace = "grace@example.com"
    static let work = "work00000000@group.calendar.google.com"
    /// The calendars whose events are followed.
    static let calendars = [ada, work]

    let google: LocalGoogle
    /// Texts that were in an answer to some write: they arrived.
    private let arrived = Mutex<Set<String>>([])

    init(clock: VirtualClock, seed: UInt64) throws {
        var configuration = LocalGoogleConfiguration()
        configuration.users = [Self.ada, Self.grace]
        configuration.tokens = [
            .init(email: Self.ada, token: "ada-in-the-web"),
            .init(email: Self.grace, token: "grace-in-the-web"),
        ]
        google = LocalGoogle(
            configuration: configuration, now: { clock.now().milliseconds }, seed: seed)
        try google.seed([
            "calendars": [
                ["owner": .string(Self.ada), "id": .string(Self.work), "summary": "Work"]
            ]
        ])
    }

    /// What a request comes to; whatever a write wrote has arrived.
    func deliver(_ request: EmulatorRequest) -> EmulatorResponse {
        let response = google.handle(request)
        if request.method != "GET", response.status == 200 {
            note(TokenFinder.texts(in: response.body))
        }
        return response
    }

    private func note(_ texts: Set<String>) { arrived.withLock { $0.formUnion(texts) } }

    /// Texts that Google has held at some time.
    var held: Set<String> { arrived.withLock { $0 } }

    // MARK: - In Google's own pages

    /// Does something as a person without any of our programs.
    ///
    /// - Returns: What came of it; `nil` where Google refused it.
    @discardableResult
    func ask(
        _ method: String, _ path: String, query: String = "", _ body: JSON? = nil,
        as user: String = ada
    ) throws -> JSON? {
        let token = user == Self.ada ? "ada-in-the-web" : "grace-in-the-web"
        let response = google.handle(
            EmulatorRequest(
                method: method, path: "/calendar/v3/calendars/" + path, query: query,
                headers: [
                    ("Host", "127.0.0.1:1"), ("Authorization", "Bearer \(token)"),
                    ("Content-Type", "application/json"),
                ], body: body?.serialized() ?? []))
        guard response.status == 200 else { return nil }
        // What a person wrote there is none of what a replica has to bring.
        if method != "GET" { note(TokenFinder.texts(in: response.body)) }
        return try JSON(parsing: response.body)
    }

    /// What a calendar holds, cancelled instances too, in an order of its own.
    func events(
        in calendar: String, as user: String = ada, withDeleted: Bool = false
    ) throws -> [JSON] {
        let page = try ask(
            "GET", "\(calendar)/events", query: "maxResults=2500&showDeleted=\(withDeleted)",
            as: user)
        return (page?["items"]?.array ?? []).sorted {
            ($0["id"]?.string ?? "") < ($1["id"]?.string ?? "")
        }
    }

    /// An event or an instance; `nil` where it is gone.
    func event(_ id: String, in calendar: String) throws -> JSON? {
        let found = try ask("GET", "\(calendar)/events/\(id)")
        return found?["status"] == "cancelled" ? nil : found
    }
}

/// Finds the texts that people write: each is written once, so that it can be followed.
enum TokenFinder {
    static func text(_ token: Int) -> String { "t\(token)" }

    /// Members whose texts nobody wrote.
    private static let others: Set<String> = [
        "id", "etag", "iCalUID", "htmlLink", "recurringEventId", "made",
    ]

    /// Every text in a value, at whatever depth.
    static func texts(in json: JSON?) -> Set<String> {
        var found: Set<String> = []
        if let json { collect(json, into: &found) }
        return found
    }

    private static func collect(_ json: JSON, into found: inout Set<String>) {
        if let text = json.string {
            if isToken(text.utf8) { found.insert(text) }
        } else if let members = json.object?.members {
            for member in members where !others.contains(member.key) {
                collect(member.value, into: &found)
            }
        } else {
            for element in json.array ?? [] { collect(element, into: &found) }
        }
    }

    /// Every text in the bytes of an answer, be it of one write or of many.
    static func texts(in bytes: [UInt8]) -> Set<String> {
        var found: Set<String> = []
        for piece in bytes.split(separator: UInt8(ascii: "\"")) where isToken(piece) {
            found.insert(String(decoding: piece, as: UTF8.self))
        }
        return found
    }

    private static func isToken(_ bytes: some Collection<UInt8>) -> Bool {
        guard bytes.count > 1, bytes.count < 9, bytes.first == UInt8(ascii: "t") else {
            return false
        }
        return bytes.dropFirst().allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
