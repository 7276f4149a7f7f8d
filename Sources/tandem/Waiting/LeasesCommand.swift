import ArgumentParser
import Foundation
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

    func run() async throws {
        try await withApp(options) { app in
            let items = try await app.reading { transaction in
                let directory = try Directory(transaction, accounts: app.options.accounts)
                return try transaction.leases.list().compactMap { lease -> JSON? in
                    guard let account = directory.accounts.first(where: { $0.id == lease.account })
                    else { return nil }
                    return LeaseItem(lease: lease, account: account).json(
                        at: transaction.environment.now())
                }
            }
            var table = TextTable(
                columns: [
                    .init(title: "account"), .init(title: "owner", isElastic: true),
                    .init(title: "process", isNumeric: true), .init(title: "host"),
                    .init(title: "since"), .init(title: "expires"),
                ])
            table.emptyText = "No process works on any account."
            for item in items {
                table.rows.append([
                    item["account"]?.string ?? "", item["owner"]?.string ?? "",
                    item["process"]?.number?.text ?? "", item["host"]?.string ?? "",
                    item["since"]?.string ?? "", item["expires"]?.string ?? "",
                ])
            }
            return Outcome(Answer(json: ListPage(items: items).json, table: table))
        }
    }
}

/// One lease and whose account it is on.
struct LeaseItem {
    let lease: LeaseRecord
    let account: Account

    func json(at now: Timestamp) -> JSON {
        [
            "account": .string(account.name), "owner": .string(lease.owner.name),
            "process": .number(JSONNumber(lease.owner.process)),
            "host": .string(lease.owner.host), "since": .string(lease.since.rfc3339),
            "expires": .string(lease.expires.rfc3339), "binding": .bool(lease.isBinding(at: now)),
            "alive": .bool(isOwnerAlive(at: now)),
        ]
    }

    /// Whether the owner still works: its process on this machine, else as long as the lease.
    func isOwnerAlive(at now: Timestamp) -> Bool {
        guard lease.owner.host == ProcessInfo.processInfo.hostName else {
            return lease.isBinding(at: now)
        }
        guard let process = pid_t(exactly: lease.owner.process), process > 0 else { return false }
        // Signal 0 asks only whether the process is there; EPERM says it is somebody else's.
        return kill(process, 0) == 0 || errno == EPERM
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
            let released = try await app.writing("leases release") { transaction, _ in
                let directory = try Directory(transaction, accounts: [name])
                guard let account = directory.accounts.first else { return false }
                let now = transaction.environment.now()
                guard let lease = try transaction.leases.find(account.id) else { return false }
                guard force || !LeaseItem(lease: lease, account: account).isOwnerAlive(at: now)
                else {
                    throw CommandFailure(
                        .busy, "The process \(lease.owner.process) that holds the account lives.",
                        remedy: "Wait for it, or: tandem leases release '\(name)' --force")
                }
                return try transaction.leases.breakLease(on: account.id)
            }
            let json: JSON = ["account": .string(name), "released": .bool(released)]
            return Outcome(
                Answer(json: json) { _ in
                    [released ? "The account is free." : "No process held the account."]
                })
        }
    }
}
