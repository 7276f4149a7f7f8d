import Synchronization
public import TandemCore
public import TandemSync

/// The connector of a ``MemoryProvider``: the engine's fast fake.
public final class MemoryConnector: Connector {
    /// Always `memory`.
    public let provider = "memory"
    /// What the provider can do.
    public let capabilities: ConnectorCapabilities
    /// The rules of notes.
    public let rules: [any KindRules] = [NoteRules()]
    /// The collections that every account has.
    public let roots: [CollectionDraft]

    private let memory: MemoryProvider
    private let counted = Mutex(Traffic())

    /// Connects to a provider whose collections are all roots.
    public init(
        to provider: MemoryProvider, collections: [String] = ["work"],
        access: CollectionAccess = .own, maximumBatch: Int = 2
    ) {
        memory = provider
        capabilities = ConnectorCapabilities(maximumBatch: maximumBatch)
        roots = collections.map {
            CollectionDraft(
                remoteID: RemoteID(rawValue: $0), kind: NoteRules().kind, name: $0, access: access)
        }
    }

    /// The provider has one query.
    public func fingerprint(of kind: Kind) -> String { "notes/1" }

    /// Reads one page.
    public func pull(_ request: PullRequest) async throws(RemoteError) -> PulledPage {
        count()
        return try memory.pull(request)
    }

    /// Sends writes, one after the other.
    public func push(
        _ requests: [PushRequest]
    ) async -> [Result<RemoteResource, RemoteError>] {
        count()
        return requests.map { memory.push($0) }
    }

    /// Reads what a write was meant for.
    public func lookUp(_ request: PushRequest) async throws(RemoteError) -> LookUp {
        count()
        return try memory.lookUp(request)
    }

    /// The requests so far.
    public var traffic: Traffic { counted.withLock { $0 } }

    private func count() { counted.withLock { $0.requests += 1 } }
}
