import TandemTesting
import Testing

@testable import TandemStore

@Suite struct DiskSpaceTests {
    @Test(
        arguments: [
            (1 << 30, 0, 100, 50, true), (1 << 30, 65_535, 100, 50, true),
            (1 << 30, 65_536, 100, 50, false), (1 << 30, 1 << 29, 100, 0, true),
            // Neither a limit on bytes nor a count of files.
            (0, 0, 100, 50, false), (1 << 30, 1 << 29, 0, 0, false), (0, 0, 0, 0, false),
        ] as [(UInt64, UInt64, UInt64, UInt64, Bool)])
    func `a file system is used up where no file can be made or grow`(
        bytes: UInt64, free: UInt64, files: UInt64, freeFiles: UInt64, isUsedUp: Bool
    ) {
        let space = DiskSpace(
            allBytes: bytes, freeBytes: free, allFiles: files, freeFiles: freeFiles)
        #expect(space.isUsedUp == isUsedUp)
    }

    @Test func `a folder's file system is asked, and none where there is no folder`() async throws {
        try await withTemporaryFolder { folder in
            let space = try #require(DiskSpace(of: folder))
            #expect(!space.isUsedUp)
            #expect(DiskSpace(of: folder + "/none") == nil)
        }
    }

    @Test(arguments: [10, 4_874, 14, 13])
    func `a failure on a disk with room keeps its name`(code: Int32) async throws {
        try await withTemporaryFolder { folder in
            let failure = SQLiteErrors.storeError(code: code, message: "m")
            let placed = SQLiteErrors.storeError(failure, in: folder)
            #expect(placed.code == failure.code && placed.message == failure.message)
        }
    }
}
