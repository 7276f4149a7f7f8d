import Foundation
import GRDB
import TandemCore
import TandemTesting
import Testing

@testable import TandemStore

@Suite struct SealingTests {
    private let secret = Array("canary-4f1d9b".utf8)

    private struct Home {
        let folder: String
        let store: Store
        let first: AccountID
        let second: AccountID
    }

    /// A store with the secret under two accounts.
    private func makeHome(_ folder: String) async throws -> Home {
        let store = try StoreFiles.open(folder)
        let secret = secret
        let (first, second) = try await store.write { transaction throws in
            let first = try transaction.accounts.add(name: "ada", provider: "memory")
            let second = try transaction.accounts.add(name: "bob", provider: "memory")
            try transaction.credentials.store(secret, for: first.id)
            try transaction.credentials.store(secret, for: second.id)
            return (first.id, second.id)
        }
        return Home(folder: folder, store: store, first: first, second: second)
    }

    private func load(_ home: Home, _ account: AccountID) throws -> [UInt8]? {
        try home.store.readBlocking { try $0.credentials.load(account) }
    }

    private func expectSealed(
        _ home: Home, _ account: AccountID, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        do {
            _ = try load(home, account)
            Issue.record("The secret opened.", sourceLocation: sourceLocation)
        } catch let error as StoreError {
            #expect(error.code == .sealed && error.remedy != nil, sourceLocation: sourceLocation)
            #expect(!"\(error)".contains("canary"), sourceLocation: sourceLocation)
        } catch {
            Issue.record("Another failure: \(error)", sourceLocation: sourceLocation)
        }
    }

    private func execute(_ home: Home, _ sql: String) throws {
        try home.store.writeBlocking { try $0.connection.executeScript(sql) }
    }

    @Test func `a secret is in no file in plain`() async throws {
        try await withTemporaryFolder { folder in
            let home = try await makeHome(folder)
            let secret = secret
            try await home.store.write { transaction throws in
                let account = try transaction.accounts.list()[0]
                let collection = try transaction.collections.add(
                    CollectionDraft(
                        remoteID: RemoteID(rawValue: "c"), kind: NoteRules.kind, name: "c",
                        access: .own), to: account.id)
                try transaction.channels.save(
                    PushChannelRecord(
                        id: "c", collection: collection.id, resourceID: "r", token: secret,
                        expires: transaction.environment.now()))
            }
            func grep() throws {
                for path in StoreFiles.all(below: folder) {
                    let bytes = Data(try StoreFiles.bytes(path))
                    #expect(bytes.range(of: Data(secret)) == nil, "\(path)")
                }
            }
            try grep()
            try home.store.close()
            try grep()
        }
    }

    @Test func `a secret that was put under another account or user does not open`() async throws {
        try await withTemporaryFolder { folder in
            let home = try await makeHome(folder)
            try execute(
                home,
                """
                UPDATE credentials SET sealed =
                    (SELECT sealed FROM credentials WHERE account_id = '\(home.first)')
                WHERE account_id = '\(home.second)'
                """)
            #expect(try load(home, home.first) == secret)
            expectSealed(home, home.second)
            let eve = UserID(rawValue: "eve")
            try await home.store.addUser(eve)
            try execute(
                home,
                """
                PRAGMA defer_foreign_keys = ON;
                UPDATE credentials SET user_id = 'eve' WHERE account_id = '\(home.first)';
                UPDATE accounts SET user_id = 'eve' WHERE id = '\(home.first)';
                """)
            let first = home.first
            do {
                _ = try home.store.readBlocking(as: eve) { try $0.credentials.load(first) }
                Issue.record("The secret opened for another user.")
            } catch let error as StoreError {
                #expect(error.code == .sealed)
            }
            try home.store.close()
        }
    }

