import Synchronization

extension LocalGoogle {
    /// Takes the posts that are due and may be sent now; each must be settled.
    ///
    /// ``LocalGoogleServer`` does that by itself; tests without a server do it to see what would
    /// have been sent.
    public func takeDuePosts() -> [OutgoingPost] {
        locked { $0.world.outbox.take(now: $0.world.now) }
    }

    /// Says what became of a post; one that failed may be tried again later.
    ///
    /// A post that a reset or a restored snapshot made forgotten is ignored.
    public func settle(_ id: Int64, _ outcome: PostOutcome) {
        locked { state in
            guard let post = state.world.outbox.arrived(id) else { return }
            let service = state.services[post.service]
            let next = service?.settle(post, outcome, in: state.world)
            state.world.outbox.close(post, outcome, next: next)
        }
    }

    /// Posts that wait, the next one first; those on their way are no part of it.
    public var waitingPosts: [OutgoingPost] {
        locked { $0.world.outbox.waiting }
    }

    /// When the next post is due, in milliseconds since 1970 on this local Google's clock.
    public var nextPostDue: Int64? {
        locked { $0.world.outbox.nextDue }
    }

    /// When there is something to send, or to do that somebody is told of, in milliseconds since
    /// 1970 on this local Google's clock.
    var nextDue: Int64? {
        locked { state in
            let posts = state.world.outbox.nextDue.map { [$0] } ?? []
            return (posts + state.services.all.compactMap { $0.nextDue(in: state.world) }).min()
        }
    }
}

/// Tells those who send posts that there may be something to do.
final class OutboxWakes: Sendable {
    private struct Listeners {
        var lastID = 0
        var items: [(id: Int, continuation: AsyncStream<Void>.Continuation)] = []
    }

    /// What a sender would have to look at again if it changed.
    struct Mark: Equatable {
        private let revision: Int64
        private let clockOffset: Int64

        init(_ world: World) {
            revision = world.outbox.revision
            clockOffset = world.clockOffset
        }
    }

    private let listeners = Mutex(Listeners())

    /// A mark at once, then one after each change; marks that nobody took are one.
    func listen() -> (marks: AsyncStream<Void>, wake: @Sendable () -> Void) {
        let (marks, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let id = listeners.withLock { listeners in
            listeners.lastID += 1
            listeners.items.append((listeners.lastID, continuation))
            return listeners.lastID
        }
        continuation.onTermination = { [weak self] _ in
            self?.listeners.withLock { listeners in listeners.items.removeAll { $0.id == id } }
        }
        continuation.yield()
        return (marks, { continuation.yield() })
    }

    /// Wakes everybody if something changed, or is due.
    func note(_ world: World, since before: Mark) {
        let isDue = world.outbox.nextDue.map { $0 <= world.now } ?? false
        guard isDue || Mark(world) != before else { return }
        listeners.withLock { listeners in
            for item in listeners.items { item.continuation.yield() }
        }
    }
}
