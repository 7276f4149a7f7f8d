import Foundation
import LosslessJSON
import Testing

/// Signing in as those know it who come from Google's calendar sample.
@Suite(.serialized) struct SampleSignInTests {
    @Test func `with the sample's level DEBUG each request is named, with no other`() throws {
        let scene = try Scene.withGoogle("--empty")
        let run = try scene.expect(
            0, "auth", "login", "--no-input", "--logging_level", "DEBUG")
        let requests = run.diagnostics.split(separator: "\n").filter { $0.contains(" ms") }
        #expect(requests.contains { $0.hasPrefix("POST ") && $0.contains("/token 200") })
        #expect(!run.diagnostics.contains("ya29.") && !run.diagnostics.contains("code="))
        for level in ["INFO", "WARNING", "ERROR", "CRITICAL"] {
            let quiet = try scene.expect(
                0, "auth", "login", "--no-input", "--logging_level", level)
            #expect(quiet.diagnostics.isEmpty, "\(level)")
        }
    }

    @Test(arguments: ["--no-browser", "--noauth_local_webserver"])
    func `the address that the browser ends at is pasted, and signs in`(flag: String) async throws {
        let scene = try Scene.withGoogle("--empty")
        // Nobody listens at the redirect's address on a machine without a browser; here the local
        // Google does, which knows no such page, so that the address can be had.
        let port = try #require(URL(string: scene.url)?.port)
        let login = try scene.start(
            "auth", "login", flag, "--auth_host_port", "\(port)", keepsInputOpen: true)
        let address = try #require(login.diagnosticsLine { $0.hasPrefix("http") })
        let landing = try await Scene.visit(address).address.absoluteString
        #expect(landing.hasPrefix("\(scene.url)/?") && landing.contains("code="))
        try login.type(landing)
        let run = login.finish(within: 60)
        #expect(run.status == 0, "\(run.diagnostics)")
        #expect(run.output.contains("Signed in as ada@example.com"))
        #expect(try scene.json("auth", "status")["items"]?[0]?["proof"] == "ok")
        try scene.expect(0, "sync")
    }
}
