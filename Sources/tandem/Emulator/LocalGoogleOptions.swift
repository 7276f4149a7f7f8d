import ArgumentParser
import GoogleEmulator
import LosslessJSON
import TandemCore

/// What a local Google holds, and whom it knows.
struct LocalGoogleOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "A user's address; may be repeated; the first is the default.", valueName: "email"))
    var user: [String] = []
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Register the client of a client-secrets file, or the service account of a key file; "
                + "may be repeated.", valueName: "file"))
    var client: [String] = []
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Fix a bearer token with all scopes; may be repeated.", valueName: "email=token"))
    var token: [String] = []
    @Flag(name: .long, help: "Consent without asking.") var autoConsent = false
    @Flag(name: .long, help: "Begin without events.") var empty = false
    @Option(name: .long, help: ArgumentHelp("Generate content from this seed.", valueName: "n"))
    var seed: UInt64?
    @OptionGroup var size: GeneratorSize
    @Option(
        name: .long, help: ArgumentHelp("Begin with the content of a JSON file.", valueName: "file")
    )
    var data: String?
    @Flag(name: .long, help: "Let notifications go to other machines, too.")
    var foreignPush = false

    func validate() throws {
        guard [empty, seed != nil, data != nil].filter({ $0 }).count <= 1 else {
            throw ValidationError("Give one of --empty, --seed and --data.")
        }
        if seed == nil, let flag = size.given { throw ValidationError("\(flag) goes with --seed.") }
        for address in user where !EmailAddress.isUsable(address) {
            throw ValidationError("--user takes an e-mail address.")
        }
        for pair in token where Self.fixedToken(pair) == nil {
            throw ValidationError("--token takes EMAIL=TOKEN.")
        }
        var holders: [String: String] = [:]
        for fixed in token.compactMap(Self.fixedToken) {
            let email = fixed.email.lowercased()
            guard holders.updateValue(email, forKey: fixed.token) ?? email == email else {
                throw ValidationError("--token takes a token of its own for each user.")
            }
        }
    }

    /// Whether anything was said.
    var isGiven: Bool {
        !(user + client + token).isEmpty || autoConsent || empty || seed != nil || data != nil
            || foreignPush
    }

    /// A local Google as it was described, and the client that people sign in with: the first that
    /// was named, else the one that every local Google knows.
    ///
    /// - Throws: ``CommandFailure`` for a file that cannot be read; `LocalGoogleError`
    ///   for one that holds something else.
    func makeGoogle(
        _ app: App
    ) throws -> (google: LocalGoogle, client: LocalGoogleConfiguration.Client) {
        let now: @Sendable () -> Int64 = { [environment = app.environment] in
            environment.now().milliseconds
        }
        let chance = app.environment.random.next()
        let configuration = try configuration()
        let client = configuration.clients.first ?? .tandemLocal
        guard let data else {
            let google = LocalGoogle(configuration: configuration, now: now, seed: chance)
            return (google, client)
        }
        let content = try BroughtFile(data, InputFile.read(data)).json()
        do {
            let google = try LocalGoogle(
                configuration: configuration, data: content, now: now, seed: chance)
            return (google, client)
        } catch {
            var failure = CommandFailure(describing: error)
            let remedy = BroughtFile.remedy(for: content, takenAsA: .seed, data)
            failure.remedy = remedy.map { "Start without --data. " + $0 }
            throw failure
        }
    }

    /// An address and a token, with one `=` between them; `nil` where one of them is missing, or
    /// where no header field could carry the token.
    private static func fixedToken(_ pair: String) -> LocalGoogleConfiguration.FixedToken? {
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, EmailAddress.isUsable(String(parts[0])), !parts[1].isEmpty,
            !parts[1].unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { return nil }
        return LocalGoogleConfiguration.FixedToken(email: String(parts[0]), token: String(parts[1]))
    }

    private func configuration() throws -> LocalGoogleConfiguration {
        var configuration = LocalGoogleConfiguration(
            tokens: token.compactMap(Self.fixedToken),
            autoConsent: autoConsent, content: empty || data != nil ? .empty : .sample)
        for path in client { try configuration.register(clientFile: try InputFile.read(path)) }
        if !user.isEmpty { configuration.users = user }
        if let seed {
            configuration.content = .generated(
                GeneratedContent(
                    seed: seed, events: size.events ?? GeneratorSize.usualEvents,
                    calendars: size.calendars ?? 1))
        }
        configuration.allowsForeignPosts = foreignPush
        return configuration
    }
}

/// How much is generated.
struct GeneratorSize: ParsableArguments {
    /// How many events there are where nothing is said.
    static let usualEvents = 1000

    @Option(
        name: .long,
        help: ArgumentHelp("How many events to generate (default: 1000).", valueName: "n"))
    var events: Int?
    @Option(
        name: .long,
        help: ArgumentHelp("Over how many calendars (default: 1).", valueName: "n"))
    var calendars: Int?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "How many contacts to generate; none yet.", valueName: "n", visibility: .hidden))
    var contacts: Int?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "How many files to generate; none yet.", valueName: "n", visibility: .hidden))
    var files: Int?

    func validate() throws {
        if let events, !(0...2_000_000).contains(events) {
            throw ValidationError("--events takes a number from 0 to 2000000.")
        }
        if let calendars, !(1...1000).contains(calendars) {
            throw ValidationError("--calendars takes a number from 1 to 1000.")
        }
        for (flag, number) in [("--contacts", contacts), ("--files", files)] {
            if let number, number != 0 {
                throw ValidationError("\(flag) takes only 0: there are none on a local Google yet.")
            }
        }
    }

    /// The first flag that was given.
    var given: String? {
        let flags = [
            ("--events", events), ("--calendars", calendars), ("--contacts", contacts),
            ("--files", files),
        ]
        return flags.first { $0.1 != nil }?.0
    }
}
