import Foundation
import Testing
import WebClient

@testable import tandem

/// Where a program's sign-in leads under `exec`.
@Suite struct GuestBrowserTests {
    /// What the script says of an address.
    private func said(_ address: String, local: String = "http://127.0.0.1:8085/") throws -> String
    {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "guest-browser-\(ProcessInfo.processInfo.globallyUniqueString)")
        let path = try GuestBrowser(localGoogle: try WebURL(local)).write(into: folder)
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: path)
        process.arguments = [address]
        process.standardError = pipe
        try process.run()
        let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        try FileManager.default.removeItem(at: folder)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        (
            "https://accounts.google.com/o/oauth2/auth?a=%20b&c=$(id)'*",
            "http://127.0.0.1:8085/o/oauth2/auth?a=%20b&c=$(id)'*"
        ),
        ("https://www.google.com/device", "http://127.0.0.1:8085/device"),
        ("https://example.com/x", "https://example.com/x"),
    ])
    func `the page of the local Google is named, in one line`(
        address: String, page: String
    ) throws {
        let line = try said(address)
        #expect(line.hasPrefix("tandem: "))
        #expect(line.hasSuffix(": \(page)\n"))
        #expect(line.split(separator: "\n").count == 1)
    }

    @Test func `an address of IPv6 is no pattern of the shell`() throws {
        let line = try said("https://accounts.google.com/x", local: "http://[::1]:8085")
        #expect(line.hasSuffix(": http://[::1]:8085/x\n"))
    }
}
