import ArgumentParser
import Foundation
import GoogleAPI
import LosslessJSON
import TandemCore
import TandemStore

/// `auth`: signing in and out.
struct AuthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "auth",
        abstract: "Sign in and out of Google.",
        discussion: """
            Tokens are kept sealed in the store, never in plain.
            """,
        subcommands: [
            AuthLogin.self, AuthImport.self, AuthList.self, AuthStatus.self, AuthLogout.self,
        ])
}

/// One account as `auth` commands show it.
struct AccountItem: Sendable {
    var account: Account
    /// What is kept for it; `nil` where it is signed out.
    var sealed: SealedGrant?
    /// Why what is kept cannot be opened.
    var trouble: String?

    /// `ok`, `needs-consent`, or `unreadable`.
    var state: String {
        if trouble != nil { return "unreadable" }
        return sealed == nil ? AccountState.needsConsent.rawValue : account.state.rawValue
    }

    var json: JSON {
        let expires = sealed?.grant.expires.map { JSON.string(Self.text($0.timeIntervalSince1970)) }
        let tokenEnds = sealed?.grant.accessToken?.expires.map {
            JSON.string(Self.text($0.timeIntervalSince1970))
        }
        return [
            "id": .string(account.id.rawValue), "account": .string(account.name),
            "email": account.email.map { .string($0) } ?? .null,
            "sub": account.subject.map { .string($0) } ?? .null,
            "scopes": .array(account.scopes.map { .string($0) }), "state": .string(state),
            "expires": expires ?? .null, "accessTokenExpires": tokenEnds ?? .null,
            "local": .bool(sealed?.isLocal ?? false),
        ]
    }

    private static func text(_ seconds: Double) -> String {
        Timestamp(milliseconds: Int64(seconds * 1000)).rfc3339
    }

    static func table(_ items: [AccountItem]) -> TextTable {
        var table = TextTable(
            columns: [
                .init(title: "account"), .init(title: "email"), .init(title: "state"),
                .init(title: "expires"), .init(title: "scopes", isElastic: true),
                .init(title: "sub", isDetail: true),
            ])
        table.emptyText = "No accounts; sign in with 'tandem auth login'."
        for item in items {
            let scopes = item.account.scopes.map {
                $0.split(separator: "/").last.map(String.init) ?? $0
            }
            table.rows.append([
                item.account.name, item.account.email ?? "", item.state,
                item.sealed?.grant.expires.map { text($0.timeIntervalSince1970) } ?? "never",
                scopes.joined(separator: " "), item.account.subject ?? "",
            ])
        }
        return table
    }

    /// Reads what is kept for an account; what cannot be opened is said, not thrown.
    init(_ account: Account, in transaction: StoreTransaction) throws {
        self.account = account
        do {
            sealed = try SealedGrant(of: account.id, in: transaction)
        } catch let error as StoreError where error.code == .sealed {
            trouble = error.message
        } catch let error as OAuthError { trouble = error.message }
    }
}

/// `auth list`.
struct AuthList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the accounts; asks nobody.",
        usage: "tandem auth list [<options>]")

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withApp(options) { app in
            let items = try await app.reading { transaction in
                try Directory(transaction, accounts: app.options.accounts).accounts
                    .map { try AccountItem($0, in: transaction) }
            }
            return Outcome(
                Answer(
                    json: ListPage(items: items.map(\.json)).json, table: AccountItem.table(items)))
        }
    }
}

/// `auth status`.
struct AuthStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Prove of each account that its secret opens and that Google still takes it.",
        usage: "tandem auth status [<options>]")

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withApp(options) { app in
            try await app.withStore { store in
                try await app.withGoogle { google in
                    try await AccountProof(app: app, store: store, google: google).run()
                }
            }
        }
    }
}

/// Tries each account's secret at Google.
private struct AccountProof {
    let app: App
    let store: Store
    let google: Google

    func run() async throws -> Outcome {
        let names = app.options.accounts
        let items = try await store.read { transaction in
            try Directory(transaction, accounts: names).accounts
                .map { try AccountItem($0, in: transaction) }
        }
        var exit: ExitReason = items.isEmpty ? .signInNeeded : .done
        var rows: [JSON] = []
        var table = TextTable(
            columns: [
                .init(title: "account"), .init(title: "email"), .init(title: "state"),
                .init(title: "proof", isElastic: true),
            ])
        table.emptyText = "No accounts; sign in with 'tandem auth login'."
        for item in items {
            let failure = await prove(item)
            if let failure { exit = Self.graver(exit, failure.exit) }
            var json = item.json
            let state = failure.map { $0.exit == .signInNeeded ? "needs-consent" : item.state }
            json["state"] = .string(state ?? "ok")
            json["proof"] = failure.map { $0.json["error"] ?? .null } ?? "ok"
            rows.append(json)
            table.rows.append([
                item.account.name, item.account.email ?? "", state ?? "ok",
                failure?.message ?? "opened, refreshed, recognised",
            ])
        }
        return Outcome(Answer(json: ListPage(items: rows).json, table: table), exit: exit)
    }

