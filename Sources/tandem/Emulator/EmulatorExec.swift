import ArgumentParser
import Foundation
import GoogleEmulator
import LosslessJSON
import TandemCore
import WebClient

/// `emulator exec`: an unmodified program on the local Google.
struct EmulatorExec: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec",
        abstract: "Run an unmodified Google client on a local Google.",
        usage: "tandem emulator exec [<options>] -- <command> [<argument> ...]",
        discussion: """
            tandem emulator exec -- gcalcli agenda
            tandem emulator exec --user ada@example.com --empty -- pytest

            Google's hosts are led to the local Google, every other host but this
            machine is refused. It uses --url, else TANDEM_GOOGLE_URL, else the last
            one started if it still runs; without any of them, or with a flag that
            describes one, it starts one that ends with the command.

            A browser goes past all this, to the real Google. Sign-ins of the command
            that would open one say on standard error which page to open instead.

            The command's environment has, besides proxy and certificates:
              GOOGLE_APPLICATION_CREDENTIALS  a sign-in of the default user
              TANDEM_EMULATOR_CLIENT_FILE     a client-secrets file
              TANDEM_GOOGLE_URL               the local Google itself
              XDG_DATA_HOME                   a folder with gcalcli's sign-in
              BROWSER                         a script that names that page
            The files are gone when it ends. Its exit code is passed on; 127: there
            is no such command, 126: it cannot be executed.

            Programs on Python's httplib2, as gcalcli and Google's API client are,
            speak to proxies only with the package PySocks, beside them:
            pip install pysocks, or: pipx inject gcalcli pysocks
            """)

    @OptionGroup var options: GlobalOptions
    @Option(
        name: .long,
        help: ArgumentHelp("The address of a local Google that runs.", valueName: "url"))
    var url: String?
    @OptionGroup var content: LocalGoogleOptions
    @Argument(parsing: .postTerminator, help: "The command and its arguments.")
    var command: [String] = []

    func validate() throws {
        guard !command.isEmpty else {
            throw ValidationError("Give a command behind --, for example: -- gcalcli agenda")
        }
        guard url == nil || !content.isGiven else {
            throw ValidationError(
                "--url names a local Google that runs; the other flags describe a new one.")
        }
    }

    func run() async throws {
        let starter = ChildStarter(words: ChildStarter.lastWords(command.count))
        let flags = url.map { [SettingKey.googleURL: $0] } ?? [:]
        try await withApp(options, flags: flags) { app in
            let status: Int32
            do { status = try await self.status(app, starter) } catch let failure as SpawnFailure {
                failure.print(as: app)
                throw ExitCode(failure.status)
            }
            if status != 0 {
                try await Self.explain(status, of: starter, app)
                throw ExitCode(status)
            }
            return Outcome(nil)
        }
    }

    /// Says what a Python program lacked, if it may have failed for that.
    ///
    /// Only then, because it costs a start of Python.
    private static func explain(_ status: Int32, of starter: ChildStarter, _ app: App) async throws
    {
        guard (1...125).contains(status), !app.interruption.isRequested,
            let python = GuestPython(
                running: starter.command, path: app.variables["PATH"] ?? "")
        else { return }
        do {
            guard
                try await python.lacksPySocks(
                    starter, variables: app.variables, interruption: app.interruption)
            else { return }
        } catch is SpawnFailure {
            return  // It ran a moment ago; why it failed stays its own word.
        }
        Self.hint(python.advice, app)
    }

    /// What the command exits with.
    private func status(_ app: App, _ starter: ChildStarter) async throws -> Int32 {
        if let address = try await runningGoogle(app) {
            if url == nil { Self.hint("Using the local Google at \(address).", app) }
            return try await GuestRun(app: app, url: address).play(starter)
        }
        if !content.isGiven {
            Self.hint(Self.word(ofOwnInsteadOf: try LastEmulator.noted(app)), app)
        }
        let session = LocalGoogleSession(
            google: try content.makeGoogle(app).google, port: 0, app: app)
        return try await session.serving { address in
            try await GuestRun(app: app, url: address).play(starter)
        }
    }

    /// Says something on standard error; where that is gone, the command matters more.
    private static func hint(_ text: String, _ app: App) {
        do { try app.note(text) } catch { return }
    }

    /// Says that the command gets a local Google of its own though nobody asked for one.
    ///
    /// - Parameter last: The address of the one that was started last, which is gone.
    /// - Returns: One line.
    static func word(ofOwnInsteadOf last: String?) -> String {
        let ended = last.map { "The one at \($0) has ended. " } ?? ""
        return ended + "Started a local Google with the sample account for this command."
    }

    /// The local Google that is meant; `nil` for one of the command's own.
    private func runningGoogle(_ app: App) async throws -> String? {
        if content.isGiven { return nil }
        if let address = try app.settings[.googleURL] { return address }
        guard let address = try LastEmulator.noted(app),
            try await app.withGoogle({ google in
                await EmulatorControl(gate: google.gate, address: address).answers()
            })
        else { return nil }
        return address
    }
}

/// One run of somebody's program on a local Google.
struct GuestRun: Sendable {
    let app: App
    /// The local Google's address.
    let url: String

    /// Runs the program, and takes away what was made for it.
    ///
    /// - Returns: What the process is to exit with.
    func play(_ starter: ChildStarter) async throws -> Int32 {
        let signIn = try await signIn()
        let seconds = Double(app.environment.now().milliseconds) / 1000
        let proxy = try InterceptingProxy(
            localGoogle: url, now: Date(timeIntervalSince1970: seconds))
        let files = ClientFiles(
            certificateAuthority: try proxy.certificateAuthority(), signIn: signIn)
        return try await withFolder { folder in
            for file in files.files {
                try Places.write(file.bytes, to: folder.appending(path: file.path))
            }
            let browser = try GuestBrowser(localGoogle: try WebURL(url)).write(into: folder)
            return try await proxy.serving { address in
                let environment = ClientEnvironment(
                    proxy: address, localGoogle: url, folder: folder.path)
                var variables = app.variables.merging(environment.variables) { $1 }
                variables[GuestBrowser.variable] = browser
                try Task.checkCancellation()
                return try await starter.run(variables, interruption: app.interruption)
            }
        }
    }

    /// Lends a folder for the owner alone.
    private func withFolder<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
        let mark = String(app.environment.random.next(), radix: 36)
        let folder = FileManager.default.temporaryDirectory.appending(path: "tandem-exec-\(mark)")
        try Places.prepare(folder)
        let outcome: Result<Value, any Error>
        do { outcome = .success(try await body(folder)) } catch { outcome = .failure(error) }
        do { try FileManager.default.removeItem(at: folder) } catch {
            try app.note("The folder \(folder.path) could not be removed; remove it yourself.")
        }
        return try outcome.get()
    }

    /// Signs the default user in.
    private func signIn() async throws -> ClientFiles.SignIn {
        let signIn = try await app.withGoogle { google in
            try await EmulatorControl(gate: google.gate, address: url).signIn()
        }
        return ClientFiles.SignIn(
            client: .tandemLocal, refreshToken: signIn.refreshToken,
            accessToken: signIn.accessToken, scopes: signIn.scopes)
    }
}
