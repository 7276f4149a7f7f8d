import Foundation
import GoogleAPI
import GoogleConnector
import GoogleEmulator
import LosslessJSON
import Synchronization
import TandemCore
import TandemSync
import TandemTesting
import Testing
import WebClient

/// The connector over the local Google's core, without a socket, and somebody else at it.
final class GoogleBench: ConnectorBench {
    static let start: Int64 = 1_795_000_000_000

    let google: LocalGoogle
    let client: GoogleClient
    let connector: any Connector
    let collection = CollectionAddress(
        remoteID: RemoteID(rawValue: "ada@example.com"), kind: .event)
    private let serial = Mutex(0)

    init(content: LocalGoogleConfiguration.Content = .empty) throws {
        var configuration = LocalGoogleConfiguration()
        configuration.users = ["ada@example.com", "grace@example.com"]
        configuration.tokens = [
            .init(email: "ada@example.com", token: "ada-token"),
            .init(email: "grace@example.com", token: "grace-token"),
        ]
        configuration.content = content
        let google = LocalGoogle(
            configuration: configuration, now: { Self.start }, seed: 1)
        self.google = google
        client = try Self.client(of: google, token: "ada-token")
        connector = GoogleAccountConnector(client: client)
    }

    static func client(of google: LocalGoogle, token: String) throws -> GoogleClient {
        let transport = ClosureTransport { request throws(WebError) in
            try Self.send(request, to: google)
        }
        return GoogleClient(
            gate: WebGate(transport: transport),
            endpoints: try GoogleEndpoints(loopback: "http://127.0.0.1:1"),
            tokens: TokenSource(fixed: token),
            now: { Date(timeIntervalSince1970: Double(Self.start) / 1000) })
    }

    private static func send(
        _ request: WebRequest, to google: LocalGoogle
    ) throws(WebError) -> WebResponse {
        let response = google.handle(
            EmulatorRequest(
                method: request.method, path: request.url.path,
                query: request.url.query ?? "",
                headers: request.headers.fields.map { (name: $0.name, value: $0.value) }
                    + [(name: "Host", value: "127.0.0.1:1")],
                body: request.body ?? []))
        guard response.cut == nil else {
            throw WebError(code: .cut, message: "The connection broke.", wasSent: true)
        }
        return WebResponse(
            status: response.status,
            headers: WebHeaders(response.headers.map { ($0.name, $0.value) }),
            body: response.body)
    }

    // MARK: Resources

    func draft(titled title: String) -> (id: RemoteID, json: JSON) {
        let number = serial.withLock { serial in
            serial += 1
            return serial
        }
        let id = "tandemtest\(number)"
        return (
            RemoteID(rawValue: id),
            [
                "id": .string(id), "summary": .string(title), "x-unknown": ["kept": true],
                "start": ["dateTime": "2026-11-09T10:00:00+01:00", "timeZone": "Europe/Paris"],
                "end": ["dateTime": "2026-11-09T11:00:00+01:00", "timeZone": "Europe/Paris"],
            ]
        )
    }

    func retitling(to title: String) -> JSON { ["summary": .string(title)] }

    func title(of resource: JSON) -> String? { resource["summary"]?.string }

    // MARK: Somebody else

    private var calendar: CalendarAPI { CalendarAPI(client: client) }

    func create(titled title: String) async throws -> RemoteID {
        let (id, json) = draft(titled: title)
        _ = try await calendar.insertEvent(json, into: "primary")
        return id
    }

    func retitle(_ id: RemoteID, to title: String) async throws {
        _ = try await calendar.patchEvent(
            id.rawValue, in: "primary", with: retitling(to: title))
    }

    func delete(_ id: RemoteID) async throws {
        try await calendar.deleteEvent(id.rawValue, in: "primary")
    }

    func elsewhere() async throws -> CollectionAddress {
        let made = try await calendar.send(try .insertCalendar(["summary": "Elsewhere"]))
        let id = try #require(made.document?.root["id"]?.string)
        return CollectionAddress(remoteID: RemoteID(rawValue: id), kind: .event)
    }

    func expireCursors() async throws { try google.expire(.calendarCursors) }
}
