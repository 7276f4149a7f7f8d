import Synchronization
public import TandemCore
public import TandemSync

/// What tests make the provider do.
extension MemoryProvider {
    /// Lets the next requests fail, one fault each.
    public func inject(_ faults: Fault...) { state.withLock { $0.faults += faults } }

    /// Lets the next writes fail, one fault each; reads are let through.
    public func injectForPush(_ faults: Fault...) { state.withLock { $0.pushFaults += faults } }

    /// Lets the next look-ups fail, one fault each.
    public func injectForLookUp(_ faults: Fault...) { state.withLock { $0.lookUpFaults += faults } }

    /// Spares so many requests before the faults for all of them begin.
    public func letThrough(_ requests: Int) { state.withLock { $0.spared = requests } }

    /// Lets everything work again.
    public func clearFaults() {
        state.withLock { state in
            (state.faults, state.pushFaults, state.lookUpFaults) = ([], [], [])
            state.spared = 0
        }
    }

    /// Answers the next write with something else, and applies nothing.
    public func answerNextPush(with answer: RemoteResource) {
        state.withLock { $0.pushAnswer = answer }
    }

    /// Does something just before the next write is looked at, once.
    public func beforeNextPush(_ action: @escaping @Sendable (MemoryProvider) -> Void) {
        state.withLock { $0.beforePush = action }
    }

    /// Makes every cursor given out so far useless; the next one is good again.
    public func expireCursors() {
        state.withLock { state in
            state.version += 1
            state.oldestCursor = state.version
        }
    }

    /// Names the same page again and again from now on.
    public func repeatPages() { state.withLock { $0.repeatsPages = true } }

    /// Lets the next listing end without a cursor.
    public func forgetNextCursor() { state.withLock { $0.forgetsCursor = true } }

    /// Says with each page what the account may do.
    public func setAccess(_ access: CollectionAccess, in collection: RemoteID) {
        state.withLock { $0.access[collection] = access }
    }

    /// Takes a note away without a tombstone.
    public func lose(_ id: RemoteID, in collection: RemoteID) {
        state.withLock { state in
            state.version += 1
            state.collections[collection]?[id] = nil
        }
    }

    /// Lets listings show a note in a form that nobody can read, until it is written again.
    public func spoil(_ id: RemoteID, in collection: RemoteID) {
        state.withLock { state in
            state.version += 1
            state.collections[collection]?[id]?.isSpoilt = true
            state.collections[collection]?[id]?.version = state.version
        }
    }

    /// Gives every note another etag without changing it.
    public func churn() {
        state.withLock { state in
            for collection in state.collections.keys.sorted() {
                for id in (state.collections[collection] ?? [:]).keys.sorted() {
                    state.version += 1
                    state.collections[collection]?[id]?.version = state.version
                }
            }
        }
    }
}
