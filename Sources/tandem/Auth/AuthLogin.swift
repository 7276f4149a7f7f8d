import ArgumentParser
import Foundation
import GoogleAPI
import GoogleEmulator
import LosslessJSON
import TandemCore
import TandemStore
import WebClient

/// `auth login`.
struct AuthLogin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Sign in to Google in a browser.",
        usage: "tandem auth login [<options>]",
        discussion: """
            Needs a client-secrets file of your own project at Google:
              tandem auth login --client-secrets client_secret.json

            On a machine without a browser:
              tandem auth login --no-browser

            Against a local Google (TANDEM_GOOGLE_URL) no file is needed; with
            --no-input the command signs in by itself.

            --account NAME says what the account is to be called, or which one is
            signed in anew.
            """)

    @OptionGroup var options: GlobalOptions
    @Option(name: .long, help: ArgumentHelp("The client-secrets file.", valueName: "file"))
    var clientSecrets: String?
    @Flag(
        name: .customLong("no-browser"),
        help: "Print the address, and read back the one that the browser ends at.")
    var noBrowser = false
    @Option(
        name: .long,
        help: ArgumentHelp("The name this machine is called by in the redirect.", valueName: "host")
    )
    var authHostName: String?
    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp("Ports to listen on, in order; may be repeated.", valueName: "port"))
    var authHostPort: [Int] = []
    @Flag(name: .long, help: "Type a code on another device; Google allows few scopes so.")
    var device = false
    @Option(
        name: .long, help: ArgumentHelp("What to ask for, divided by commas.", valueName: "scopes"))
    var scopes: String?
    @Flag(name: .long, help: "Ask for reading only.") var readonly = false

    // The spellings of Google's calendar sample, which are kept for those who know them.
    @Flag(name: .customLong("noauth_local_webserver"), help: .hidden) var noLocalWebserver = false
    @Option(name: .customLong("auth_host_name"), help: .hidden) var sampleHostName: String?
    @Option(name: .customLong("auth_host_port"), parsing: .upToNextOption, help: .hidden)
    var sampleHostPort: [Int] = []
    @Option(name: .customLong("logging_level"), help: .hidden) var loggingLevel: String?

    func validate() throws {
        for port in authHostPort + sampleHostPort where !(1...65_535).contains(port) {
            throw ValidationError("A port is a number from 1 to 65535.")
        }
        if device, noBrowser || noLocalWebserver {
            throw ValidationError("Give --device or --no-browser, not both.")
        }
        if scopes != nil, readonly {
            throw ValidationError("Give --scopes or --readonly, not both.")
        }
        if options.account.count > 1 { throw ValidationError("Sign in to one account at a time.") }
        try options.validateNames()
        if let loggingLevel, Self.verbosity(of: loggingLevel) == nil {
            throw ValidationError(
                Choice.refusal(
                    of: loggingLevel, for: "--logging_level", takes: Self.levels.map(\.name)))
        }
    }

    /// The sample's levels, and how often `-v` says the same.
    private static let levels = [
        (name: "DEBUG", verbosity: 2), (name: "INFO", verbosity: 1),
        (name: "WARNING", verbosity: 0), (name: "ERROR", verbosity: 0),
        (name: "CRITICAL", verbosity: 0),
    ]

    private static func verbosity(of level: String) -> Int? {
        levels.first { $0.name == level.uppercased() }?.verbosity
    }

    /// The global flags, as chatty as either spelling asks for.
    var spokenOptions: GlobalOptions {
        var options = options
        options.verbose = max(options.verbose, loggingLevel.flatMap(Self.verbosity) ?? 0)
        return options
    }

    func run() async throws {
        let flags = clientSecrets.map { [SettingKey.clientSecrets: $0] } ?? [:]
        try await withApp(spokenOptions, flags: flags) { app in
            let plan = SignInPlan(
                mode: mode(app), host: authHostName ?? sampleHostName,
                ports: authHostPort + sampleHostPort, scopes: wantedScopes,
                account: options.account.first)
            return try await app.withStore { store in
                try await app.withGoogle { google in
                    let signedIn = try await SignInRun(app: app, store: store, google: google)
                        .run(plan)
                    return Outcome(
                        SignInRun.answer(signedIn, wanted: plan.scopes),
                        change: .signIn("auth login", of: [signedIn.item]))
                }
            }
        }
    }

    private func mode(_ app: App) -> SignInPlan.Mode {
        if device { return .device }
        // Whoever may not be asked cannot paste anything either.
        if app.options.noInput { return .unattended }
        return noBrowser || noLocalWebserver ? .paste : .browser
    }

    private var wantedScopes: [String] {
        guard let scopes else {
            return SignInPlan.identityScopes
                + [readonly ? GoogleScopes.calendarReadonly : GoogleScopes.calendar]
        }
        let named = scopes.split { $0 == "," || $0 == " " }.map(String.init).map { name in
            name.contains("/") || ["openid", "email", "profile"].contains(name)
                ? name : "https://www.googleapis.com/auth/\(name)"
        }
        return SignInPlan.identityScopes + named.filter { !SignInPlan.identityScopes.contains($0) }
    }
}

