import GoogleConnector
import TandemTesting
import Testing

@Suite struct ConformanceTests {
    @Test(arguments: ConnectorConformance.checks.indices)
    func `the connector keeps the seam's promises`(check: Int) async throws {
        let (name, run) = ConnectorConformance.checks[check]
        do {
            try await run(ConnectorConformance(try GoogleBench()))
        } catch {
            Issue.record("\(name): \(error)")
        }
    }
}
