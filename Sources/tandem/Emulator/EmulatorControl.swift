import ArgumentParser
import Foundation
import GoogleEmulator
import LosslessJSON
import WebClient

/// Which local Google a command is for.
struct EmulatorTarget: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Its address.", valueName: "url")) var url: String?

    /// The address as a setting.
    var flags: [SettingKey: String] { url.map { [.googleURL: $0] } ?? [:] }
}

/// The control API of a running local Google.
struct EmulatorControl: Sendable {
    let gate: WebGate
    let address: String

    /// How long a seed or a snapshot may take.
    private static let patience = Duration.seconds(600)

    /// Gives one command.
    ///
    /// - Parameters:
    ///   - method: The HTTP method.
    ///   - path: The command below `/_emulator/`, percent-encoded.
    ///   - body: What goes with it.
    /// - Returns: What it answers, byte for byte; nothing where there is nothing to say.
    /// - Throws: ``CommandFailure`` with exit `temporary` where nothing answers, `configuration`
    ///   where something else does, else what the local Google says; `WebError`.
    func send(_ method: String, _ path: String, _ body: [UInt8]? = nil) async throws -> [UInt8] {
        let response = try await exchange(method, path, body)
        guard let version = Self.version(of: response) else {
            throw await stranger(response.status)
        }
        guard version >= LocalGoogle.controlProtocol else { throw older(version) }
        guard (200...299).contains(response.status) else { throw Self.refusal(response) }
        return response.body
    }

    /// Gives one command and reads its answer; `null` where there is nothing to say.
    @discardableResult
    func ask(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> JSON {
        let bytes = try await send(method, path, body?.serialized())
        return bytes.isEmpty ? .null : try JSON(parsing: bytes, limits: LocalGoogle.dataLimits)
    }

    /// The items that a command answers with.
    func items(_ path: String) async throws -> [JSON] {
        try await ask("GET", path)["items"]?.array ?? []
    }

    /// Whether a local Google answers there.
    func answers() async -> Bool {
        do {
            let response = try await exchange("GET", "counters", nil, patience: .seconds(5))
            return response.status == 200 && Self.version(of: response) != nil
        } catch {
            return false  // Nobody is there any more.
        }
    }

    private func exchange(
        _ method: String, _ path: String, _ body: [UInt8]?, patience: Duration = Self.patience
    ) async throws -> WebResponse {
        let base = try WebURL(address)
        guard base.isLoopback else {
            throw CommandFailure(
                .configuration, code: "badGoogleURL", "A local Google is on this machine.",
                remedy: "--url http://127.0.0.1:PORT")
        }
        do throws(WebError) {
            return try await gate.send(
                WebRequest(
                    method: method, url: WebURL("\(base.origin)/_emulator/\(path)"),
                    headers: body == nil ? [:] : ["Content-Type": "application/json"], body: body,
                    timeout: patience, maxResponseBytes: LocalGoogle.maxDataBytes,
                    label: "emulator.control"))
        } catch {
            guard error.code == .connect else { throw error }
            throw CommandFailure(noLocalGoogleAt: address)
        }
    }

    // MARK: What may be wrong

    private static func version(of response: WebResponse) -> Int? {
        response.headers["Local-Google-Protocol"].flatMap { Int($0) }
    }

    /// Something answered that is no local Google of today: an earlier one has the same counters.
    private func stranger(_ status: Int) async -> CommandFailure {
        do {
            let response = try await exchange("GET", "counters", nil)
            let counters = try JSON(parsing: response.body)
            if response.status == 200, counters["requests"]?.object != nil, counters["mails"] != nil
            {
                return older(1)
            }
        } catch {
            return notOurs(status)
        }
        return notOurs(status)
    }

    private func notOurs(_ status: Int) -> CommandFailure {
        CommandFailure(
            .configuration, code: "notALocalGoogle",
            "What answers at \(address) is no local Google of ours (status \(status)).",
            remedy: "tandem emulator start")
    }

    private func older(_ version: Int) -> CommandFailure {
        CommandFailure(
            .configuration, code: "olderLocalGoogle",
            "The local Google at \(address) is of an earlier version of this program (its commands "
                + "are at \(version), these at \(LocalGoogle.controlProtocol)).",
            remedy: "End that one, then start one anew: tandem emulator start")
    }

    /// What the local Google says about a command that it does not carry out.
    private static func refusal(_ response: WebResponse) -> CommandFailure {
        var said: JSON?
        do { said = try JSON(parsing: response.body)["error"] } catch {
            said = nil  // It says nothing that can be read; the status is left.
        }
        let code = said?["code"]?.string ?? "status\(response.status)"
        let exit: ExitReason =
            switch code {
            case "invalidCommand": .usage
            case "notFound": .notFound
            case "invalidSeed", "invalidSnapshot", "invalidConfiguration", "tooLarge":
                .configuration
            case "forbidden": .denied
            default: .other
            }
        return CommandFailure(
            exit, code: "emulator.\(code)",
            said?["message"]?.string ?? "It answered with status \(response.status).")
    }
}

/// The note of the last local Google that was started.
enum LastEmulator {
    /// The address that the last `emulator start` noted, whether it still runs or not.
    static func noted(_ app: App) throws -> String? {
        let path = app.places.lastEmulatorFile.path
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try JSON(parsing: try InputFile.read(path))["url"]?.string
    }

    /// The same.
    ///
    /// - Throws: ``CommandFailure`` with exit `configuration` where none was started.
    static func address(_ app: App) throws -> String {
        guard let url = try noted(app) else {
            throw CommandFailure(
                .configuration, code: "noEmulator",
                "No local Google was started with this TANDEM_HOME "
                    + "(\(TerminalText.oneLine(app.places.lastEmulatorFile.path)) is not there).",
                remedy: "tandem emulator start, or name one: --url http://127.0.0.1:PORT")
        }
        return url
    }
}

/// Composes the app and the way to a local Google, and does a command's work.
///
/// - Parameters:
///   - options: The global flags.
///   - target: Which local Google is meant.
///   - body: Does the work.
/// - Throws: `ExitCode`, after everything was said.
func withEmulator(
    _ options: GlobalOptions, _ target: EmulatorTarget,
    _ body: (App, EmulatorControl) async throws -> Outcome
) async throws {
    try await withApp(options, flags: target.flags) { app in
        let address = try app.settings[.googleURL] ?? LastEmulator.address(app)
        return try await app.withGoogle { google in
            try await body(app, EmulatorControl(gate: google.gate, address: address))
        }
    }
}

extension EmulatorControl {
    /// A change of a local Google, for when its answer cannot be printed.
    func change(_ command: String) -> MadeChange {
        MadeChange(command, see: "\(address)/_emulator/counters")
    }

    /// What a command answers that has nothing to tell but that it was done.
    func done(_ command: String, _ sentences: String..., more: JSONObject = [:]) -> Outcome {
        var json: JSONObject = ["url": .string(address)]
        for member in more { json[member.key] = member.value }
        let lines = sentences.map(TerminalText.oneLine)
        return Outcome(
            Answer(json: .object(json)) { _ in lines }.asReceipt, change: change(command))
    }
}