/// How a sign-in is to happen.
struct SignInPlan: Sendable {
    enum Mode: Sendable {
        /// A browser on this machine.
        case browser
        /// A browser anywhere; the person pastes the address it ends at.
        case paste
        /// A code typed on another device.
        case device
        /// Without a person, which only a local Google allows.
        case unattended
        /// By a function that acts as the browser, for the demonstration.
        case acting(@Sendable (WebURL) async throws -> Void)
    }

    var mode: Mode
    var host: String?
    var ports: [Int] = []
    var scopes = Self.identityScopes + [GoogleScopes.calendar]
    /// What the account is to be called.
    var account: String?

    /// What tells who signed in.
    static let identityScopes = [GoogleScopes.openID, GoogleScopes.email]
}

/// An account that was signed in.
struct SignedIn: Sendable {
    let item: AccountItem
    /// Whose it was before; `nil` where it did not change hands.
    var former: String?

    /// What people should know beside it.
    ///
    /// It goes with the answer: the account is kept by then, and a stream that takes no note must
    /// neither make that look as if it had failed nor keep further accounts from being signed in.
    var notes: [String] {
        former.map {
            [
                "The account '\(item.account.name)' belonged to \($0); what was read as them is "
                    + "removed here, and stays as it is at Google."
            ]
        } ?? []
    }
}

/// Signs one person in and keeps the account.
struct SignInRun: Sendable {
    let app: App
    let store: Store
    let google: Google

    func run(_ plan: SignInPlan) async throws -> SignedIn {
        let known = try await knownAccount(plan.account)
        let client = try client(known: known)
        let hints = hints(for: plan, known: known)
        for hint in hints.dropLast() {
            do {
                return try await keep(
                    try await signIn(plan, client: client, hint: hint), named: plan.account)
            } catch let error as OAuthError where error.code == .invalidRequest {
                continue  // This local Google has no such user.
            }
        }
        let grant = try await signIn(plan, client: client, hint: hints.last ?? nil)
        return try await keep(grant, named: plan.account)
    }

    /// Whom to propose, one after the other: the account's own address, or the one that was typed;
    /// where no person can choose, the local Google's user of that name, else its default user.
    private func hints(for plan: SignInPlan, known: AccountItem?) -> [String?] {
        if let email = known?.account.email { return [email] }
        guard let name = plan.account else { return [nil] }
        if name.contains("@") { return [name] }
        guard case .unattended = plan.mode, google.endpoints.isLoopback else { return [nil] }
        return ["\(name)@example.com", nil]
    }

    /// Finds out who a grant stands for, and keeps the account.
    func keep(_ grant: OAuthGrant, named name: String?) async throws -> SignedIn {
        let client = google.client(of: grant)
        let token = try await client.tokens.token()
        let identity = try await IdentityFinder(google: google).identity(of: client, token)
        let sealed = SealedGrant(
            grant: await client.tokens.current, isLocal: google.endpoints.isLoopback)
        return try await store.write { transaction in
            let kept = try AccountKeeper(transaction: transaction)
                .keep(identity, sealed, name: name)
            return SignedIn(
                item: try AccountItem(kept.account, in: transaction), former: kept.former)
        }
    }

    /// The answer of a sign-in.
    static func answer(_ signedIn: SignedIn, wanted: [String]) -> Answer {
        let item = signedIn.item
        let missing = item.sealed?.grant.missing(of: wanted) ?? []
        let notes =
            signedIn.notes
            + missing.map { "Google did not grant \($0); what needs it will be refused." }
        let name = TerminalText.oneLine(item.account.name)
        let email = TerminalText.oneLine(item.account.email ?? "")
        return Answer(json: item.json, plain: AccountItem.table([item]), notes: notes) { style in
            ["Signed in as \(style.bold(email)), account '\(name)'.", "Next: tandem sync"]
        }
    }

    private func knownAccount(_ name: String?) async throws -> AccountItem? {
        guard let name else { return nil }
        return try await store.read { transaction in
            let account = try transaction.accounts.list().first { $0.isCalled(name) }
            return try account.map { try AccountItem($0, in: transaction) }
        }
    }

