public import LosslessJSON
import Synchronization
public import TandemCore
public import TandemSync

/// A small provider in memory: collections of notes with etags, cursors and tombstones.
///
/// It has what sync has to cope with, no more: versions that count up, cursors that expire, pages,
/// tombstones, refusals of stale etags and taken ids, and faults on demand.
public final class MemoryProvider: Sendable {
    /// A fault that one of the next requests meets.
    public struct Fault: Hashable, Sendable {
        /// What the caller gets.
        public var error: RemoteError
        /// Whether a write is applied before its answer is lost.
        public var applies: Bool

        /// Makes a fault.
        public init(_ error: RemoteError, applies: Bool = false) {
            self.error = error
            self.applies = applies
        }
    }

    struct Entry {
        var json: JSON
        var version: Int64
        var isDeleted: Bool
        /// Whether a listing shows it in a form that nobody can read.
        var isSpoilt = false
    }

    struct State {
        var collections: [RemoteID: [RemoteID: Entry]] = [:]
        var access: [RemoteID: CollectionAccess] = [:]
        var version: Int64 = 0
        var oldestCursor: Int64 = 0
        var faults: [Fault] = []
        var pushFaults: [Fault] = []
        var lookUpFaults: [Fault] = []
        /// How many requests the faults still spare.
        var spared = 0
        var repeatsPages = false
        var forgetsCursor = false
        /// Whether notes say in which collection they are at home.
        var marksHome = false
        /// Whether what becomes of a series becomes of its instances.
        var tendsSeries = false
        var beforePush: (@Sendable (MemoryProvider) -> Void)?
        var requests: [String] = []
        var mails: [SendUpdates] = []
        var pushAnswer: RemoteResource?
    }

    /// How many notes a page has at most.
    public let pageSize: Int
    let state: Mutex<State>

    /// Makes an empty provider.
    ///
    /// - Parameters:
    ///   - pageSize: How many notes a page has at most.
    ///   - marksHome: Whether notes say in which collection they are at home, as events name their
    ///     organizer's calendar.
    ///   - tendsSeries: Whether an instance that is deleted stays as a cancelled one, and one that
    ///     loses its slot or its series goes with it, as Google's do.
    public init(pageSize: Int = 3, marksHome: Bool = false, tendsSeries: Bool = false) {
        self.pageSize = pageSize
        var state = State()
        state.marksHome = marksHome
        state.tendsSeries = tendsSeries
        self.state = Mutex(state)
    }

    /// The requests so far, such as `pull work` or `patch work/n1`.
    public var requests: [String] { state.withLock { $0.requests } }

    /// What grows with each change.
    var version: Int64 { state.withLock { $0.version } }

    /// Whom each write so far let be mailed.
    public var mails: [SendUpdates] { state.withLock { $0.mails } }

    /// Forgets the requests so far.
    public func clearRequests() { state.withLock { $0.requests = [] } }

    /// Puts a note in, as another client would, and returns its version.
    @discardableResult
    public func put(_ id: RemoteID, _ json: JSON, in collection: RemoteID) -> ETag {
        state.withLock { Self.put(id, json, in: collection, &$0) }
    }

    /// Changes members of a note, or of an instance of a series, as another client would; of what is
    /// gone it changes nothing.
    public func patch(_ id: RemoteID, _ patch: JSON, in collection: RemoteID) {
        state.withLock { state in
            guard
                let entry = state.collections[collection]?[id]
                    ?? Self.instance(id, in: collection, state), !entry.isDeleted
            else { return }
            _ = Self.put(id, entry.json.merging(patch), in: collection, &state)
        }
    }

    /// Deletes a note, as another client would.
    public func delete(_ id: RemoteID, in collection: RemoteID) {
        state.withLock { state in
            guard !Self.cancelsInstance(id, in: collection, &state) else { return }
            state.version += 1
            state.collections[collection]?[id]?.isDeleted = true
            state.collections[collection]?[id]?.version = state.version
            if state.tendsSeries { Self.deleteInstances(of: id, in: collection, &state) }
        }
    }

    /// The notes that are there, by id, without tombstones.
    public func live(in collection: RemoteID) -> [(id: RemoteID, json: JSON)] {
        state.withLock { state in
            (state.collections[collection] ?? [:]).filter { !$0.value.isDeleted }
                .map { (id: $0.key, json: $0.value.json) }
                .sorted { $0.id < $1.id }
        }
    }

