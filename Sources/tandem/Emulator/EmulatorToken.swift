import ArgumentParser
import LosslessJSON

/// `emulator token`.
struct EmulatorToken: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Print an access token of a local Google, for curl and scripts.",
        usage: "tandem emulator token [<email>] [--url <url>] [<options>]",
        discussion: """
            curl -H "Authorization: Bearer $(tandem emulator token)" \\
              "$TANDEM_GOOGLE_URL/calendar/v3/calendars/primary/events"

            The user counts as having consented, and no fault hits it. It is good for an
            hour of the local Google's clock. One that never ends:
            tandem emulator start --token EMAIL=TOKEN
            """)

    @OptionGroup var options: GlobalOptions
    @OptionGroup var target: EmulatorTarget
    @Argument(help: "Whose (default: the first user's).") var email: String?
    @Option(name: .long, help: ArgumentHelp("The same.", valueName: "email")) var user: String?

    func validate() throws {
        if email != nil, user != nil { throw ValidationError("Give the user once.") }
    }

    func run() async throws {
        try await withEmulator(options, target) { _, control in
            let signIn = try await control.signIn(user: email ?? user)
            let json: JSON = [
                "accessToken": .string(signIn.accessToken),
                "refreshToken": .string(signIn.refreshToken),
                "scopes": .array(signIn.scopes.map { .string($0) }),
            ]
            let line = TerminalText.oneLine(signIn.accessToken)
            return Outcome(
                Answer(json: json) { _ in [line] }, change: control.change("emulator token"))
        }
    }
}
