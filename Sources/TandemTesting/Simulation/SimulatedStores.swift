import Synchronization
import TandemCore
import TandemStore

/// Stores in memory that worlds use one after the other.
///
/// A store that another world used is emptied before it is lent again, so that a world cannot tell
/// whether it is the first.
final class SimulatedStores: Sendable {
    private let idle = Mutex<[Store]>([])

    /// An empty store.
    func take(_ environment: TandemEnvironment) throws -> Store {
        guard let store = idle.withLock({ $0.popLast() }) else {
            return try TestStore.inMemory(environment: environment)
        }
        return try store.emptied(for: environment)
    }

    /// Takes a store back that a world does not use any more.
    func giveBack(_ store: Store) { idle.withLock { $0.append(store) } }
}
