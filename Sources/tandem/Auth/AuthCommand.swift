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
                .init(title: "account", isID: true),
                .init(title: "email", isElastic: true), .init(title: "state"),
                .init(title: "expires"), .init(title: "scopes", isElastic: true),
                .init(title: "sub", isDetail: true),
            ])
        table.emptyText = Directory.noAccount
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

extension MadeChange {
    /// Accounts that were signed in.
    static func signIn(_ command: String, of items: [AccountItem]) -> MadeChange {
        let names = items.map(\.account.name.shellWord)
        return MadeChange(
            "\(command) of \(names.joined(separator: ", "))", see: "tandem auth list",
            undo: "tandem auth logout "
                + names.map { "--account \($0)" }.joined(separator: " "))
    }
}

/// `auth list`.
struct AuthList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the accounts; asks nobody.",
        usage: "tandem auth list [<options>]")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var page: PageOptions

    func run() async throws {
        try await withApp(options) { app in
            let page = page.request
            let accounts = try await app.reading { transaction in
                try Directory(transaction, accounts: app.options.accounts).accounts
                    .filter { page.includes($0.name) }
                    .map { try AccountItem($0, in: transaction) }
            }
            let list = ListPage(accounts, page, id: \.account.name, item: \.json)
            let shown = Array(page.shown(of: accounts))
            return Outcome(Answer(json: list.json, table: AccountItem.table(shown)))
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
                .init(title: "account", isID: true),
                .init(title: "email", isElastic: true), .init(title: "state"),
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
                    remedy: "tandem auth login --account \(item.account.name.shellWord)")
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
