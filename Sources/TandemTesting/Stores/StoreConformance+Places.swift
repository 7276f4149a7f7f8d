import LosslessJSON
import TandemCore
import TandemStore
import Testing

extension StoreConformance {
    static let accountChecks: [Check] = [
        Check("an account comes back as it was written") { world async throws in
            var account = world.account
            account.name = "work"
            account.email = nil
            account.scopes = []
            account.state = .needsConsent
            account.parkedUntil = Timestamp(milliseconds: 12_345)
            account.parkReason = "quota"
            let changed = account
            try await world.store.write { try $0.accounts.update(changed) }
            try await world.store.read { transaction throws in
                #expect(try transaction.accounts.find(changed.id) == changed)
                #expect(try transaction.accounts.list() == [changed])
                #expect(
                    try transaction.accounts.find(provider: "memory", subject: "42") == [changed])
            }
        },
        Check("an account's name is taken once") { world async throws in
            await expectFailure(.constraint) {
                try await world.store.write {
                    try $0.accounts.add(name: "ada", provider: "other")
                }
            }
        },
        Check("a removed account takes everything along but the log and the runs") {
            world async throws in
            let note = try await world.create(["title": "mine", "body": "words"])
            try await world.announce(note)
            let id = world.account.id
            try await world.store.write { transaction throws in
                try transaction.credentials.store([1], for: id)
                try transaction.accounts.remove(id)
            }
            try await world.store.read { transaction throws in
                #expect(try transaction.accounts.list().isEmpty)
                #expect(try transaction.collections.list().isEmpty)
                #expect(try transaction.resources.list().isEmpty)
                #expect(try transaction.resources.list(ResourceFilter(words: "words")).isEmpty)
                #expect(try transaction.intents.open(for: note.id).isEmpty)
                #expect(try transaction.credentials.load(id) == nil)
                #expect(try transaction.changes.list().count == 1)
                #expect(try transaction.runs.list().count == 1)
            }
        },
    ]

    static let collectionChecks: [Check] = [
        Check("a collection comes back as it was written") { world async throws in
            let changed = everyMember(of: world.work)
            try await world.store.write { try $0.collections.update(changed) }
            let account = world.account.id
            try await world.store.read { transaction throws in
                #expect(try transaction.collections.find(changed.id) == changed)
                #expect(
                    try transaction.collections.find(
                        remoteID: changed.remoteID, kind: NoteRules.kind, in: account) == changed)
                #expect(try transaction.collections.list(of: account) == [changed])
                #expect(try transaction.collections.list() == [changed])
            }
        },
        Check("an account has one collection of a kind and remote id") { world async throws in
            let account = world.account.id
            let draft = CollectionDraft(
                remoteID: world.work.remoteID, kind: NoteRules.kind, name: "Again", access: .read)
            await expectFailure(.constraint) {
                try await world.store.write { try $0.collections.add(draft, to: account) }
            }
        },
        Check("a collection that is announced again is brought up to date and into sight") {
            world async throws in
            let entry = try await world.pull("entry")
            var work = world.work
            work.isGone = true
            work.generation = 4
            let hidden = work
            let again = try await world.store.write { transaction throws in
                try transaction.collections.update(hidden)
                return try transaction.collections.announce(
                    CollectionDraft(
                        remoteID: hidden.remoteID, kind: NoteRules.kind, name: "Renamed",
                        access: .read), account: hidden.account, resource: entry.id)
            }
            #expect(again.id == work.id && again.name == "Renamed" && again.access == .read)
            #expect(!again.isGone && again.resource == entry.id)
            #expect(again.generation == 4 && again.timeZone == "Europe/Paris")
            let stored = try await world.store.read { try $0.collections.list() }
            #expect(stored == [again])
        },
        Check("a cursor is never kept without the query that it belongs to") { world async throws in
            var work = world.work
            work.cursor = Cursor(rawValue: "c")
            let wrong = work
            await expectFailure(.constraint) {
                try await world.store.write { try $0.collections.update(wrong) }
            }
        },
        Check("a removed collection takes its resources along") { world async throws in
            try await world.pull("n1", ["body": "words"])
            let id = world.work.id
            try await world.store.write { try $0.collections.remove(id) }
            let left = try await world.store.read { try $0.resources.list() }
            #expect(left.isEmpty)
            await expectFailure(.notFound) {
                try await world.store.write { try $0.collections.remove(id) }
            }
        },
        Check("full listings are remembered as far as their limits need") { world async throws in
            var work = world.work
            let now = world.world.environment.now()
            for hour in (0..<20).reversed() {
                work.noteFullListing(at: now.advanced(by: .seconds(-3600 * hour)))
            }
            let noted = work
            try await world.store.write { try $0.collections.update(noted) }
            let found = try await world.store.read { try $0.collections.find(noted.id) }
            #expect(found?.recentFullListings.count == RemoteCollection.fullListingsRemembered)
            #expect(found?.lastFullListing == now)
            #expect(found?.fullListings(within: .seconds(7200), before: now) == 2)
        },
    ]

    private static func everyMember(of collection: RemoteCollection) -> RemoteCollection {
        var changed = collection
        changed.remoteID = RemoteID(rawValue: "play")
        changed.name = "Play"
        changed.access = .freeBusy
        changed.timeZone = nil
        changed.cursor = Cursor(rawValue: "cursor/1")
        changed.fingerprint = "query 1"
        changed.listing = ListingState(generation: 8)
        changed.generation = 7
        changed.lastSuccess = Timestamp(milliseconds: 1)
        changed.lastAttempt = Timestamp(milliseconds: 2)
        changed.state = .unreachable
        changed.parkedUntil = Timestamp(milliseconds: 3)
        changed.parkReason = "gone"
        changed.recentFullListings = [Timestamp(milliseconds: -4), Timestamp(milliseconds: 5)]
        changed.isRoot = true
        changed.resource = ResourceID(rawValue: "entry")
        changed.isGone = true
        return changed
    }
}
