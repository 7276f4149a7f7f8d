import LosslessJSON

extension LocalGoogle {
    /// How long reads of an API go on without what was written.
    ///
    /// A lagging API answers `GET` from a copy that is behind, with everything that belongs to that
    /// time: lists, single resources, etags and sync tokens. Writes, and what checks them, know the
    /// present. Commands of the control API that change content are seen at once, and with them
    /// everything before.
    public enum ReadLag: Sendable, Hashable {
        /// A write is seen after so many seconds of the local Google's clock.
        case seconds(Int)
        /// A write is not seen by so many reads of the API that come after it.
        case reads(Int)
    }
}

/// The copies from which lagging APIs answer.
struct LagList {
    private(set) var copies: [(api: String, copy: LaggingCopy)] = []
    /// The world's last version as requests left it.
    private var version: Int64 = 0

    var isEmpty: Bool { copies.isEmpty }

    subscript(api: String) -> LaggingCopy? { copies.first { $0.api == api }?.copy }

    /// Makes an API lag from now on.
    ///
    /// - Throws: `invalidCommand` for an unknown API or a senseless lag.
    mutating func set(
        _ lag: LocalGoogle.ReadLag, api: String, in world: World
    ) throws(LocalGoogleError) {
        guard world.services[api] != nil else {
            let names = world.services.all.map(\.name).joined(separator: ", ")
            throw .invalidCommand("A lag's api is one of \(names).")
        }
        switch lag {
        case .seconds(let count), .reads(let count):
            guard (1...1_000_000).contains(count) else {
                throw .invalidCommand("A lag lies between 1 and 1000000.")
            }
        }
        let copy = try LaggingCopy(of: world, lag)
        _ = remove(api)
        copies.append((api, copy))
        version = world.lastVersion
    }

    /// Lets one API see everything again, or all of them.
    mutating func remove(_ api: String?) -> Bool {
        let before = copies.count
        copies.removeAll { api == nil || $0.api == api }
        return api == nil || copies.count < before
    }

    /// Before a request: what was changed by other things than requests is seen at once.
    mutating func begin(_ world: World) {
        let isChanged = world.lastVersion != version
        for entry in copies where isChanged || !entry.copy.hasAccounts(of: world) {
            entry.copy.catchUp(with: world)
        }
        version = world.lastVersion
    }

    /// After a request.
    mutating func end(_ world: World) { version = world.lastVersion }

    var json: JSON {
        .array(
            copies.map { entry in
                var document: JSONObject = ["api": .string(entry.api)]
                switch entry.copy.lag {
                case .seconds(let count): document["seconds"] = .number(JSONNumber(count))
                case .reads(let count): document["reads"] = .number(JSONNumber(count))
                }
                document["waiting"] = .number(JSONNumber(entry.copy.waitingCount))
                document["trouble"] = entry.copy.trouble.map { .string($0) }
                return .object(document)
            })
    }
}

/// A copy of the world that learns of each write later.
///
/// The local Google decides everything from its state, the clock and chance: the same write, done
/// later with the chance and the time of the first time, leads to the same state. So the copy is
/// brought on by doing the writes again, one by one.
final class LaggingCopy {
    let lag: LocalGoogle.ReadLag
    /// Why no copy could be made; then reads see the present.
    private(set) var trouble: String?
    private var copy: World?
    private var waiting: [Write] = []
    private var waitingBytes = 0

    /// More writes than this, or more bytes of bodies, do not wait: the first ones are seen early.
    static let maxWaiting = 10_000
    static let maxWaitingBytes = 64 << 20

    /// A write as it came, and what it was decided from.
    private struct Write {
        let request: EmulatorRequest
        let service: any EmulatorService
        let route: Route
        let path: [String: String]
        let at: Int64
        let random: UInt64
        let lastVersion: Int64
        let oauth: OAuthState
        let switches: Switches
        var reads = 0
    }

    /// - Throws: `invalidSnapshot` if the world cannot be copied.
    init(of world: World, _ lag: LocalGoogle.ReadLag) throws(LocalGoogleError) {
        self.lag = lag
        copy = try Self.copy(of: world)
    }

    var waitingCount: Int { waiting.count }

    /// Whether everybody who can sign in is known to the copy.
    func hasAccounts(of world: World) -> Bool {
        copy.map { $0.accountOrder.count == world.accountOrder.count } ?? true
    }

    /// Gives up being behind.
    func catchUp(with world: World) {
        waiting = []
        waitingBytes = 0
        do throws(LocalGoogleError) {
            copy = try Self.copy(of: world)
            trouble = nil
        } catch {
            copy = nil
            trouble = error.message
        }
    }

    /// Answers a read from the copy; does a write now and notes it for the copy.
    func answer(_ call: RouteCall, _ route: Route) -> EmulatorResponse {
        guard let copy else { return route.answer(call) }
        guard route.isRead else {
            note(call, route)
            return route.answer(call)
        }
        while let write = waiting.first, isDue(write, now: call.world.now) {
            redoFirst(in: copy, call.state)
        }
        copy.now = call.world.now
        copy.clockOffset = call.world.clockOffset
        copy.oauth = call.world.oauth
        copy.switches = call.world.switches
        for index in waiting.indices { waiting[index].reads += 1 }
        var older = call
        older.world = copy
        return route.answer(older)
    }

    private func note(_ call: RouteCall, _ route: Route) {
        let world = call.world
        waiting.append(
            Write(
                request: call.request, service: call.service, route: route, path: call.path,
                at: world.now, random: world.random.state,
                lastVersion: world.lastVersion, oauth: world.oauth, switches: world.switches))
        waitingBytes += call.request.body.count
        guard let copy else { return }
        while waiting.count > Self.maxWaiting || waitingBytes > Self.maxWaitingBytes {
            redoFirst(in: copy, call.state)
        }
    }

    private func isDue(_ write: Write, now: Int64) -> Bool {
        switch lag {
        case .seconds(let count): now >= write.at &+ Int64(count) * 1000
        case .reads(let count): write.reads >= count
        }
    }

    private func redoFirst(in copy: World, _ state: EmulatorState) {
        let write = waiting.removeFirst()
        waitingBytes -= write.request.body.count
        copy.now = write.at
        copy.random.state = write.random
        copy.lastVersion = write.lastVersion
        copy.oauth = write.oauth
        copy.switches = write.switches
        _ = write.route.answer(
            RouteCall(
                state: state, request: write.request, service: write.service, route: write.route,
                path: write.path, world: copy))
        // What it would post has been posted.
        copy.outbox.clear()
    }

    private static func copy(of world: World) throws(LocalGoogleError) -> World {
        let copy = World(
            configuration: world.configuration, services: world.services, seed: world.seed,
            now: world.now, signer: world.signer)
        try SnapshotReader(SnapshotWriter(world: world).document, world.services).restore(copy)
        copy.now = world.now
        copy.clockOffset = world.clockOffset
        return copy
    }
}
