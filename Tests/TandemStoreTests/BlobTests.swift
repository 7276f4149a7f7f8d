import Foundation
import TandemCore
import TandemStore
import TandemTesting
import Testing

@Suite struct BlobTests {
    @Test func `a content is kept once, counted, and gone with its last reference`() async throws {
        try await withTemporaryFolder { folder in
            let store = try StoreFiles.open(folder)
            let content = Array("a photo".utf8)
            let digest = try await store.write { transaction throws in
                let first = try transaction.blobs.put(content, mediaType: "image/png")
                let second = try transaction.blobs.put(content, mediaType: "image/png")
                #expect(first == second && first == BlobDigest(of: content))
                return first
            }
            let record = try await store.read { try $0.blobs.find(digest) }
            #expect(record?.references == 2 && record?.bytes == content.count)
            #expect(try await store.read { try $0.blobs.read(digest) } == content)
            try await store.write { try $0.blobs.release(digest) }
            #expect(try await store.removeUnusedBlobs() == 0)
            try await store.write { try $0.blobs.release(digest) }
            #expect(try await store.read { try $0.blobs.read(digest) } == nil)
            #expect(try await store.removeUnusedBlobs() == 1)
            #expect(
                StoreFiles.all(below: folder + "/blobs").allSatisfy {
                    !$0.contains(digest.rawValue)
                })
            try store.close()
        }
    }

    @Test func `one user's contents are nobody else's`() async throws {
        try await withTemporaryFolder { folder in
            let store = try StoreFiles.open(folder)
            let eve = UserID(rawValue: "eve")
            try await store.addUser(eve)
            let digest = try await store.write { try $0.blobs.put([1], mediaType: "text/plain") }
            #expect(try await store.read(as: eve) { try $0.blobs.read(digest) } == nil)
            await #expect(throws: StoreError.self) {
                try await store.write(as: eve) { try $0.blobs.release(digest) }
            }
            try await store.write(as: eve) { transaction throws in
                #expect(try transaction.blobs.put([1], mediaType: "text/plain") == digest)
                try transaction.blobs.release(digest)
            }
            #expect(try await store.removeUnusedBlobs() == 0)
            #expect(try await store.read { try $0.blobs.read(digest) } == [1])
            try store.close()
        }
    }

    @Test func `a content that was changed or lost on the disk is told`() async throws {
        try await withTemporaryFolder { folder in
            let store = try StoreFiles.open(folder)
            let digest = try await store.write { try $0.blobs.put([1, 2], mediaType: "x/y") }
            let path = try #require(
                StoreFiles.all(below: folder + "/blobs").last { $0.utf8.count > 62 })
            try StoreFiles.write([1, 3], to: path)
            await #expect(throws: StoreError.self) {
                try await store.read { try $0.blobs.read(digest) }
            }
            try FileManager.default.removeItem(atPath: path)
            await #expect(throws: StoreError.self) {
                try await store.read { try $0.blobs.read(digest) }
            }
            try store.close()
        }
    }

    @Test func `a content whose file was spoilt is written anew, though the size is right`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let store = try StoreFiles.open(folder)
            let digest = try await store.write { try $0.blobs.put([1, 2], mediaType: "x/y") }
            let path = try #require(
                StoreFiles.all(below: folder + "/blobs").last { $0.utf8.count > 62 })
            try StoreFiles.write([1, 3], to: path)
            let again = try await store.write { try $0.blobs.put([1, 2], mediaType: "x/y") }
            #expect(again == digest)
            #expect(try await store.read { try $0.blobs.read(digest) } == [1, 2])
            try store.close()
        }
    }

    @Test func `a content of a transaction that was undone is swept up`() async throws {
        try await withTemporaryFolder { folder in
            let store = try StoreFiles.open(folder)
            await #expect(throws: CancellationError.self) {
                try await store.write { transaction throws in
                    _ = try transaction.blobs.put([5], mediaType: "x/y")
                    throw CancellationError()
                }
            }
            #expect(try await store.read { try $0.blobs.find(BlobDigest(of: [5])) } == nil)
            #expect(try await store.removeUnusedBlobs() == 1)
            try store.close()
        }
    }

    @Test func `names that are no digest reach no file`() async throws {
        try await withTemporaryFolder { folder in
            let store = try StoreFiles.open(folder)
            for name in ["", "..", "../../etc/passwd", String(repeating: "G", count: 64)] {
                let digest = BlobDigest(rawValue: name)
                #expect(try await store.read { try $0.blobs.read(digest) } == nil)
            }
            try store.close()
        }
    }

    @Test func `contents in every part of the folder are swept up, and drafts with them`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let store = try StoreFiles.open(folder)
            let digests = try await store.write { transaction throws in
                try (0..<40).map { number in
                    try transaction.blobs.put([UInt8(number)], mediaType: "x/y")
                }
            }
            try await store.write { transaction throws in
                for digest in digests.dropFirst() { try transaction.blobs.release(digest) }
            }
            let part = folder + "/blobs/" + digests[0].rawValue.prefix(2)
            try StoreFiles.write([9], to: part + "/draft.XyZ123")
            #expect(try await store.removeUnusedBlobs() == 39)
            #expect(try await store.read { try $0.blobs.read(digests[0]) } == [0])
            #expect(!FileManager.default.fileExists(atPath: part + "/draft.XyZ123"))
            #expect(try await store.removeUnusedBlobs() == 0)
            try store.close()
        }
    }

    @Test func `a store without a folder for contents says so`() async throws {
        let store = try TestStore.inMemory()
        await #expect(throws: StoreError.self) {
            try await store.write { try $0.blobs.put([1], mediaType: "x/y") }
        }
    }
}
