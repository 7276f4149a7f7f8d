import ArgumentParser
import LosslessJSON
import TandemCore
import TandemStore

/// `leases`: which process works on which account.
struct LeasesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leases",
        abstract: "Show which process works on which account, and free an account.",
        subcommands: [LeasesList.self, LeasesRelease.self])
}

/// `leases list`.
struct LeasesList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the leases.",
        usage: "tandem leases list [<options>]")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var page: PageOptions

    func run() async throws {
        try await withApp(options) { app in
            let page = page.request
            let list = try await app.reading { transaction in
                let directory = try Directory(transaction, accounts: app.options.accounts)
                let environment = transaction.environment
                let leases = try transaction.leases.list()
                let held = directory.accounts.filter { page.includes($0.name) }.compactMap {
                    account in
                    leases.first { $0.account == account.id }.map { (account, $0) }
                }
                return ListPage(held, page, id: \.0.name) { account, lease in
                    lease.json(of: account, in: environment)
                }
            }
            return Outcome(
                Answer(json: list.json, times: ItemText(zone: app.zone)) {
                    Self.table(list.items, $0)
                })
        }
    }

    private static func table(_ items: [JSON], _ text: ItemText) -> TextTable {
        var table = TextTable(
            columns: [
                .init(title: "account", isID: true),
                .init(title: "owner", isElastic: true),
                .init(title: "process", isNumeric: true), .init(title: "host", isElastic: true),
                .init(title: "since"), .init(title: "expires"),
            ])
        table.emptyText = "No process works on any account."
        for item in items {
            table.rows.append([
                item["account"]?.string ?? "", item["owner"]?.string ?? "",
                item["process"]?.number?.text ?? "", item["host"]?.string ?? "",
                text.moment(item["since"]), text.moment(item["expires"]),
            ])
        }
        return table
    }
}

extension LeaseRecord {
    /// The lease as programs read it.
    func json(of account: Account, in environment: TandemEnvironment) -> JSON {
        [
            "account": .string(account.name), "owner": .string(owner.name),
            "process": .number(JSONNumber(owner.process.number)),
            "host": .string(owner.process.host), "since": .string(since.rfc3339),
            "expires": .string(expires.rfc3339), "binding": .bool(isBinding(in: environment)),
            "alive": .bool(isHolderAlive(in: environment)),
        ]
    }
}

/// `leases release`.
struct LeasesRelease: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Free an account whose process is gone.",
        usage: "tandem leases release <name> [--force] [<options>]")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The account.") var name: String
    @Flag(name: .long, help: "Also while the process lives.") var force = false

    func run() async throws {
        try await withApp(options) { app in
            let (name, force) = (name, force)
            let (released, run) = try await app.writing("leases release") { transaction, run in
                (try Self.release(name, isForced: force, in: transaction), run)
            }
            let json: JSON = [
                "account": .string(name), "released": .bool(released),
                "run": .string(run.rawValue),
            ]
            return Outcome(
                Answer(json: json) { _ in
                    [released ? "The account is free." : "No process held the account."]
                }.asReceipt,
                change: released
                    ? MadeChange(
                        "leases release", run: run.rawValue, see: "tandem leases list") : nil)
        }
    }

    /// Whether there was a lease to take away.
    private static func release(
        _ name: String, isForced: Bool, in transaction: StoreTransaction
    ) throws -> Bool {
        let accounts = try Directory(transaction, accounts: [name]).accounts
        guard let account = accounts.first, let lease = try transaction.leases.find(account.id)
        else { return false }
        guard isForced || !lease.isHolderAlive(in: transaction.environment) else {
            throw CommandFailure(
                .busy, "The process \(lease.owner.process.number) that holds the account lives.",
                remedy: "Wait for it, or: tandem leases release \(name.shellWord) --force")
        }
        return try transaction.leases.breakLease(on: account.id)
    }
}
