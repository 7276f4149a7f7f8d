import ArgumentParser
import Foundation
import GoogleEmulator
import LosslessJSON
import TandemCore
import WebClient

/// `emulator`: the local Google.
struct EmulatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "emulator",
        abstract: "A Google on this machine, for trying out and for tests.",
        subcommands: [EmulatorStart.self, EmulatorExec.self, EmulatorReset.self])
}

/// `emulator start`.
struct EmulatorStart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Start a local Google and serve until Ctrl-C.",
        usage: "tandem emulator start [<options>]",
        discussion: """
            tandem emulator start --auto-consent
            TANDEM_GOOGLE_URL=http://127.0.0.1:PORT tandem auth login

            It holds a sample account, unless --empty, --seed or --data says
            otherwise. Everything is in memory and ends with the process.
            """)

    @OptionGroup var options: GlobalOptions
    @Option(name: .long, help: ArgumentHelp("The port (default: any free one).", valueName: "port"))
    var port: Int?
    @OptionGroup var content: LocalGoogleOptions

    func validate() throws {
        guard (0...65_535).contains(port ?? 0) else {
            throw ValidationError("--port takes a number from 0 to 65535.")
        }
    }

    func run() async throws {
        try await withApp(options) { app in
            let (google, clientFile) = try content.makeGoogle(app)
            let announcement = EmulatorAnnouncement(
                app: app, users: google.users, clientFile: clientFile)
            let session = LocalGoogleSession(google: google, port: port ?? 0, app: app)
            let outcome: Result<Void, any Error>
            do {
                outcome = .success(
                    try await session.serve { url in try announcement.announce(url) })
            } catch { outcome = .failure(error) }
            announcement.cleanUp()
            // Ctrl-C is how it is meant to end.
            if case .failure(let error) = outcome, !(error is CancellationError) { throw error }
            return Outcome(nil)
        }
    }
}

/// Says where a local Google is, and notes it for later commands.
struct EmulatorAnnouncement: Sendable {
    let app: App
    let users: [String]
    /// The first client file that was named; without one it is made.
    let clientFile: String?
    private let ownFolder: URL

    init(app: App, users: [String], clientFile: String?) {
        self.app = app
        self.users = users
        self.clientFile = clientFile
        let mark = String(app.environment.random.next(), radix: 36)
        ownFolder = FileManager.default.temporaryDirectory.appending(
            path: "tandem-emulator-\(mark)")
    }

    /// Prints one line of JSON, or words, and notes the address.
    func announce(_ url: String) throws {
        let file = try clientFile ?? makeClientFile(url)
        let json: JSON = [
            "url": .string(url), "users": .array(users.map { .string($0) }),
            "clientFile": .string(file),
        ]
        let note: JSON = [
            "url": .string(url),
            "process": .number(JSONNumber(Int(ProcessInfo.processInfo.processIdentifier))),
        ]
        try Places.write(note.serialized() + [0x0A], to: app.places.lastEmulatorFile)
        guard app.options.format != .json else {
            try app.console.output.write(TerminalText.json(json.serialized()) + [0x0A])
            return
        }
        try app.console.output.write(
            """
            A local Google for \(TerminalText.oneLine(users.joined(separator: ", "))) at \(url)
            Its client file: \(TerminalText.oneLine(file))

            In another terminal:
              export TANDEM_GOOGLE_URL=\(url)
              tandem auth login
              tandem sync

            Ctrl-C ends it.

            """)
    }

    /// Writes the client-secrets file of the client that every local Google knows.
    private func makeClientFile(_ url: String) throws -> String {
        let file = ownFolder.appending(path: "client_secret.json")
        try Places.write(
            LocalGoogleConfiguration.Client.tandemLocal.secretsFile(baseURL: url), to: file)
        return file.path
    }

    /// Takes the file away that was made; one that stays behind harms nobody.
    func cleanUp() {
        guard clientFile == nil else { return }
        do { try FileManager.default.removeItem(at: ownFolder) } catch { return }
    }
}

/// Files that a person names.
enum InputFile {
    /// The largest file that is read, in bytes.
    static let maxBytes = 256 * 1_048_576

