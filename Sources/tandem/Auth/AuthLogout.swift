import ArgumentParser
import GoogleAPI
import LosslessJSON
import TandemCore
import TandemStore

/// `auth logout`.
struct AuthLogout: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout",
        abstract: "Forget an account's secret; its data and waiting edits stay.",
        usage: "tandem auth logout [--revoke] [<options>]",
        discussion: "--account NAME says which, where there are several.")

    @OptionGroup var options: GlobalOptions
    @Flag(name: .long, help: "Also withdraw the access at Google.") var revoke = false
    @Flag(
        name: [.customShort("n"), .long],
        help: "Show what would be withdrawn and forgotten; change nothing.")
    var dryRun = false

    func run() async throws {
        try await withApp(options) { app in
            let (revokes, isDryRun) = (revoke, dryRun)
            return try await app.withStore { store in
                let signOut = SignOut(app: app, store: store, revokes: revokes)
                let leaving = try await signOut.leaving()
                return isDryRun ? signOut.plan(leaving) : try await signOut.run(leaving)
            }
        }
    }
}

/// Signs accounts out.
private struct SignOut: Sendable {
    let app: App
    let store: Store
    /// Whether the access is withdrawn at Google, too.
    let revokes: Bool

    /// An account that is signed out.
    struct Leaving: Sendable {
        var account: Account
        /// What is withdrawn at Google.
        var grant: OAuthGrant?
        /// Whether a secret of it is kept here; without one there is nothing to forget.
        var isSignedIn: Bool

        var name: String { account.name }
    }

    /// An account that was signed out.
    private struct Left: Sendable {
        var name: String
        var wasSignedIn: Bool
        /// Whether Google withdrew the access now.
        var isRevoked: Bool

        init(_ account: Leaving, isRevoked: Bool = false) {
            name = account.name
            wasSignedIn = account.isSignedIn
            self.isRevoked = isRevoked
        }
    }

    /// The chosen accounts, each with what is withdrawn.
    ///
    /// - Throws: ``CommandFailure`` where there is none, where one of several has to be named, or
    ///   where there is nothing to withdraw.
    func leaving() async throws -> [Leaving] {
        let names = app.options.accounts
        let items = try await store.read { transaction in
            try Directory(transaction, accounts: names).accounts
                .map { try AccountItem($0, in: transaction) }
        }
        guard !items.isEmpty else {
            throw CommandFailure(
                .notFound, "There is no account, so nobody can be signed out.",
                remedy: "Sign in first: tandem auth login")
        }
        guard items.count == 1 || !names.isEmpty else {
            throw CommandFailure(
                .usage, "There are several accounts, so say which one is meant.",
                remedy: "tandem auth logout --account NAME")
        }
        return try items.map { item in
            Leaving(
                account: item.account, grant: revokes ? try revocable(item) : nil,
                isSignedIn: item.sealed != nil || item.trouble != nil)
        }
    }

    /// The grant that is withdrawn.
    ///
    /// - Throws: ``CommandFailure`` where nothing could be sent that withdraws it.
    private func revocable(_ item: AccountItem) throws -> OAuthGrant {
        let name = item.account.name
        let page = "Remove the access at https://myaccount.google.com/connections"
        let forget = "tandem auth logout --account \(name.shellWord)"
        if let trouble = item.trouble {
            throw CommandFailure(
                .signInNeeded, code: "notRevoked",
                "The access of '\(name)' cannot be withdrawn from here: \(trouble)",
                remedy: "\(page), then: \(forget)")
        }
        guard let sealed = item.sealed else {
            throw CommandFailure(
                .signInNeeded, code: "notRevoked",
                "The account '\(name)' is signed out already, so nothing is left here that "
                    + "could withdraw its access.", remedy: "\(page).")
        }
        try sealed.check(app.endpoints, account: name)
        switch sealed.grant.source {
        case .user: return sealed.grant
        case .bearerOnly where sealed.grant.accessToken != nil: return sealed.grant
        case .bearerOnly:
            throw CommandFailure(
                .signInNeeded, code: "notRevoked",
                "No token of '\(name)' is left that could be withdrawn.",
                remedy: "\(page), then: \(forget)")
        case .serviceAccount:
            throw CommandFailure(
                .configuration, code: "notRevoked",
                "'\(name)' signs in by a service account's key, which only its owner can withdraw.",
                remedy: "Delete the key in Google's console, then: \(forget)")
        }
    }