    /// Whatever a collection holds or held, by id.
    func entries(in collection: RemoteID) -> [(id: RemoteID, entry: Entry)] {
        state.withLock { state in
            (state.collections[collection] ?? [:]).map { (id: $0.key, entry: $0.value) }
                .sorted { $0.id < $1.id }
        }
    }

    static func put(
        _ id: RemoteID, _ json: JSON, in collection: RemoteID, _ state: inout State
    ) -> ETag {
        state.version += 1
        var json = json
        json["id"] = .string(id.rawValue)
        if state.marksHome { json["home"] = .string(collection.rawValue) }
        let version = state.version
        state.collections[collection, default: [:]][id] = Entry(
            json: json, version: version, isDeleted: false)
        if state.tendsSeries { cancelLostInstances(of: id, json, in: collection, &state) }
        return ETag(rawValue: "\(version)")
    }

    static func resource(_ id: RemoteID, _ entry: Entry) -> RemoteResource {
        var json = entry.json
        json["etag"] = .string("\(entry.version)")
        if entry.isDeleted {
            json = ["id": .string(id.rawValue), "deleted": true]
        }
        return RemoteResource(
            remoteID: id, etag: ETag(rawValue: "\(entry.version)"), json: json,
            isTombstone: entry.isDeleted)
    }
}

/// What the connector asks of the provider.
extension MemoryProvider {
    func pull(_ request: PullRequest) throws(RemoteError) -> PulledPage {
        let result: Result<PulledPage, RemoteError> = state.withLock { state in
            state.requests.append("pull \(request.collection.remoteID)")
            if let fault = Self.nextFault(&state) { return .failure(fault.error) }
            let page = Self.page(request, size: pageSize, state)
            if case .success(let last) = page, last.next == nil { state.forgetsCursor = false }
            return page
        }
        return try result.get()
    }

    private static func nextFault(_ state: inout State) -> Fault? {
        guard state.spared == 0 else {
            state.spared -= 1
            return nil
        }
        return state.faults.isEmpty ? nil : state.faults.removeFirst()
    }

