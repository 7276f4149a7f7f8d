public import LosslessJSON
public import TandemCore
public import TandemSync
import Testing

/// What a connector's own tests give to ``ConnectorConformance``: the connector, and the hands of
/// somebody else at its provider.
public protocol ConnectorBench: Sendable {
    /// The connector.
    var connector: any Connector { get }
    /// An empty collection that it may write to.
    var collection: CollectionAddress { get }
    /// Another empty collection of the kind, that it may write to as well.
    func elsewhere() async throws -> CollectionAddress
    /// A resource that the provider takes, named `title`, with a fresh id and an unknown member
    /// `x-unknown` where the provider keeps such.
    func draft(titled title: String) -> (id: RemoteID, json: JSON)
    /// The merge patch that names a resource anew.
    func retitling(to title: String) -> JSON
    /// The name of a resource.
    func title(of resource: JSON) -> String?
    /// Somebody else makes a resource.
    func create(titled title: String) async throws -> RemoteID
    /// Somebody else names a resource anew.
    func retitle(_ id: RemoteID, to title: String) async throws
    /// Somebody else deletes a resource.
    func delete(_ id: RemoteID) async throws
    /// Every cursor given out so far becomes useless.
    func expireCursors() async throws
}

/// The promises of ``Connector``, as checks that every connector's tests run.
public struct ConnectorConformance: Sendable {
    private let bench: any ConnectorBench

    /// Checks the connector of `bench`.
    public init(_ bench: any ConnectorBench) { self.bench = bench }

    /// Runs every check; each needs a bench of its own, since collections begin empty.
    public static let checks: [(name: String, run: @Sendable (Self) async throws -> Void)] = [
        ("a full listing has everything and ends with a cursor", { try await $0.fullListing() }),
        ("a delta has what changed since, and only that", { try await $0.delta() }),
        ("an expired cursor asks for a full listing", { try await $0.expiredCursor() }),
        ("a creation carries our id and answers with its etag", { try await $0.creation() }),
        ("a second creation under one id is refused", { try await $0.secondCreation() }),
        ("a patch changes its members and nothing else", { try await $0.patch() }),
        ("a stale etag stops a write", { try await $0.staleETag() }),
        ("a delete makes a tombstone, and a second one is harmless", { try await $0.deletion() }),
        ("a look-up tells present, gone and unknown apart", { try await $0.lookUps() }),
        ("a batch answers in order, each for itself", { try await $0.batch() }),
        ("a move keeps the name, and is looked up where it leads", { try await $0.move() }),
        ("what changes between two listings is in the second", { try await $0.interleaving() }),
    ]

    // MARK: Checks

    func fullListing() async throws {
        var made: Set<RemoteID> = []
        for number in 1...7 { made.insert(try await bench.create(titled: "note \(number)")) }
        let listing = try await list(after: nil)
        #expect(Set(listing.resources.map(\.remoteID)) == made)
        #expect(listing.cursor != nil)
        #expect(listing.resources.allSatisfy { $0.etag != nil && !$0.isTombstone })
    }

    func delta() async throws {
        let kept = try await bench.create(titled: "kept")
        let changed = try await bench.create(titled: "before")
        let deleted = try await bench.create(titled: "going")
        let cursor = try await list(after: nil).cursor
        try await bench.retitle(changed, to: "after")
        try await bench.delete(deleted)
        let made = try await bench.create(titled: "made")
        let delta = try await list(after: cursor)
        #expect(!delta.resources.contains { $0.remoteID == kept })
        #expect(delta.title(of: changed, bench) == "after")
        #expect(delta.title(of: made, bench) == "made")
        #expect(delta.resources.first { $0.remoteID == deleted }?.isTombstone == true)
        let idle = try await list(after: delta.cursor)
        #expect(idle.resources.isEmpty && idle.cursor != nil)
    }

    func expiredCursor() async throws {
        _ = try await bench.create(titled: "one")
        let cursor = try await list(after: nil).cursor
        try await bench.expireCursors()
        let error = await #expect(throws: RemoteError.self) { try await list(after: cursor) }
        #expect(error?.code == .cursorExpired)
    }

    func creation() async throws {
        let (id, json) = bench.draft(titled: "ours")
        let answer = try await push(.create, id, body: json).get()
        #expect(answer.remoteID == id)
        #expect(answer.etag != nil)
        #expect(bench.title(of: answer.json) == "ours")
        let listed = try await list(after: nil).resources.first { $0.remoteID == id }
        #expect(listed?.etag == answer.etag)
    }

    func secondCreation() async throws {
        let (id, json) = bench.draft(titled: "ours")
        _ = try await push(.create, id, body: json).get()
        #expect(await push(.create, id, body: json).code == .alreadyExists)
    }

    func patch() async throws {
        let (id, json) = bench.draft(titled: "before")
        let created = try await push(.create, id, body: json).get()
        let answer = try await push(
            .patch, id, etag: created.etag, body: bench.retitling(to: "after")
        ).get()
        #expect(bench.title(of: answer.json) == "after")
        #expect(answer.json["x-unknown"] == created.json["x-unknown"])
        #expect(answer.etag != created.etag)
    }

    func staleETag() async throws {
        let (id, json) = bench.draft(titled: "before")
        let created = try await push(.create, id, body: json).get()
        try await bench.retitle(id, to: "theirs")
        let patched = await push(
            .patch, id, etag: created.etag, body: bench.retitling(to: "ours"))
        #expect(patched.code == .preconditionFailed)
        #expect(await push(.delete, id, etag: created.etag).code == .preconditionFailed)
        guard
            case .present(let now) = try await bench.connector.lookUp(
                request(.patch, id, etag: created.etag))
        else {
            Issue.record("The resource is gone.")
            return
        }
        #expect(bench.title(of: now.json) == "theirs")
    }

