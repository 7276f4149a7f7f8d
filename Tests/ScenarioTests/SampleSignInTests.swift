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
}
