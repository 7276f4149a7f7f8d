import ArgumentParser
import LosslessJSON
import TandemActions
import TandemCore
import TandemStore
import TandemSync

/// `sync`: reads what changed at Google, merges, sends what changed here.
struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Read, merge and send, once.",
        usage: "tandem sync [<options>]",
        discussion: """
            What a calendar received and was sent is counted as +new ~changed -deleted.
            Cancelled ones are instances taken out of a series; no list has them.

            Exits with 11, 12 or 13 while conflicts, items set aside or held deletes
            wait; see 'tandem exit-codes'. Ctrl-C stops at the next safe point.

            With --watch it also syncs a few seconds after something was edited.
            """)

    /// One more try, a second or two after the first: a Google that is away is told soon.
    private static let triesUntilReached = 2

    @OptionGroup var options: GlobalOptions
    @Flag(name: .long, help: "Calendars and their events (all there is so far).") var calendars =
        false
    @Flag(name: .long, help: "List everything anew, whatever was read before.") var full = false
    @Flag(name: .long, help: "Write although Google asked to wait.") var now = false
    @Flag(
        name: [.customShort("n"), .long],
        help: "Show what would be sent and who would be mailed; contact nobody.")
    var dryRun = false
    @Flag(name: .long, help: "Go on, every five minutes or so, until Ctrl-C.") var watch = false

    func validate() throws {
        if dryRun, watch || full {
            throw ValidationError("--dry-run goes without --watch and --full.")
        }
    }

    func run() async throws {
        try await withApp(options) { app in
            if dryRun {
                return Outcome(try await PendingWrites.answer(app, ignoresParking: now))
            }
            let request = SyncRun.Request(
                isFull: full, ignoresParking: now,
                triesUntilReached: watch ? nil : Self.triesUntilReached)
            return try await app.withStore { store in
                try await app.withGoogle { google in
                    let run = SyncRun(app: app, store: store, google: google)
                    guard watch else {
                        let summary = try await run.run(request)
                        return Outcome(
                            summary.answer, exit: summary.exit, failures: summary.failures,
                            change: summary.change)
                    }
                    var watching = SyncWatch(run, request, app: app)
                    return try await watching.go()
                }
            }
        }
    }
}