    @Test func `a secret with any bit changed does not open`() throws {
        let sealer = CredentialSealer(ephemeralKeyFrom: SeededRandom(seed: 1))
        let label = SealLabel(purpose: "credential", parts: ["local", "a"])
        let sealed = try sealer.seal(secret, for: label, random: SeededRandom(seed: 2))
        #expect(try sealer.open(sealed, for: label) == secret)
        for index in sealed.bytes.indices {
            for bit in 0..<8 {
                var bytes = sealed.bytes
                bytes[index] ^= 1 << bit
                #expect(throws: StoreError.self) {
                    try sealer.open(SealedBytes(bytes: bytes), for: label)
                }
            }
        }
        for length in 0..<sealed.bytes.count {
            #expect(throws: StoreError.self) {
                try sealer.open(SealedBytes(bytes: Array(sealed.bytes[..<length])), for: label)
            }
        }
    }

    @Test func `labels that only look alike are told apart`() throws {
        let sealer = CredentialSealer(ephemeralKeyFrom: SeededRandom(seed: 1))
        let labels = [
            SealLabel(purpose: "credential", parts: ["ab", "c"]),
            SealLabel(purpose: "credential", parts: ["a", "bc"]),
            SealLabel(purpose: "credential", parts: ["abc"]),
            SealLabel(purpose: "credential", parts: ["", "abc"]),
            SealLabel(purpose: "push-channel", parts: ["ab", "c"]),
        ]
        let sealed = try sealer.seal(secret, for: labels[0], random: SeededRandom(seed: 2))
        for label in labels.dropFirst() {
            #expect(throws: StoreError.self) { try sealer.open(sealed, for: label) }
        }
    }

    @Test func `without its key file a secret is lost with a clear word`() async throws {
        try await withTemporaryFolder { folder in
            let home = try await makeHome(folder)
            let path = folder + "/sealing.keys"
            #expect(try StoreFiles.mode(path) == 0o600)
            let keys = try StoreFiles.bytes(path)
            try FileManager.default.removeItem(atPath: path)
            expectSealed(home, home.first)
            // A new sign-in makes a new key; what was sealed before stays shut.
            let (secret, second) = (secret, home.second)
            try await home.store.write { try $0.credentials.store(secret, for: second) }
            #expect(try load(home, home.second) == secret)
            expectSealed(home, home.first)
            for damaged in [
                "", "tandem sealing keys 1\n", "x", String(repeating: "0", count: 20_000),
            ] {
                try StoreFiles.write(Array(damaged.utf8), to: path)
                #expect(throws: StoreError.self) { try load(home, home.first) }
            }
            try StoreFiles.write(keys, to: path)
            #expect(try load(home, home.first) == secret)
            try home.store.close()
        }
    }

    @Test func `a linked key file is refused`() async throws {
        try await withTemporaryFolder { folder in
            let home = try await makeHome(folder)
            let path = folder + "/sealing.keys"
            try FileManager.default.moveItem(atPath: path, toPath: path + ".real")
            try FileManager.default.createSymbolicLink(
                atPath: path, withDestinationPath: path + ".real")
            do {
                _ = try load(home, home.first)
                Issue.record("A link was followed.")
            } catch let error as StoreError {
                #expect(error.code == .unsafeFile)
            }
            try home.store.close()
        }
    }

    @Test func `a new key takes over all secrets, and the old one goes`() async throws {
        try await withTemporaryFolder { folder in
            let home = try await makeHome(folder)
            let before = try StoreFiles.bytes(folder + "/sealing.keys")
            try await home.store.rotateSealingKey()
            let after = try StoreFiles.bytes(folder + "/sealing.keys")
            #expect(after != before && after.count == before.count)
            for account in [home.first, home.second] {
                #expect(try load(home, account) == secret)
            }
            try StoreFiles.write(before, to: folder + "/sealing.keys")
            expectSealed(home, home.first)
            try home.store.close()
        }
    }

    @Test func `a change of keys that crashed half way leaves every secret readable`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let home = try await makeHome(folder)
            let sealer = CredentialSealer(keyFile: folder + "/sealing.keys")
            try sealer.addKey(random: SeededRandom(seed: 9))
            let (secret, second) = (secret, home.second)
            try await home.store.write { try $0.credentials.store(secret, for: second) }
            #expect(try load(home, home.first) == secret)
            #expect(try load(home, home.second) == secret)
            try await home.store.rotateSealingKey()
            #expect(try load(home, home.first) == secret)
            try home.store.close()
        }
    }
}