    /// The client: of the file that was named, else the account's own, else the local Google's.
    private func client(known: AccountItem?) throws -> OAuthClient {
        if let path = try app.settings[.clientSecrets] {
            guard case .client(let client) = try OAuthFile(path: path) else {
                throw CommandFailure(
                    .configuration, code: "noClientFile",
                    "\(path) is not a client-secrets file.",
                    remedy: "Download it from Google's console, or import tokens: "
                        + "tandem auth import FILE")
            }
            return client
        }
        if let sealed = known?.sealed, sealed.isLocal == google.endpoints.isLoopback,
            case .user(let client, _) = sealed.grant.source
        {
            return client
        }
        guard google.endpoints.isLoopback else {
            throw CommandFailure(
                .configuration, code: "noClient",
                "There is no client to sign in with: Google wants every user of this program to "
                    + "have one of their own.",
                remedy: "tandem auth login --client-secrets FILE")
        }
        let local = LocalGoogleConfiguration.Client.tandemLocal
        return OAuthClient(id: local.id, secret: local.secret)
    }

    private func signIn(
        _ plan: SignInPlan, client: OAuthClient, hint: String?
    ) async throws -> OAuthGrant {
        let signIn = SignIn(
            oauth: google.oauth, client: client, scopes: plan.scopes, loginHint: hint)
        switch plan.mode {
        case .device: return try await byDevice(signIn)
        case .paste: return try await byPaste(signIn, plan: plan)
        case .unattended:
            guard google.endpoints.isLoopback else {
                throw CommandFailure(
                    .signInNeeded, "Signing in to Google needs a person and a browser.",
                    remedy: "Leave out --no-input, or: tandem auth import FILE")
            }
            return try await signIn.byFetching()
        case .acting(let open):
            return try await signIn.inBrowser(
                try redirectPlan(plan, client: client), open: open)
        case .browser:
            try await checkLocalGoogle()
            return try await signIn.inBrowser(try redirectPlan(plan, client: client)) { url in
                try app.instruct(
                    ["Open this address to sign in:", "", url.text, ""],
                    json: ["signIn": ["open": .string(url.text)]])
                if !Browser.open(url.text) {
                    try app.note("No browser could be started; open the address yourself.")
                }
            }
        }
    }

    /// Fails where a browser would find nothing at all, and a person would wait for it.
    private func checkLocalGoogle() async throws {
        guard google.endpoints.isLoopback else { return }
        do throws(WebError) {
            _ = try await google.gate.send(
                WebRequest(
                    url: WebURL(google.endpoints.authorization.origin + "/"),
                    maxResponseBytes: 1 << 20, label: "oauth.authorize"))
        } catch {
            // Whatever else is there, the browser will show it.
            guard error.code != .connect else { throw error }
        }
    }

    private func redirectPlan(
        _ plan: SignInPlan, client: OAuthClient
    ) throws(OAuthError) -> RedirectPlan {
        try RedirectPlan(client: client, host: plan.host ?? "127.0.0.1", ports: plan.ports)
    }

    private func byDevice(_ signIn: SignIn) async throws -> OAuthGrant {
        let clock = app.environment.clock
        return try await signIn.byDevice { device in
            try app.instruct(
                [
                    "On any device open \(TerminalText.oneLine(device.verificationURL))",
                    "and type the code   \(TerminalText.oneLine(device.userCode))",
                ],
                json: [
                    "signIn": [
                        "open": .string(device.verificationURL), "code": .string(device.userCode),
                    ]
                ])
        } sleep: {
            try await clock.wait(for: $0)
        }
    }

    private func byPaste(_ signIn: SignIn, plan: SignInPlan) async throws -> OAuthGrant {
        let client = signIn.client
        // A web client's redirect leads to its own address, wherever that is.
        let own = client.kind == .web ? client.redirectURIs.first : nil
        let host = try plan.host ?? own.map { try WebURL($0).host } ?? "127.0.0.1"
        let redirect = try RedirectPlan(client: client, host: host, ports: plan.ports)
        let port = redirect.ports.first { $0 != 0 } ?? 8085
        return try await signIn.byPaste(redirectURI: try redirect.redirectURI(port: port)) { url in
            try app.instruct(
                [
                    "Open this address in any browser and sign in:", "", url.text, "",
                    "The browser then ends at an address that does not load. Copy that address here:",
                ], json: ["signIn": ["open": .string(url.text), "pasteRedirect": true]])
        } read: {
            guard let line = try await app.console.readInputLine() else {
                throw CommandFailure(
                    .signInNeeded, "Nothing was pasted.", remedy: "tandem auth login --no-browser")
            }
            return line
        }
    }
}

/// The system's browser.
enum Browser {
    #if os(macOS)
        private static let opener = "/usr/bin/open"
    #else
        private static let opener = "/usr/bin/xdg-open"
    #endif

    /// Opens an address; `false` where nothing could be started.
    static func open(_ address: String) -> Bool {
        guard FileManager.default.isExecutableFile(atPath: opener) else { return false }
        let process = Process()
        process.executableURL = URL(filePath: opener)
        process.arguments = [address]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return false }
        return true
    }
}
