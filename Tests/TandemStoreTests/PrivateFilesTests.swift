import Foundation
import TandemTesting
import Testing

@testable import TandemStore

@Suite struct PrivateFilesTests {
    @Test(
        arguments: [
            ("/a/b", "/a"), ("/a/b/", "/a"), ("/a//b", "/a/"), ("/a", "/"), ("/", "/"),
            ("//", "/"), ("a/b", "a"), ("a", "."), ("a/", "."), ("", "."),
            ("/a/\u{301}b", "/a"),
        ])
    func `a path lies in the folder before its last part`(path: String, folder: String) {
        #expect(PrivateFiles.folder(of: path) == folder)
    }

    @Test func `a folder is made with those above it, all for the owner alone`() async throws {
        try await withTemporaryFolder { folder in
            try #require(chmod(folder, 0o755) == 0)
            try PrivateFiles.makeFolder(folder + "/a/b//c/")
            for name in ["/a", "/a/b", "/a/b/c"] {
                #expect(try StoreFiles.mode(folder + name) == 0o700)
            }
            #expect(try StoreFiles.mode(folder) == 0o755)
            try PrivateFiles.makeFolder(folder + "/a/b/c")
        }
    }

    @Test func `no folder is made behind a file or a dangling link`() async throws {
        try await withTemporaryFolder { folder in
            try StoreFiles.write([1], to: folder + "/file")
            #expect(throws: StoreError.self) { try PrivateFiles.makeFolder(folder + "/file/a") }
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/link", withDestinationPath: folder + "/nowhere")
            #expect(throws: StoreError.self) { try PrivateFiles.makeFolder(folder + "/link/a") }
            #expect(!FileManager.default.fileExists(atPath: folder + "/nowhere"))
        }
    }
}
