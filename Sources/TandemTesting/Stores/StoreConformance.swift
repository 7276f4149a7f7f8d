import TandemStore
public import Testing

/// The promises of the store, as checks that every driver's tests run.
///
/// Each check gets a world of its own, since stores begin empty.
public struct StoreConformance: Sendable {
    /// One promise, and how it is checked.
    public struct Check: Sendable, CustomTestStringConvertible {
        /// The promise, as a sentence.
        public let name: String
        let run: @Sendable (StoreWorld) async throws -> Void

        init(_ name: String, _ run: @escaping @Sendable (StoreWorld) async throws -> Void) {
            self.name = name
            self.run = run
        }

        /// Checks the promise on a store that has no rows yet but those of ``StoreWorld``.
        public func callAsFunction(on world: StoreWorld) async throws { try await run(world) }

        /// The promise.
        public var testDescription: String { name }
    }

    /// Every promise.
    public static let checks: [Check] =
        transactionChecks + userChecks + accountChecks + collectionChecks + resourceChecks
        + nameChecks + listChecks + windowChecks + stateChecks + createChecks + editChecks
        + deleteChecks + moveChecks + mailChecks + revertChecks + logChecks + waitingChecks
        + withdrawalChecks + retentionChecks + leaseChecks + secretChecks + textChecks
        + scriptChecks
}

/// Expects a failure of the store, and only the one with `code`.
func expectFailure<Value>(
    _ code: StoreError.Code, _ body: () async throws -> Value,
    sourceLocation: SourceLocation = #_sourceLocation
) async {
    do {
        _ = try await body()
        Issue.record("Nothing failed.", sourceLocation: sourceLocation)
    } catch let error as StoreError {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
    } catch {
        Issue.record("Another failure: \(error)", sourceLocation: sourceLocation)
    }
}