    /// What would be done.
    func plan(_ leaving: [Leaving]) -> Outcome {
        let sends = leaving.filter { $0.grant != nil }.map { account -> JSON in
            ["account": .string(account.name), "verb": "revoke"]
        }
        let json: JSON = [
            "dryRun": true,
            "accounts": .array(leaving.filter(\.isSignedIn).map { .string($0.name) }),
            "revoked": false, "sends": .array(sends),
        ]
        let lines = leaving.map { account in
            let name = TerminalText.oneLine(account.name)
            guard account.isSignedIn else {
                return "'\(name)' is signed out already; nothing would change."
            }
            return "Would sign out of '\(name)'"
                + (account.grant == nil ? "." : " and withdraw its access at Google.")
        }
        return Outcome(Answer(json: json) { _ in lines })
    }

    /// Withdraws and forgets, account by account; what fails leaves the rest as it is.
    func run(_ leaving: [Leaving]) async throws -> Outcome {
        guard revokes else {
            for account in leaving { try await forget(account) }
            return outcome(leaving.map { Left($0) })
        }
        return try await app.withGoogle { google in
            var done: [Left] = []
            for account in leaving {
                do {
                    let isRevoked = try await revoke(account, at: google)
                    try await forget(account)
                    done.append(Left(account, isRevoked: isRevoked))
                } catch {
                    guard !done.isEmpty else { throw error }
                    let failure = CommandFailure(describing: error)
                    return outcome(done, failure: failure)
                }
            }
            return outcome(done)
        }
    }

    /// Whether Google withdrew the access now; `false` where it had ended before.
    private func revoke(_ account: Leaving, at google: Google) async throws -> Bool {
        guard let grant = account.grant else { return false }
        do {
            try await google.oauth.revoke(grant)
            return true
        } catch let error where error.code == .invalidToken {
            return false
        }
    }

    private func forget(_ leaving: Leaving) async throws {
        let id = leaving.account.id
        try await store.write { transaction in
            try transaction.credentials.wipe(id)
            // Read anew: a sync may have written it since.
            guard var account = try transaction.accounts.find(id) else { return }
            account.state = .needsConsent
            try transaction.accounts.update(account)
        }
    }

    private func outcome(
        _ done: [Left], failure: CommandFailure? = nil
    ) -> Outcome {
        let names = done.map(\.name.shellWord)
        return Outcome(
            answer(done), exit: failure?.exit ?? .done, failures: failure.map { [$0] } ?? [],
            change: MadeChange(
                "auth logout of \(names.joined(separator: ", "))", see: "tandem auth list",
                undo: names.map { "tandem auth login --account \($0)" }
                    .joined(separator: "; ")))
    }

    private func answer(_ done: [Left]) -> Answer {
        let items = done.map { account -> JSON in
            ["account": .string(account.name), "revoked": .bool(account.isRevoked)]
        }
        let json: JSON = [
            "accounts": .array(done.map { .string($0.name) }),
            "revoked": .bool(done.allSatisfy(\.isRevoked)), "items": .array(items),
        ]
        let lines = done.map { account in
            let name = TerminalText.oneLine(account.name)
            let revoked = account.isRevoked ? " Its access at Google is withdrawn." : ""
            return account.wasSignedIn
                ? "Signed out of '\(name)'; its data stays here.\(revoked)"
                : "'\(name)' was signed out already; its data stays here."
        }
        let ended = revokes ? done.filter { !$0.isRevoked } : []
        let notes = ended.map { "Google had ended the access of '\($0.name)' before." }
        return Answer(json: json, notes: notes) { _ in lines }.asReceipt
    }
}
