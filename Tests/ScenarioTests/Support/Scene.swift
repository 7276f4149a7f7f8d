import Foundation
import LosslessJSON
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A temporary home, and a local Google where one was asked for.
final class Scene {
    let home: URL
    private(set) var url = ""
    private var google: RunningBinary?
    /// What the local Google printed when it was ready.
    private(set) var announcement: JSON = .null

    /// A bearer token of ada's that the test knows.
    static let token = "ya29.scene-token-of-ada"

    /// Makes a home.
    init() throws {
        home = FileManager.default.temporaryDirectory.appending(
            path: "tandem-scene-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    }

    deinit {
        google?.send(SIGTERM)
        _ = google?.finish()
        try? FileManager.default.removeItem(at: home)
    }

    /// A home with a local Google, which knows ``token``.
    static func withGoogle(_ flags: String...) throws -> Scene {
        let scene = try Scene()
        try scene.startGoogle(
            ["--auto-consent", "--token", "ada@example.com=\(token)"] + flags)
        return scene
    }

    /// The same, with ada signed in and everything read once.
    static func signedIn(_ flags: String...) throws -> Scene {
        let scene = try Scene()
        try scene.startGoogle(
            ["--auto-consent", "--token", "ada@example.com=\(token)"] + flags)
        try scene.expect(0, "auth", "login", "--no-input")
        try scene.expect(0, "sync")
        return scene
    }

    func startGoogle(_ flags: [String]) throws {
        let google = try RunningBinary(
            ["emulator", "start", "--json"] + flags, environment: environment())
        let line = try #require(google.firstLine(), "the local Google said nothing")
        announcement = try JSON(parsing: line)
        url = try #require(announcement["url"]?.string)
        self.google = google
    }

    /// Ends the local Google.
    @discardableResult
    func stopGoogle(_ signal: Int32 = SIGTERM) -> Run? {
        google?.send(signal)
        defer { google = nil }
        return google?.finish()
    }

    func environment(_ more: [String: String] = [:]) -> [String: String] {
        var environment = [
            "TANDEM_HOME": home.path, "PATH": "/usr/bin:/bin", "HOME": home.path,
            "TZ": "Europe/Paris", "LANG": "C.UTF-8",
        ]
        if !url.isEmpty { environment["TANDEM_GOOGLE_URL"] = url }
        return environment.merging(more) { $1 }
    }

    /// Runs a command to its end.
    func run(
        _ arguments: String..., input: String? = nil, environment: [String: String] = [:]
    ) throws -> Run {
        try RunningBinary(
            arguments, environment: self.environment(environment), input: input
        ).finish()
    }

    /// Runs a shell's script in the home; `$TANDEM` is the binary.
    func shell(_ script: String) throws -> Run {
        try RunningBinary(
            words: ["/bin/sh", "-c", "cd \"$TANDEM_HOME\"; \(script)"],
            environment: environment(["TANDEM": Binary.path])
        ).finish()
    }

    /// Starts a command and does not wait for it.
    func start(
        _ arguments: String..., input: String? = nil, keepsInputOpen: Bool = false,
        environment: [String: String] = [:]
    ) throws -> RunningBinary {
        try RunningBinary(
            arguments, environment: self.environment(environment), input: input,
            keepsInputOpen: keepsInputOpen)
    }

    /// Runs a command that must end with a status.
    @discardableResult
    func expect(
        _ status: Int32, _ arguments: String..., input: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Run {
        let run = try RunningBinary(
            arguments, environment: environment(), input: input
        ).finish()
        #expect(
            run.status == status,
            "\(arguments.joined(separator: " ")): \(run.output)\(run.diagnostics)",
            sourceLocation: sourceLocation)
        return run
    }

    /// The JSON of a command that must succeed.
    func json(
        _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        let run = try RunningBinary(
            arguments + ["--json"], environment: environment()
        ).finish()
        #expect(
            run.status == 0, "\(arguments.joined(separator: " ")): \(run.diagnostics)",
            sourceLocation: sourceLocation)
        return try run.json()
    }

    // MARK: The other side

    /// Sends a request to the local Google as another program of ada's would, or of somebody else's.
    @discardableResult
    func call(
        _ method: String, _ path: String, _ body: JSON? = nil, token: String = Scene.token
    ) async throws -> JSON {
        var request = URLRequest(url: try #require(URL(string: url + path)))
        request.httpMethod = method
        request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
        if let body {
            request.httpBody = Data(body.serialized())
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        }
        let (data, response) = try await URLSession.shared.data(for: request)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        #expect((200...299).contains(status), "\(method) \(path): \(status)")
        return data.isEmpty ? .null : try JSON(parsing: Array(data))
    }

    /// What a browser shows of an address after following its redirects, and where it ended; with
    /// a form it posts that.
    static func visit(
        _ address: String, form: [String: String]? = nil
    ) async throws -> (page: String, address: URL) {
        var request = URLRequest(url: try #require(URL(string: address)), timeoutInterval: 60)
        if let form {
            request.httpMethod = "POST"
            request.httpBody = Data(encoded(form).utf8)
            request.setValue(
                "application/x-www-form-urlencoded", forHTTPHeaderField: "Content-Type")
        }
        let (data, response) = try await URLSession.shared.data(for: request)
        return (String(decoding: data, as: UTF8.self), try #require(response.url))
    }

    private static func encoded(_ fields: [String: String]) -> String {
        let plain = CharacterSet(charactersIn: "-._~").union(.alphanumerics)
        return fields.sorted { $0.key < $1.key }.map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: plain) ?? "")"
        }.joined(separator: "&")
    }

    /// A refresh token of a user's, had as another program would have it.
    func refreshToken(of email: String = "ada@example.com") async throws -> String {
        // The redirect leads back to the local Google, which knows no such page; the address that
        // the browser then shows holds the code.
        let redirect = "\(url)/landing"
        let client = ["client_id": "tandem-local", "redirect_uri": redirect]
        let question = client.merging([
            "response_type": "code", "access_type": "offline", "prompt": "consent",
            "login_hint": email,
            "scope": "https://www.googleapis.com/auth/calendar openid email",
        ]) { $1 }
        let landing = try await Self.visit("\(url)/o/oauth2/v2/auth?\(Self.encoded(question))")
        let parts = URLComponents(url: landing.address, resolvingAgainstBaseURL: true)
        let code = parts?.queryItems?.first { $0.name == "code" }?.value
        let answer = try await Self.visit(
            "\(url)/token",
            form: client.merging([
                "code": try #require(code, "no code in \(landing.address)"),
                "grant_type": "authorization_code", "client_secret": "tandem-local-secret",
            ]) { $1 })
        return try #require(try JSON(parsing: answer.page)["refresh_token"]?.string)
    }

    /// Writes a file into the home; its path.
    func write(_ json: JSON, to name: String) throws -> String {
        let file = home.appending(path: name)
        try Data(json.serialized()).write(to: file)
        return file.path
    }

    /// Waits until the local Google was asked so often for calendars.
    func waitForRequests(
        atLeast count: Int, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let deadline = Date().addingTimeInterval(60)
        while Date() < deadline {
            let items = try await call("GET", "/_emulator/requests")["items"]?.array ?? []
            if items.filter({ $0["api"] == "calendar" }).count >= count { return }
            await Task.yield()
        }
        Issue.record("the sync never began", sourceLocation: sourceLocation)
    }

    /// Makes an event on the primary calendar as another program would; its id.
    func remoteEvent(_ title: String, _ more: JSON = [:]) async throws -> String {
        let event: JSON = [
            "summary": .string(title),
            "start": ["dateTime": "2026-11-09T10:00:00+01:00", "timeZone": "Europe/Paris"],
            "end": ["dateTime": "2026-11-09T11:00:00+01:00", "timeZone": "Europe/Paris"],
        ]
        let made = try await call(
            "POST", "/calendar/v3/calendars/primary/events", event.merging(more))
        return try #require(made["id"]?.string)
    }

    /// What the local Google holds of an event.
    func remote(_ id: String) async throws -> JSON {
        try await call("GET", "/calendar/v3/calendars/primary/events/\(id)")
    }

    func patchRemote(_ id: String, _ patch: JSON) async throws {
        try await call("PATCH", "/calendar/v3/calendars/primary/events/\(id)", patch)
    }

    /// How many writes the local Google was asked for since the last clearing.
    func writes() async throws -> Int {
        let items = try await call("GET", "/_emulator/requests")["items"]?.array ?? []
        return items.filter { item in
            item["api"] == "calendar" && item["method"]?.string?.hasSuffix("GET") != true
                && !["events.list", "calendarList.list", "GET"].contains(
                    item["method"]?.string ?? "")
        }.count
    }

    /// The item with a title.
    func item(_ title: String) throws -> JSON {
        let items = try json("events", "list")["items"]?.array ?? []
        return try #require(items.first { $0["data"]?["summary"]?.string == title })
    }
}