    /// The bytes of a file.
    ///
    /// - Throws: ``CommandFailure`` with exit `notFound` or `configuration`.
    static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw CommandFailure(
                .notFound, code: "noFile",
                "The file \(TerminalText.oneLine(path)) is not there, or may not be read.")
        }
        let data: Data
        do {
            data = try handle.read(upToCount: maxBytes + 1) ?? Data()
            try handle.close()
        } catch {
            throw CommandFailure(
                .configuration, code: "file",
                "The file \(TerminalText.oneLine(path)) cannot be read.")
        }
        guard data.count <= maxBytes else {
            throw CommandFailure(
                .configuration, code: "fileTooLarge",
                "The file \(TerminalText.oneLine(path)) is larger than \(maxBytes) bytes.")
        }
        return Array(data)
    }
}

/// `emulator reset`.
struct EmulatorReset: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Put a running local Google back to its start.",
        usage: "tandem emulator reset [--url <url>] [<options>]",
        discussion: """
            Takes away what was changed in it, the sign-ins of every program (so sign
            in anew; only tokens of --token stay), faults and the list of requests,
            and sets its clock right. What you keep here is left as it is.

            Without --url: TANDEM_GOOGLE_URL, else the last one started.
            """)

    @OptionGroup var options: GlobalOptions
    @Option(name: .long, help: ArgumentHelp("Its address.", valueName: "url")) var url: String?

    /// What a reset takes away, for programs.
    private static let removed: JSON = ["changes", "sign-ins", "faults", "requests", "clock"]

    func run() async throws {
        let flags = url.map { [SettingKey.googleURL: $0] } ?? [:]
        try await withApp(options, flags: flags) { app in
            let address = try app.settings[.googleURL] ?? Self.lastStarted(app)
            try await app.withGoogle { google in
                _ = try await EmulatorControl(gate: google.gate, address: address)
                    .post("/_emulator/reset", [:])
            }
            let json: JSON = ["url": .string(address), "reset": true, "removed": Self.removed]
            return Outcome(
                Answer(json: json) { _ in
                    [
                        "The local Google at \(TerminalText.oneLine(address)) is as at its start.",
                        "Gone are changes, sign-ins, faults and the list of requests.",
                        "Next: tandem auth login",
                    ]
                }.asReceipt,
                change: MadeChange(
                    "emulator reset", see: "\(address)/_emulator/counters"))
        }
    }

    /// The address that the last `emulator start` noted.
    ///
    /// - Throws: ``CommandFailure`` with exit `configuration` where none was started.
    static func lastStarted(_ app: App) throws -> String {
        guard let url = try lastNoted(app) else {
            throw CommandFailure(
                .configuration, code: "noEmulator", "No local Google was started here.",
                remedy: "tandem emulator start, or name one: --url http://127.0.0.1:PORT")
        }
        return url
    }

    /// The address that the last `emulator start` noted, whether it still runs or not.
    static func lastNoted(_ app: App) throws -> String? {
        let path = app.places.lastEmulatorFile.path
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try JSON(parsing: try InputFile.read(path))["url"]?.string
    }
}

/// The control API of a running local Google.
struct EmulatorControl: Sendable {
    let gate: WebGate
    let address: String

    /// Whether a local Google answers there.
    func answers() async -> Bool {
        do {
            let base = try WebURL(address)
            guard base.isLoopback else { return false }
            let response = try await gate.send(
                WebRequest(
                    url: base.appending(path: "/_emulator/counters"), timeout: .seconds(5),
                    maxResponseBytes: 1 << 20, label: "emulator.control"))
            return response.status == 200
        } catch {
            return false  // Nobody is there any more.
        }
    }

    /// Gives one command.
    ///
    /// - Throws: ``CommandFailure`` with exit `configuration` for an address that is not on this
    ///   machine or answers otherwise; `WebError`.
    func post(_ path: String, _ body: JSON) async throws -> [UInt8] {
        let base = try WebURL(address)
        guard base.isLoopback else {
            throw CommandFailure(
                .configuration, code: "badGoogleURL", "A local Google is on this machine.",
                remedy: "--url http://127.0.0.1:PORT")
        }
        let response = try await gate.send(
            WebRequest(
                method: "POST", url: base.appending(path: path),
                headers: ["Content-Type": "application/json"], body: body.serialized(),
                maxResponseBytes: 1 << 20, label: "emulator.control"))
        guard (200...299).contains(response.status) else {
            throw CommandFailure(
                .configuration, code: "notALocalGoogle",
                "What answers at \(address) is no local Google of ours (status "
                    + "\(response.status)).",
                remedy: "tandem emulator start")
        }
        return response.body
    }
}
