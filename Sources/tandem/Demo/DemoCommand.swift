import ArgumentParser
import Foundation
import GoogleEmulator
import TandemCore
import TandemStore

/// `demo`: the main job, from sign-in to a silent sync, on the built-in local Google.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Show the whole job on a built-in local Google; needs no account.",
        usage: "tandem demo [--once] [<options>]",
        discussion: """
            Uses a temporary home, or TANDEM_HOME where it is set and has no account.
            """)

    @OptionGroup var options: GlobalOptions
    @Flag(name: .long, help: "End when everything was shown.") var once = false

    func run() async throws {
        try await withApp(options) { app in
            let home = try await DemoHome(app)
            let outcome: Result<Outcome, any Error>
            do { outcome = .success(try await Self.play(app, in: home)) } catch {
                outcome = .failure(error)
            }
            let cleaning = Result { () throws(CommandFailure) in try home.cleanUp() }
            // What went wrong in the play comes first; a folder left behind is told only without.
            let played = try outcome.get()
            try cleaning.get()
            return played
        }
    }

    private static func play(_ app: App, in home: DemoHome) async throws -> Outcome {
        let google = LocalGoogle(
            configuration: LocalGoogleConfiguration(autoConsent: true, content: .sample),
            now: { [environment = app.environment] in environment.now().milliseconds },
            seed: app.environment.random.next())
        let session = LocalGoogleSession(google: google, port: 0, app: app)
        let facts = try await session.serving { url in
            let stage = DemoStage(
                app: app.moved(to: home.places, flags: [.googleURL: url]), google: google,
                url: url)
            return try await stage.play()
        }
        guard app.options.format == .json else { return Outcome(nil) }
        return Outcome(Answer(json: facts.json) { _ in [] })
    }
}

/// Where the demonstration keeps its files.
struct DemoHome: Sendable {
    let places: Places
    /// The folder that is taken away afterwards; `nil` for one that a person named.
    private let temporary: URL?

    /// A temporary home, or the named one where it has no account.
    ///
    /// - Throws: ``CommandFailure`` with exit `configuration` where the named home has accounts.
    init(_ app: App) async throws {
        guard app.variables["TANDEM_HOME"]?.isEmpty == false else {
            let mark = String(app.environment.random.next(), radix: 36)
            let folder = FileManager.default.temporaryDirectory.appending(
                path: "tandem-demo-\(mark)")
            try Places.prepare(folder)
            places = Places(home: folder)
            temporary = folder
            return
        }
        let accounts = try await app.reading { try $0.accounts.list().count }
        guard accounts == 0 else {
            throw CommandFailure(
                .configuration, code: "homeInUse",
                "TANDEM_HOME has an account already, and a demonstration must not touch it.",
                remedy: "Unset TANDEM_HOME, or name an empty folder.")
        }
        places = app.places
        temporary = nil
    }

    /// Takes the temporary folder away.
    ///
    /// - Throws: ``CommandFailure`` where that is not possible.
    func cleanUp() throws(CommandFailure) {
        guard let temporary else { return }
        do { try FileManager.default.removeItem(at: temporary) } catch {
            throw CommandFailure(
                .other, code: "cleanUp", "The folder \(temporary.path) could not be removed.")
        }
    }
}
