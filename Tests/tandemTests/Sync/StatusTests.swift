import LosslessJSON
import TandemCore
import TandemFormats
import TandemStore
import TandemTesting
import Testing

@testable import tandem

@Suite struct StatusTests {
    private static let now = Timestamp(milliseconds: 1_793_606_400_000)

    /// A moment so many seconds before now.
    private static func before(_ seconds: Int) -> Timestamp {
        now.advanced(by: .seconds(-seconds))
    }

    /// A collection that was read a minute ago, changed as told.
    private func collection(
        _ change: (inout RemoteCollection) -> Void = { _ in }
    ) throws -> RemoteCollection {
        let world = try AgendaWorld([])
        var collection = try #require(
            try world.store.readBlocking { try $0.collections.list().first })
        collection.state = .fresh
        collection.lastAttempt = Self.before(61)
        collection.lastSuccess = Self.before(60)
        change(&collection)
        return collection
    }

    private func state(_ collection: RemoteCollection, below root: RemoteCollection? = nil)
        -> String
    {
        StatusReport.state(of: collection, below: root, at: Self.now)
    }

    @Test func `what could not even be asked for is stale, though its own last reading went well`()
        throws
    {
        let root = try collection {
            $0.state = .parked
            $0.parkReason = "offline"
            $0.lastAttempt = Self.before(10)
        }
        #expect(state(try collection()) == "fresh")
        #expect(state(try collection(), below: try collection()) == "fresh")
        #expect(state(try collection(), below: root) == "stale")
    }

    @Test func `what was read a moment ago is stale once the account is signed out`() throws {
        let read = try collection()
        #expect(StatusReport.state(of: read, at: Self.now) == "fresh")
        #expect(StatusReport.state(of: read, isSignedIn: false, at: Self.now) == "stale")
        let held = try collection { $0.state = .held }
        #expect(StatusReport.state(of: held, isSignedIn: false, at: Self.now) == "held")
    }

    @Test func `only what rests until a moment is parked`() throws {
        func parked(_ until: Timestamp?) throws -> RemoteCollection {
            try collection {
                $0.state = .parked
                $0.lastAttempt = Self.before(10)
                $0.parkedUntil = until
            }
        }
        #expect(state(try parked(Self.now.advanced(by: .seconds(60)))) == "parked")
        #expect(state(try parked(nil)) == "stale")
        #expect(state(try parked(Self.before(5))) == "stale")
    }

    private func run(_ summary: JSON?) throws -> RunRecord {
        let store = try AgendaWorld([]).store
        return try store.writeBlocking { transaction in
            let run = try transaction.runs.start("sync")
            try transaction.runs.finish(run.id, exit: 8, summary: summary)
            return try #require(try transaction.runs.find(run.id))
        }
    }

    @Test func `a failed sync says when, why, what waits and what to type`() throws {
        let text = ItemText(zone: .utc)
        let failed = try run([
            "accounts": [["account": "ada", "error": .null]],
            "collections": [
                ["account": "eve", "name": "Hers", "error": ["message": "No."]],
                [
                    "account": "ada", "name": "Work",
                    "error": ["message": "Nobody there.", "remedy": "tandem sync"],
                ],
            ],
        ])
        let sync = try #require(LastSync(of: "ada", in: failed))
        let note = try #require(sync.note(account: "ada", text, unsent: 2))
        #expect(note.hasPrefix("The last sync of 'ada' failed at 20"))
        #expect(note.hasSuffix(": Work: Nobody there. 2 edits wait to be sent. tandem sync"))
        #expect(sync.json["error"]?["message"] == "Nobody there.")
        #expect(sync.json["exit"] == 8)
    }

    @Test func `a sync that went well, or was about others, is no failure`() throws {
        let well = try run([
            "accounts": [["account": "ada", "error": .null]],
            "collections": [["account": "ada", "name": "Work", "error": .null]],
        ])
        let sync = try #require(LastSync(of: "ada", in: well))
        #expect(sync.note(account: "ada", ItemText(zone: .utc), unsent: 0) == nil)
        #expect(sync.json["error"] == .some(.null))
        #expect(LastSync(of: "eve", in: well) == nil)
        #expect(LastSync(of: "ada", in: try run(nil)) == nil)
    }

    @Test func `an account is not told what an earlier one of its name went through`() throws {
        let world = TestEnvironment()
        let store = try Store.inMemory(rulebook: App.rulebook, environment: world.environment)
        let last = { (transaction: StoreTransaction) in
            try LastSync.of(transaction.accounts.list(), in: transaction)["ada"]
        }
        let first = try store.writeBlocking { transaction in
            let ada = try transaction.accounts.add(name: "ada", provider: "google", subject: "1")
            let run = try transaction.runs.start("sync")
            try transaction.runs.finish(
                run.id, exit: 8, summary: ["accounts": [["account": "ada", "error": .null]]])
            #expect(try last(transaction) != nil)
            return ada
        }
        world.clock.advance(by: .seconds(1))
        try store.writeBlocking { transaction in
            try transaction.accounts.remove(first.id)
            _ = try transaction.accounts.add(name: "ada", provider: "google", subject: "2")
            #expect(try last(transaction) == nil)
        }
    }
}
