public import TandemCore
public import TandemStore

/// Stores for tests.
public enum TestStore {
    /// The rules of notes.
    public static let rulebook = Rulebook([NoteRules()])

    /// A new store in memory.
    /// - Throws: `StoreError`.
    public static func inMemory(
        rulebook: Rulebook = rulebook,
        environment: TandemEnvironment = TestEnvironment().environment
    ) throws -> Store {
        try Store.inMemory(rulebook: rulebook, environment: environment)
    }
}