    func deletion() async throws {
        let (id, json) = bench.draft(titled: "going")
        let created = try await push(.create, id, body: json).get()
        let cursor = try await list(after: nil).cursor
        _ = try await push(.delete, id, etag: created.etag).get()
        let tombstone = try await list(after: cursor).resources.first { $0.remoteID == id }
        #expect(tombstone?.isTombstone == true)
        #expect(await push(.delete, id, etag: created.etag).code == .gone)
        #expect(try await list(after: nil).resources.allSatisfy { $0.remoteID != id })
    }

    func lookUps() async throws {
        let (id, json) = bench.draft(titled: "there")
        let (unknown, _) = bench.draft(titled: "nowhere")
        let created = try await push(.create, id, body: json).get()
        let found = try await bench.connector.lookUp(request(.create, id, body: json))
        guard case .present(let present) = found else {
            Issue.record("A look-up missed what is there: \(found)")
            return
        }
        #expect(present.etag == created.etag)
        #expect(try await bench.connector.lookUp(request(.create, unknown)) == .absent)
        try await bench.delete(id)
        switch try await bench.connector.lookUp(request(.create, id)) {
        case .tombstone: break
        case .present(let resource): #expect(resource.isTombstone)
        case .absent: Issue.record("A tombstone was taken for something unknown.")
        }
    }

    func batch() async throws {
        let count = bench.connector.capabilities.maximumBatch
        let drafts = (0..<min(count, 10)).map { bench.draft(titled: "note \($0)") }
        let requests = drafts.map { request(.create, $0.id, body: $0.json) }
        let answers = await bench.connector.push(requests)
        #expect(answers.count == requests.count)
        for (answer, draft) in zip(answers, drafts) {
            #expect(try answer.get().remoteID == draft.id)
        }
        let second = await bench.connector.push(Array(requests.prefix(2)))
        #expect(second.allSatisfy { $0.code == .alreadyExists })
    }

    func move() async throws {
        let other = try await bench.elsewhere()
        let (id, json) = bench.draft(titled: "wanderer")
        _ = try await push(.create, id, body: json).get()
        let cursor = try await list(after: nil).cursor
        var move = request(.move, id)
        move.destination = other.remoteID
        #expect(try await bench.connector.lookUp(move) == .absent)
        let moved = try #require(await bench.connector.push([move]).first).get()
        #expect(moved.remoteID == id)
        #expect(try await list(after: cursor).resources.first?.isTombstone == true)
        let there = try await bench.connector.pull(
            PullRequest(collection: other, cursor: nil, page: nil))
        #expect(there.items.count == 1)
        guard case .present(let found) = try await bench.connector.lookUp(move) else {
            Issue.record("A look-up missed what was moved.")
            return
        }
        #expect(found.remoteID == id && bench.title(of: found.json) == "wanderer")
    }

    func interleaving() async throws {
        for number in 1...7 { _ = try await bench.create(titled: "note \(number)") }
        let first = try await bench.connector.pull(
            PullRequest(collection: bench.collection, cursor: nil, page: nil))
        let late = try await bench.create(titled: "late")
        var (page, cursor) = (first.next, first.cursor)
        while let next = page {
            let pulled = try await bench.connector.pull(
                PullRequest(collection: bench.collection, cursor: nil, page: next))
            (page, cursor) = (pulled.next, pulled.cursor)
        }
        #expect(try await list(after: cursor).resources.contains { $0.remoteID == late })
    }

    // MARK: Helpers

    private struct Listing {
        var resources: [RemoteResource]
        var cursor: Cursor?

        func title(of id: RemoteID, _ bench: any ConnectorBench) -> String? {
            resources.last { $0.remoteID == id }.flatMap { bench.title(of: $0.json) }
        }
    }

    private func list(after cursor: Cursor?) async throws -> Listing {
        var listing = Listing(resources: [], cursor: nil)
        var page: String?
        repeat {
            let pulled = try await bench.connector.pull(
                PullRequest(collection: bench.collection, cursor: cursor, page: page))
            for item in pulled.items {
                guard case .resource(let resource) = item else {
                    Issue.record("An item could not be read: \(item)")
                    continue
                }
                listing.resources.append(resource)
            }
            listing.cursor = pulled.cursor
            page = pulled.next
        } while page != nil
        return listing
    }

    private func request(
        _ verb: IntentVerb, _ id: RemoteID, etag: ETag? = nil, body: JSON? = nil
    ) -> PushRequest {
        PushRequest(
            operation: OperationID(rawValue: id.rawValue), collection: bench.collection,
            verb: verb, target: id, etag: etag, body: body)
    }

    private func push(
        _ verb: IntentVerb, _ id: RemoteID, etag: ETag? = nil, body: JSON? = nil
    ) async -> Result<RemoteResource, RemoteError> {
        let answers = await bench.connector.push([request(verb, id, etag: etag, body: body)])
        #expect(answers.count == 1)
        return answers.first ?? .failure(RemoteError(.transient, "No answer came."))
    }
}

extension Result where Failure == RemoteError {
    /// How it failed; `nil` when it did not.
    var code: RemoteError.Code? {
        guard case .failure(let error) = self else { return nil }
        return error.code
    }
}
