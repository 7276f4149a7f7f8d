import TandemCore
import TandemStore
import TandemTesting
import Testing

/// Every promise of the store, kept by every way of keeping it.
@Suite struct StoreConformanceTests {
    enum Flavour: String, CaseIterable, CustomTestStringConvertible {
        case memory
        case disk
        case oneConnection
        case outside

        var testDescription: String { rawValue }
    }

    @Test(arguments: Flavour.allCases, StoreConformance.checks)
    func `a store keeps its promises`(
        flavour: Flavour, check: StoreConformance.Check
    ) async throws {
        switch flavour {
        case .memory:
            try await check(
                on: StoreWorld { try TestStore.inMemory(environment: $0.environment) })
        case .disk:
            try await checkOnDisk(check, readers: 2)
        case .oneConnection:
            try await checkOnDisk(check, readers: 0)
        case .outside:
            try await check(
                on: StoreWorld { world in
                    Store(
                        database: try OutsideDatabase(), rulebook: TestStore.rulebook,
                        environment: world.environment,
                        sealer: CredentialSealer(ephemeralKeyFrom: world.environment.random))
                })
        }
    }

    private func checkOnDisk(_ check: StoreConformance.Check, readers: Int) async throws {
        try await withTemporaryFolder { folder in
            let world = try await StoreWorld { world in
                try Store.open(
                    folder: folder, readers: readers, rulebook: TestStore.rulebook,
                    environment: world.environment)
            }
            try await check(on: world)
            try world.store.close()
        }
    }
}