    private static func graver(_ left: ExitReason, _ right: ExitReason) -> ExitReason {
        left == .done || right == .signInNeeded ? right : left
    }

    /// Renews the grant, keeps it, and asks Google who it is; the failure where that fails.
    private func prove(_ item: AccountItem) async -> CommandFailure? {
        if let trouble = item.trouble {
            return CommandFailure(.signInNeeded, trouble, remedy: "tandem auth login")
        }
        guard let sealed = item.sealed else {
            return CommandFailure(.signInNeeded, "Signed out.", remedy: "tandem auth login")
        }
        do {
            try sealed.check(google.endpoints, account: item.account.name)
            let client = google.client(of: item.account.id, grant: sealed.grant, in: store)
            var token = try await client.tokens.token()
            if case .bearerOnly = sealed.grant.source {
            } else {
                token = try await client.tokens.token(replacing: token)
            }
            let identity = try await IdentityFinder(google: google).identity(of: client, token)
            guard identity.fits(item.account) else {
                return CommandFailure(
                    .signInNeeded, "The secret belongs to somebody else.",
                    remedy: "tandem auth login --account \(item.account.name)")
            }
            try await mark(item.account, .ok)
            return nil
        } catch {
            let failure = CommandFailure(describing: error)
            do {
                if failure.exit == .signInNeeded { try await mark(item.account, .needsConsent) }
            } catch { return CommandFailure(describing: error) }
            return failure
        }
    }

    private func mark(_ account: Account, _ state: AccountState) async throws {
        try await store.write { transaction in
            guard var present = try transaction.accounts.find(account.id), present.state != state
            else { return }
            present.state = state
            try transaction.accounts.update(present)
        }
    }
}

/// Finds out who a grant stands for.
struct IdentityFinder {
    let google: Google

    /// Userinfo's `sub`; without a scope for it the primary calendar's id.
    ///
    /// - Throws: `OAuthError`, `GoogleError`.
    func identity(of client: GoogleClient, _ token: AccessToken) async throws -> SignedInIdentity {
        do {
            let identity = try await google.oauth.identity(of: token)
            return SignedInIdentity(subject: identity.sub, email: identity.email)
        } catch let error where error.code == .invalidToken {
            let answer = try await CalendarAPI(client: client).send(.getCalendar("primary"))
            guard let id = answer.json?["id"]?.string, !id.isEmpty else { throw error }
            return SignedInIdentity(subject: id, email: id.contains("@") ? id : nil)
        }
    }
}

/// `auth logout`.
struct AuthLogout: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout",
        abstract: "Forget an account's secret; its data and waiting edits stay.",
        usage: "tandem auth logout [--revoke] [<options>]")

    @OptionGroup var options: GlobalOptions
    @Flag(name: .long, help: "Also withdraw the access at Google.") var revoke = false

    func run() async throws {
        try await withApp(options) { app in
            let revoke = revoke
            return try await app.withStore { store in
                let names = app.options.accounts
                let items = try await store.read { transaction in
                    try Directory(transaction, accounts: names).accounts
                        .map { try AccountItem($0, in: transaction) }
                }
                guard items.count == 1 || !names.isEmpty, !items.isEmpty else {
                    throw CommandFailure(
                        items.isEmpty ? .notFound : .usage,
                        items.isEmpty
                            ? "There is no account to sign out."
                            : "There are several accounts, so say which one is meant.",
                        remedy: items.isEmpty
                            ? "tandem auth list" : "tandem auth logout --account NAME")
                }
                if revoke {
                    try await app.withGoogle { google in
                        for item in items { try await Self.revoke(item, at: google) }
                    }
                }
                return try await Self.forget(items, in: store, revoked: revoke)
            }
        }
    }

    private static func revoke(_ item: AccountItem, at google: Google) async throws {
        guard let sealed = item.sealed else { return }
        try sealed.check(google.endpoints, account: item.account.name)
        do {
            try await google.oauth.revoke(sealed.grant)
        } catch let error where error.code == .invalidToken {
            return  // It was withdrawn before, which is what was wanted.
        }
    }

    private static func forget(
        _ items: [AccountItem], in store: Store, revoked: Bool
    ) async throws -> Outcome {
        try await store.write { transaction in
            for item in items {
                try transaction.credentials.wipe(item.account.id)
                var account = item.account
                account.state = .needsConsent
                try transaction.accounts.update(account)
            }
        }
        let names = items.map(\.account.name)
        let json: JSON = [
            "accounts": .array(names.map { .string($0) }), "revoked": .bool(revoked),
        ]
        return Outcome(
            Answer(json: json) { _ in
                names.map { "Signed out of '\(TerminalText.oneLine($0))'; its data stays here." }
            })
    }
}
