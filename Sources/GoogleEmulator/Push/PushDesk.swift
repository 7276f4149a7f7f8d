/// The channels of one service, and the posts of their messages.
///
/// Of each channel one message at a time is on its first way, so that they arrive in their order;
/// one that fails does not hold up those after it, and is tried again beside them.
///
/// A class, because it is changed while the world, which holds it, is read.
/// - SeeAlso: Google Calendar API guide, "Push notifications".
final class PushDesk<Resource> {
    /// The service's name, under which posts are made and settled.
    let service: String
    /// In the order of their making.
    private(set) var channels: [PushChannel<Resource>] = []
    private var byTopic: [String: PushChannel<Resource>] = [:]
    private(set) var used = UsedTopics()
    /// When the first channel ends, in milliseconds since 1970.
    private var firstEnd = Int64.max
    /// The world's last change of which everybody has been told.
    private var toldVersion: Int64 = -1

    init(service: String) {
        self.service = service
    }

    /// Takes a channel in and posts its first message.
    ///
    /// - Throws: 400 `channelIdNotUnique` for an id that is remembered, 403 `quotaExceeded`.
    func open(_ channel: PushChannel<Resource>, in world: World) throws(GoogleFailure) {
        guard byTopic[channel.topic] == nil, !used.contains(channel.topic) else {
            throw GoogleFailure(
                400, "global", "channelIdNotUnique", "Channel id \(channel.id) not unique")
        }
        guard channels.count < PushLimits.channels else { throw .usageLimitsExceeded }
        used.add(channel.topic)
        insert(channel)
        say(PushMessage.sync, to: channel, in: world)
    }

    /// Ends a channel at the wish of the user and the project that made it.
    ///
    /// - Throws: 404 `notFound` for any other one.
    func stop(
        id: String, resourceID: String, project: String, user: String, in world: World
    ) throws(GoogleFailure) {
        let topic = PushChannel<Resource>.topic(id: id, project: project)
        guard let channel = byTopic[topic], channel.resourceID == resourceID, channel.user == user
        else {
            throw GoogleFailure(
                404, "global", "notFound", "Channel '\(id)' not found for project '\(project)'")
        }
        remove { $0 === channel }
        world.outbox.cancel { $0.service == service && $0.topic == topic }
    }

    /// Ends the channels whose time has come; what they still had to say is dropped.
    func endExpired(_ world: World) {
        let now = world.now
        guard firstEnd <= now else { return }
        remove { $0.expires <= now }
    }

    /// Posts one message for each channel whose resource is no longer what it was told last.
    ///
    /// The state of a resource is a number that is another one after each change, and `nil` where
    /// the user has no such resource. A change moves the world's version, too.
    func tell(_ world: World, state: (Resource, Account) -> Int64?) {
        guard !channels.isEmpty, world.lastVersion != toldVersion else { return }
        toldVersion = world.lastVersion
        for channel in channels {
            let current = world.account(channel.user).flatMap { state(channel.resource, $0) }
            guard current != channel.seen else { continue }
            channel.seen = current
            say(
                current == nil ? PushMessage.notExists : PushMessage.exists, to: channel,
                in: world)
        }
    }

    /// Learns what became of a message.
    ///
    /// - Returns: When to try it again, in milliseconds since 1970; `nil` gives it up.
    func settle(_ post: OutgoingPost, _ outcome: PostOutcome, in world: World) -> Int64? {
        guard let channel = byTopic[post.topic] else { return nil }
        var next = PostSchedule.nextDue(after: outcome, attempt: post.attempt, now: world.now)
        guard channel.current == post.id else {
            if next == nil { channel.retries -= 1 }
            return next
        }
        channel.current = nil
        if next != nil {
            if channel.retries < PushLimits.retries { channel.retries += 1 } else { next = nil }
        }
        sendNext(of: channel, in: world)
        return next
    }

    /// Replaces the channels, as a snapshot asks; messages are no part of it.
    func restore(_ channels: [PushChannel<Resource>], used: [String]) {
        self.channels = []
        byTopic = [:]
        firstEnd = .max
        for channel in channels { insert(channel) }
        self.used = UsedTopics()
        for topic in used { self.used.add(topic) }
        toldVersion = -1
    }

    /// Where each channel stands with its messages.
    ///
    /// A snapshot leaves it out, because posts are none of its part either.
    var lines: [Line] {
        channels.map {
            Line(
                topic: $0.topic, waiting: $0.waiting, current: $0.current, retries: $0.retries)
        }
    }

    /// What one channel still has to say, and which of its posts are out.
    struct Line {
        fileprivate let topic: String
        fileprivate let waiting: [PushMessage]
        fileprivate let current: Int64?
        fileprivate let retries: Int
    }

    /// Takes up where lines stood, together with the outbox of that time.
    func take(up lines: [Line]) {
        for line in lines {
            guard let channel = byTopic[line.topic] else { continue }
            channel.waiting = line.waiting
            channel.current = line.current
            channel.retries = line.retries
        }
    }

    private func insert(_ channel: PushChannel<Resource>) {
        channels.append(channel)
        byTopic[channel.topic] = channel
        firstEnd = min(firstEnd, channel.expires)
    }

    private func remove(where isMeant: (PushChannel<Resource>) -> Bool) {
        for channel in channels where isMeant(channel) { byTopic[channel.topic] = nil }
        channels.removeAll(where: isMeant)
        firstEnd = channels.lazy.map(\.expires).min() ?? .max
    }

    /// Puts a message at the end of a channel's line.
    private func say(_ state: String, to channel: PushChannel<Resource>, in world: World) {
        channel.lastNumber += 1
        if channel.waiting.count >= PushLimits.waiting { channel.waiting.removeLast() }
        channel.waiting.append(PushMessage(number: channel.lastNumber, state: state))
        sendNext(of: channel, in: world)
    }

    /// Posts the first message that waits, unless another one is on its first way.
    private func sendNext(of channel: PushChannel<Resource>, in world: World) {
        while channel.current == nil, !channel.waiting.isEmpty {
            let message = channel.waiting.removeFirst()
            do throws(LocalGoogleError) {
                channel.current = try world.post(
                    from: service, topic: channel.topic, to: channel.address,
                    headers: channel.headers(of: message), expires: channel.expires)
            } catch {
                // The outbox is full of other services' posts, or a snapshot brought an address
                // that is not allowed here. Google, too, promises no delivery: the gap in the
                // numbers tells of it.
                continue
            }
        }
    }
}

/// The last topics of channels that there were, former ones included.
struct UsedTopics {
    /// The oldest first.
    private(set) var order: [String] = []
    private var topics: Set<String> = []

    func contains(_ topic: String) -> Bool { topics.contains(topic) }

    mutating func add(_ topic: String) {
        guard topics.insert(topic).inserted else { return }
        order.append(topic)
        // Many at a time, because what stays has to be moved.
        guard order.count >= 2 * PushLimits.usedIDs else { return }
        for old in order.prefix(PushLimits.usedIDs) { topics.remove(old) }
        order.removeFirst(PushLimits.usedIDs)
    }
}
