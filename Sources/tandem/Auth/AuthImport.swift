import ArgumentParser
import GoogleAPI
import LosslessJSON
import TandemStore

/// `auth import`.
struct AuthImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take over a sign-in from another program's file.",
        usage: "tandem auth import <file> [<options>]",
        discussion: """
            Read are google-auth's token.json, gcloud's authorized_user, the keys of
            service accounts, and the old calendar.dat. The file is left as it is.
            --account NAME says what the account is to be called.
            """)

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The file.") var file: String

    func validate() throws {
        if options.account.count > 1 { throw ValidationError("Name one account at most.") }
        try options.validateNames()
    }

    func run() async throws {
        try await withApp(options) { app in
            guard case .grants(let grants) = try OAuthFile(path: file) else {
                throw CommandFailure(
                    .configuration, code: "clientFile",
                    "That is a client-secrets file: it names a program, but holds no sign-in.",
                    remedy: "tandem auth login --client-secrets FILE")
            }
            let name = options.account.first
            guard name == nil || grants.count == 1 else {
                throw CommandFailure(
                    .usage,
                    "The file holds \(grants.count) sign-ins, which cannot all be called "
                        + "'\(name ?? "")'.", remedy: "Leave out --account.")
            }
            return try await app.withStore { store in
                try await app.withGoogle { google in
                    let run = SignInRun(app: app, store: store, google: google)
                    var signedIn: [SignedIn] = []
                    for grant in grants {
                        signedIn.append(try await run.keep(Self.complete(grant), named: name))
                    }
                    return Outcome(
                        Self.answer(signedIn),
                        change: .signIn("auth import", of: signedIn.map(\.item)))
                }
            }
        }
    }

    /// A service account's file names no scopes; it asks for what a person would.
    private static func complete(_ grant: OAuthGrant) -> OAuthGrant {
        guard case .serviceAccount = grant.source, grant.scopes.isEmpty else { return grant }
        var grant = grant
        grant.scopes = (SignInPlan.identityScopes + [GoogleScopes.calendar]).sorted()
        return grant
    }

    private static func answer(_ signedIn: [SignedIn]) -> Answer {
        let items = signedIn.map(\.item)
        let names = items.map { TerminalText.oneLine($0.account.name) }
        let json =
            items.count == 1 ? items[0].json : ListPage(items: items.map(\.json)).json
        let notes = signedIn.flatMap(\.notes)
        return Answer(json: json, plain: AccountItem.table(items), notes: notes) { _ in
            names.map { "Imported the account '\($0)'." } + ["Next: tandem sync"]
        }
    }
}
