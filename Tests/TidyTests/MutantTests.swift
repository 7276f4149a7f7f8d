import Foundation
import Testing

/// The ways in which `make mutants` breaks the engine; patches rot when the engine changes.
@Suite struct MutantTests {
    private static func patches(_ repository: Repository) throws -> [String] {
        try repository.paths(below: "Tests/Mutants").filter { $0.hasSuffix(".patch") }
    }

    @Test func `every mutant still applies`() throws {
        let repository = try Repository.here.get()
        let patches = try Self.patches(repository)
        #expect(patches.count >= 24)
        for patch in patches {
            let complaint = try Self.complaint(about: patch, in: repository.root)
            #expect(complaint == nil, "\(patch): \(complaint ?? "")")
        }
    }

    @Test func `every mutant says what it breaks and who catches it, and touches the engine alone`()
        throws
    {
        let repository = try Repository.here.get()
        for patch in try Self.patches(repository) {
            let lines = try repository.text(of: patch).split(
                separator: "\n", omittingEmptySubsequences: false)
            try #require(lines.count > 3)
            #expect(lines[0].hasSuffix("."), "\(patch)")
            #expect(lines[1].wholeMatch(of: /Caught by: P\d+( P\d+)*/) != nil, "\(patch)")
            let changed = lines.filter { $0.hasPrefix("+++ ") }
            #expect(!changed.isEmpty, "\(patch)")
            #expect(
                changed.allSatisfy { $0.hasPrefix("+++ b/Sources/TandemSync/") }, "\(patch)")
        }
    }

    @Test func `a patch that does not apply is found`() throws {
        let root = try Repository.here.get().root
        let folder = FileManager.default.temporaryDirectory
        let patch = folder.appending(
            path: "mutant-\(ProcessInfo.processInfo.processIdentifier).patch")
        let text = """
            --- a/Package.swift
            +++ b/Package.swift
            @@ -1,1 +1,1 @@
            -// No such line stands there.
            +// Another one.

            """
        try text.write(to: patch, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: patch) }
        #expect(try Self.complaint(about: patch.path, in: root) != nil)
    }

    /// What git says against a patch; `nil` where it would apply.
    private static func complaint(about patch: String, in root: URL) throws -> String? {
        let git = Process()
        git.executableURL = URL(filePath: "/usr/bin/env")
        git.arguments = ["git", "apply", "--check", patch]
        git.currentDirectoryURL = root
        let output = Pipe()
        git.standardOutput = output
        git.standardError = output
        try git.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        git.waitUntilExit()
        return git.terminationStatus == 0 ? nil : String(decoding: said, as: UTF8.self)
    }
}
