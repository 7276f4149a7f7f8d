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
        discussion: "Commands go to --url, else TANDEM_GOOGLE_URL, else the last one started.",
        subcommands: [
            EmulatorStart.self, EmulatorExec.self, EmulatorSeed.self, EmulatorReset.self,
            EmulatorSnapshot.self, EmulatorRestore.self, EmulatorClock.self, EmulatorFault.self,
            EmulatorExpire.self, EmulatorChurn.self, EmulatorSwitches.self, EmulatorToken.self,
            EmulatorRequests.self, EmulatorChannels.self, EmulatorCounters.self,
        ])
}

/// `emulator start`.
struct EmulatorStart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Start a local Google and serve until Ctrl-C.",
        usage: "tandem emulator start [<options>]",
        discussion: """
            tandem emulator start --auto-consent
            TANDEM_GOOGLE_URL=http://127.0.0.1:PORT tandem auth login --no-input

            It holds a sample account, and that of a colleague, grace@example.com,
            unless --empty, --seed or --data says otherwise. Everything is in memory
            and ends with the process. The address itself, in a browser, shows what
            there is and what happens.
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
            let (google, client) = try content.makeGoogle(app)
            let announcement = EmulatorAnnouncement(
                app: app, users: google.users, client: client,
                isUnattended: content.autoConsent)
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
    /// The client that people sign in with.
    let client: LocalGoogleConfiguration.Client
    /// Whether sign-ins need no person.
    let isUnattended: Bool
    private let ownFolder: URL

    init(
        app: App, users: [String], client: LocalGoogleConfiguration.Client, isUnattended: Bool
    ) {
        self.app = app
        self.users = users
        self.client = client
        self.isUnattended = isUnattended
        let mark = String(app.environment.random.next(), radix: 36)
        ownFolder = FileManager.default.temporaryDirectory.appending(
            path: "tandem-emulator-\(mark)")
    }

    /// Prints one line of JSON, or words, and notes the address.
    func announce(_ url: String) throws {
        let file = try makeClientFile(url)
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
            Self.words(url: url, users: users, clientFile: file, isUnattended: isUnattended))
    }

    /// What people are told.
    static func words(
        url: String, users: [String], clientFile: String, isUnattended: Bool
    ) -> String {
        let login =
            isUnattended
            ? "tandem auth login --no-input"
            : "tandem auth login    # in a browser; without one: start --auto-consent, --no-input"
        return """
            A local Google for \(TerminalText.oneLine(users.joined(separator: ", "))) at \(url)
            Its client file: \(TerminalText.oneLine(clientFile))

            In another terminal:
              export TANDEM_GOOGLE_URL=\(url)
              export TANDEM_HOME="$PWD/trial"   # apart from your own
              \(login)
              tandem sync

            Programs whose hosts are fixed: tandem emulator exec -- gcalcli agenda
            (on Python's httplib2 they need PySocks: pip install pysocks)
            What happens there: \(url)/
            Ctrl-C ends it.

            """
    }

    /// Writes the client-secrets file: a file that was named leads to Google itself, whose
    /// addresses it has.
    private func makeClientFile(_ url: String) throws -> String {
        let file = ownFolder.appending(path: "client_secret.json")
        try Places.write(client.secretsFile(baseURL: url), to: file)
        return file.path
    }

    /// Takes the file away that was made; one that stays behind harms nobody.
    func cleanUp() {
        do { try FileManager.default.removeItem(at: ownFolder) } catch { return }
    }
}

/// Files that a person names.
enum InputFile {
    /// The largest file that is read, in bytes.
    static let maxBytes = LocalGoogle.maxDataBytes

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
