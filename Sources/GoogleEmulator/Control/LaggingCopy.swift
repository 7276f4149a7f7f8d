import LosslessJSON

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
    private var waiting: [Change] = []
    private var waitingBytes = 0
    /// What the copy knows of sign-ins between two reads, so that it holds on to none.
    private let nobody: OAuthState

    /// More writes than this, or more bytes of bodies, do not wait: the first ones are seen early.
    static let maxWaiting = 10_000
    static let maxWaitingBytes = 64 << 20

    /// A change, and what it was decided from.
    private struct Change {
        let doing: Doing
        let at: Int64
        let before: WorldMark
        var reads = 0
    }

    private enum Doing {
        case write(Write)
        /// What came due by itself.
        case ownDoing
    }

    /// A write as it came, and who sent it.
    private struct Write {
        let request: EmulatorRequest
        let service: any EmulatorService
        let route: Route
        let path: [String: String]
        let sender: Result<Credential, GoogleFailure>
    }

    /// - Throws: `invalidSnapshot` if the world cannot be copied.
    init(of world: World, _ lag: LocalGoogle.ReadLag) throws(LocalGoogleError) {
        self.lag = lag
        nobody = OAuthState(configuration: world.configuration)
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
        while waiting.count > Self.maxWaiting { redoFirst(in: copy, call.state) }
        guard route.isRead else {
            note(call, route)
            return route.answer(call)
        }
        while let change = waiting.first, isDue(change, now: call.world.now) {
            redoFirst(in: copy, call.state)
        }
        copy.now = call.world.now
        copy.clockOffset = call.world.clockOffset
        copy.oauth = call.world.oauth
        copy.switches = call.world.switches
        defer { copy.oauth = nobody }
        if case .reads = lag { for index in waiting.indices { waiting[index].reads += 1 } }
        var older = call
        older.world = copy
        return route.answer(older)
    }

    private func note(_ call: RouteCall, _ route: Route) {
        guard let copy else { return }
        let world = call.world
        let query = Parameters(formEncoded: call.request.query)
        let sender: Result<Credential, GoogleFailure>
        do { sender = .success(try world.credential(of: call.request, query: query)) } catch {
            sender = .failure(error)
        }
        let write = Write(
            request: call.request, service: call.service, route: route, path: call.path,
            sender: sender)
        waiting.append(Change(doing: .write(write), at: world.now, before: WorldMark(world)))
        waitingBytes += call.request.body.count
        while waiting.count > Self.maxWaiting || waitingBytes > Self.maxWaitingBytes {
            redoFirst(in: copy, call.state)
        }
    }

    /// Notes that the world did what had come due.
    func noteOwnDoing(at now: Int64, _ before: WorldMark) {
        guard copy != nil else { return }
        waiting.append(Change(doing: .ownDoing, at: now, before: before))
    }

    private func isDue(_ change: Change, now: Int64) -> Bool {
        switch lag {
        case .seconds(let count): now >= change.at &+ Int64(count) * 1000
        case .reads(let count): change.reads >= count
        }
    }

    private func redoFirst(in copy: World, _ state: EmulatorState) {
        let change = waiting.removeFirst()
        copy.now = change.at
        copy.random.state = change.before.random
        copy.lastVersion = change.before.lastVersion
        copy.timeline = change.before.timeline
        copy.switches = change.before.switches
        switch change.doing {
        case .write(let write):
            waitingBytes -= write.request.body.count
            copy.sender = write.sender
            _ = write.route.answer(
                RouteCall(
                    state: state, request: write.request, service: write.service,
                    route: write.route, path: write.path, world: copy))
            copy.sender = nil
        case .ownDoing:
            for service in copy.services.all { service.catchUp(copy) }
        }
        // What it would post has been posted.
        copy.outbox.clear()
    }

    private static func copy(of world: World) throws(LocalGoogleError) -> World {
        let copy = World(
            configuration: world.configuration, services: world.services, seed: world.seed,
            now: world.now, signer: world.signer)
        try SnapshotReader(SnapshotWriter(world: world).document, for: world).restore(copy)
        copy.now = world.now
        copy.clockOffset = world.clockOffset
        copy.timeline = world.timeline
        return copy
    }
}

/// What a change of the world is decided from, beside the world itself and the clock.
struct WorldMark {
    let random: UInt64
    let lastVersion: Int64
    let timeline: Timeline
    let switches: Switches

    init(_ world: World) {
        random = world.random.state
        lastVersion = world.lastVersion
        timeline = world.timeline
        switches = world.switches
    }
}