    private static func page(
        _ request: PullRequest, size: Int, _ state: State
    ) -> Result<PulledPage, RemoteError> {
        let since = request.cursor.flatMap { Int64($0.rawValue) }
        if let since, since < state.oldestCursor {
            return .failure(RemoteError(.cursorExpired, "The cursor is too old."))
        }
        let all = state.collections[request.collection.remoteID] ?? [:]
        let entries = all.keys.sorted().compactMap { id -> (key: RemoteID, value: Entry)? in
            guard let entry = all[id] else { return nil }
            let isAsked = since.map { entry.version > $0 } ?? !entry.isDeleted
            return isAsked ? (key: id, value: entry) : nil
        }
        // A page's name says up to which version the whole listing tells, and after which note the
        // page begins: notes that go or come meanwhile must not shift the others.
        let name = request.page?.split(
            separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let end = name.flatMap { Int64($0[0]) } ?? state.version
        let last = name.flatMap { $0.count > 1 ? String($0[1]) : nil } ?? ""
        let rest = entries.filter { $0.key.rawValue > last }
        let page = rest.prefix(size)
        let isLast = page.count == rest.count
        let next =
            state.repeatsPages
            ? "\(end)@" : isLast ? nil : "\(end)@\(page.last?.key.rawValue ?? last)"
        return .success(
            PulledPage(
                items: page.map { item($0.key, $0.value) }, next: next,
                cursor: next == nil && !state.forgetsCursor ? Cursor(rawValue: "\(end)") : nil,
                access: state.access[request.collection.remoteID]))
    }

    private static func item(_ id: RemoteID, _ entry: Entry) -> PulledItem {
        guard entry.isSpoilt else { return .resource(resource(id, entry)) }
        return .unreadable(remoteID: id, raw: entry.json.text, reason: "Nobody can read this.")
    }

    func push(_ request: PushRequest) -> Result<RemoteResource, RemoteError> {
        let action = state.withLock { state in
            defer { state.beforePush = nil }
            return state.beforePush
        }
        action?(self)
        return state.withLock { state in
            let target = request.target?.rawValue ?? ""
            state.requests.append(
                "\(request.verb.rawValue) \(request.collection.remoteID)/\(target)")
            state.mails.append(request.sendUpdates)
            if let answer = state.pushAnswer {
                state.pushAnswer = nil
                return .success(answer)
            }
            guard let fault = Self.nextPushFault(&state) else {
                return Self.apply(request, &state)
            }
            if fault.applies { _ = Self.apply(request, &state) }
            return .failure(fault.error)
        }
    }

    private static func nextPushFault(_ state: inout State) -> Fault? {
        if !state.pushFaults.isEmpty { return state.pushFaults.removeFirst() }
        return nextFault(&state)
    }

    func lookUp(_ request: PushRequest) throws(RemoteError) -> LookUp {
        let result: Result<LookUp, RemoteError> = state.withLock { state in
            let target = request.target?.rawValue ?? ""
            state.requests.append("lookUp \(request.collection.remoteID)/\(target)")
            if !state.lookUpFaults.isEmpty {
                return .failure(state.lookUpFaults.removeFirst().error)
            }
            if let fault = Self.nextFault(&state) { return .failure(fault.error) }
            let place = request.destination ?? request.collection.remoteID
            guard let id = request.target,
                let entry = state.collections[place]?[id] ?? Self.instance(id, in: place, state)
            else { return .success(Self.namesake(of: request, state)) }
            return .success(
                entry.isDeleted ? .tombstone : .present(Self.resource(id, entry)))
        }
        return try result.get()
    }

    /// A note that has the `uid` of one that was to be made, under another id.
    private static func namesake(of request: PushRequest, _ state: State) -> LookUp {
        guard request.verb == .create, let uid = request.body?["uid"]?.string else {
            return .absent
        }
        let notes = state.collections[request.collection.remoteID] ?? [:]
        let id = notes.keys.sorted().first { notes[$0]?.json["uid"]?.string == uid }
        guard let id, let entry = notes[id], !entry.isDeleted else { return .absent }
        return .present(resource(id, entry))
    }

    private static func apply(
        _ request: PushRequest, _ state: inout State
    ) -> Result<RemoteResource, RemoteError> {
        guard let id = request.target else {
            return .failure(RemoteError(.rejected, "A note needs an id."))
        }
        let collection = request.collection.remoteID
        let entry = state.collections[collection]?[id] ?? instance(id, in: collection, state)
        // An instance is there with its series; creating it makes it a note of its own.
        if request.verb == .create, request.body?["seriesId"] == nil {
            guard entry == nil, case .absent = namesake(of: request, state) else {
                return .failure(RemoteError(.alreadyExists, "The id is taken."))
            }
            if request.body?["title"] == .string("poison") {
                return .failure(RemoteError(.rejected, "No note is called so."))
            }
            return written(id, request.body ?? [:], in: collection, &state)
        }
        guard let entry else { return .failure(RemoteError(.notFound, "No such note.")) }
        guard !entry.isDeleted else { return .failure(RemoteError(.gone, "Deleted before.")) }
        if let etag = request.etag, etag.rawValue != "\(entry.version)" {
            return .failure(RemoteError(.preconditionFailed, "It changed meanwhile."))
        }
        switch request.verb {
        case .patch, .create:
            return written(id, entry.json.merging(request.body ?? [:]), in: collection, &state)
        case .delete:
            if !cancelsInstance(id, in: collection, &state) {
                state.version += 1
                state.collections[collection]?[id] = Entry(
                    json: entry.json, version: state.version, isDeleted: true)
                deleteInstances(of: id, in: collection, &state)
            }
            return .success(
                RemoteResource(remoteID: id, etag: nil, json: [:], isTombstone: true))
        case .move:
            let destination = request.destination ?? collection
            leave(id, from: collection, to: destination, &state)
            return written(id, entry.json, in: destination, &state)
        }
    }

    /// Takes a note out of where it lay, and its instances along.
    private static func leave(
        _ id: RemoteID, from collection: RemoteID, to destination: RemoteID, _ state: inout State
    ) {
        state.version += 1
        state.collections[collection]?[id]?.isDeleted = true
        state.collections[collection]?[id]?.version = state.version
        moveInstances(of: id, from: collection, to: destination, &state)
    }

    /// Moves a note, as another client would.
    func move(_ id: RemoteID, from collection: RemoteID, to destination: RemoteID) {
        state.withLock { state in
            guard let entry = state.collections[collection]?[id], !entry.isDeleted else { return }
            Self.leave(id, from: collection, to: destination, &state)
            _ = Self.put(id, entry.json, in: destination, &state)
        }
    }

    private static func written(
        _ id: RemoteID, _ json: JSON, in collection: RemoteID, _ state: inout State
    ) -> Result<RemoteResource, RemoteError> {
        _ = put(id, json, in: collection, &state)
        guard let entry = state.collections[collection]?[id] else {
            return .failure(RemoteError(.notFound, "No such note."))
        }
        return .success(resource(id, entry))
    }
}
