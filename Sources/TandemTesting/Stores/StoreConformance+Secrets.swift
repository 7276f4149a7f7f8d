import LosslessJSON
import TandemCore
import TandemStore
import Testing

extension StoreConformance {
    static let secretChecks: [Check] = [
        Check("a secret is kept, replaced and wiped") { world async throws in
            let account = world.account.id
            try await world.store.write { transaction throws in
                let credentials = transaction.credentials
                #expect(try credentials.load(account) == nil)
                for secret in [Array("first".utf8), [], [0, 255, 0]] {
                    try credentials.store(secret, for: account)
                    #expect(try credentials.load(account) == secret)
                }
                #expect(try credentials.wipe(account))
                #expect(try !credentials.wipe(account))
                #expect(try credentials.load(account) == nil)
            }
        },
        Check("a secret that is far too long is refused") { world async throws in
            let account = world.account.id
            let long = [UInt8](repeating: 7, count: Credentials.largestSecret + 1)
            await expectFailure(.misuse) {
                try await world.store.write { try $0.credentials.store(long, for: account) }
            }
            await expectFailure(.notFound) {
                try await world.store.write {
                    try $0.credentials.store([1], for: AccountID(rawValue: "unknown"))
                }
            }
        },
        Check("a channel comes back with its token, and its messages only count up") {
            world async throws in
            let channel = PushChannelRecord(
                id: "c1", collection: world.work.id, resourceID: "r1",
                token: Array("token".utf8), expires: Timestamp(milliseconds: 99))
            try await world.store.write { transaction throws in
                let channels = transaction.channels
                try channels.save(channel)
                #expect(try channels.find("c1") == channel)
                #expect(try channels.noteMessage(3, on: "c1"))
                #expect(try !channels.noteMessage(3, on: "c1"))
                #expect(try !channels.noteMessage(2, on: "c1"))
                #expect(try !channels.noteMessage(9, on: "c2"))
                #expect(try channels.list(of: channel.collection).map(\.lastMessage) == [3])
                try channels.save(channel)
                #expect(try channels.list() == [channel])
                #expect(try channels.remove("c1"))
                #expect(try !channels.remove("c1"))
            }
        },
    ]

    /// Texts that break stores which put values into their statements.
    static let hostileTexts = [
        "'; DROP TABLE resources; --", "\" OR \"\"=\"", "?1", "$1", ":a", "%_\\", "{integer}",
        "a\u{0}b", "\u{0}", "line\r\nbreak", "\u{FEFF}\u{200F}\u{202E}", "é", "e\u{301}", "𝄞🏳️‍🌈",
        "NULL", "1e999", " ", String(repeating: "long", count: 5_000),
    ]

    static let textChecks: [Check] = [
        Check("hostile texts come back as they were, in every field but names") {
            world async throws in
            for (number, text) in hostileTexts.enumerated() {
                try await roundTrip(text, number: number, world)
            }
            let tables = try await world.store.read { try $0.resources.list().count }
            #expect(tables == hostileTexts.count)
        }
    ]

    private static func roundTrip(
        _ text: String, number: Int, _ world: StoreWorld
    ) async throws {
        let place = try await roundTripPlaces(text, number: number, world)
        let note = try await world.create(
            ["id": .string("n\(number)" + text), "title": .string(text), "body": .string(text)],
            in: place)
        let run = try await world.store.write { transaction throws in
            let run = try transaction.runs.start(text)
            let conflict = try transaction.conflicts.add(
                resource: note.id, field: "f" + text, mine: .string(text), theirs: nil, base: nil)
            #expect(try transaction.conflicts.find(conflict.id)?.field == "f" + text)
            let aside = try transaction.quarantine.add(
                collection: place.id, resource: note.id, remoteID: RemoteID(rawValue: text),
                kind: NoteRules.kind, reason: "r" + text, raw: text, programVersion: text)
            #expect(try transaction.quarantine.find(aside.id) == aside)
            try transaction.channels.save(
                PushChannelRecord(
                    id: text, collection: place.id, resourceID: text, token: Array(text.utf8),
                    expires: run.started))
            #expect(try transaction.channels.find(text)?.resourceID == text)
            _ = try transaction.resources.list(ResourceFilter(words: text))
            return run
        }
        try await world.store.read { transaction throws in
            #expect(try transaction.runs.find(run.id)?.command == text)
            let found = try transaction.resources.find(note.id)
            #expect(found == note && found?.projection.title == text)
            #expect(found?.live?["body"]?.string == text)
            #expect(try transaction.resources.resolve(anyID: "n\(number)" + text)?.id == note.id)
            #expect(try transaction.changes.list(resource: note.id).first?.title == text)
        }
    }

    private static func roundTripPlaces(
        _ text: String, number: Int, _ world: StoreWorld
    ) async throws -> RemoteCollection {
        try await world.store.write { transaction throws in
            let account = try transaction.accounts.add(
                name: "a\(number)", provider: "p" + text, email: text, subject: text)
            #expect(try transaction.accounts.find(account.id) == account)
            var place = try transaction.collections.add(
                CollectionDraft(
                    remoteID: RemoteID(rawValue: "c" + text), kind: NoteRules.kind, name: text,
                    access: .own, timeZone: text), to: account.id)
            place.fingerprint = text
            place.cursor = Cursor(rawValue: text)
            place.parkReason = text
            try transaction.collections.update(place)
            #expect(try transaction.collections.find(place.id) == place)
            return place
        }
    }
}
