import Foundation
import TandemTesting
import Testing

/// Worlds that broke a promise once, shrunk to what it took.
@Suite struct TraceTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/Traces")

    private static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".json") }.sorted()
    }

    @Test func `what was found and mended stays mended`() throws {
        let names = try Self.names()
        #expect(!names.isEmpty)
        for name in names {
            let saved = try JSONDecoder().decode(
                Simulation.Outcome.self,
                from: Data(contentsOf: Self.folder.appendingPathComponent(name)))
            #expect(saved.failure != nil, "\(name) is no world that broke a promise.")
            let outcome = try Simulation().repeated(saved.actions, seed: saved.seed)
            #expect(outcome.failure == nil, "\(name): \(outcome.failure?.message ?? "")")
        }
    }
}
