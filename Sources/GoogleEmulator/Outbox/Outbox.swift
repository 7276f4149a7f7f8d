import LosslessJSON

/// The posts that wait to be sent, and those that are on their way.
struct Outbox {
    /// The number of the last post that was ever made.
    private(set) var lastID: Int64
    /// Grows with each change of what waits.
    private(set) var revision: Int64 = 0
    /// By their time, then by their number.
    private(set) var waiting: [OutgoingPost] = []
    /// When the next one is due that could be sent; `nil` if there is none.
    private(set) var nextDue: Int64?
    private var onTheirWay: [Int64: OutgoingPost] = [:]
    /// Receivers that are sent nothing more until they have answered.
    private var busy: [String] = []
    private var delivered: Int64 = 0
    private var dropped: Int64 = 0

    /// More posts than this cannot wait, those on their way included.
    static let limit = 10_000
    /// More posts than this are not sent at once.
    static let maxOnTheirWay = 32
    /// More posts than this are not sent to one receiver at once, so that a dead one does not hold
    /// up the others.
    static let maxPerReceiver = 2
    /// A post may carry so many bytes.
    static let maxBytes = 1 << 20

    init(lastID: Int64 = 0) {
        self.lastID = lastID
    }

    /// Takes a post in; where there is no room, the one goes that expired first.
    ///
    /// - Throws: `limitReached` if none has expired.
    mutating func add(_ post: OutgoingPost, now: Int64) throws(LocalGoogleError) -> Int64 {
        defer { note() }
        guard makeRoom(now: now) else {
            throw LocalGoogleError(
                code: .limitReached,
                message: "\(Self.limit) posts wait already; let some of them arrive first.")
        }
        lastID += 1
        insert(post.numbered(lastID))
        return lastID
    }

    /// Takes what is due and may be sent now; each must be settled.
    mutating func take(now: Int64) -> [OutgoingPost] {
        defer { note() }
        var taken: [OutgoingPost] = []
        while let index = nextIndex, waiting[index].due <= now {
            let post = waiting.remove(at: index)
            revision += 1
            if let expires = post.expires, expires <= now {
                dropped += 1
                continue
            }
            onTheirWay[post.id] = post
            taken.append(post)
            if isBusy(post.receiver) { busy.append(post.receiver) }
        }
        return taken
    }

    /// Takes a post off its way; `nil` if it is unknown.
    mutating func arrived(_ id: Int64) -> OutgoingPost? {
        defer { note() }
        revision += 1
        guard let post = onTheirWay.removeValue(forKey: id) else { return nil }
        busy.removeAll { $0 == post.receiver }
        return post
    }

    /// Notes what became of a post in the end, or when it is tried again.
    mutating func close(_ post: OutgoingPost, _ outcome: PostOutcome, next: Int64?) {
        defer { note() }
        if PostSchedule.isSuccess(outcome) {
            delivered += 1
        } else if let next {
            var again = post
            again.due = next
            again.attempt += 1
            insert(again)
        } else {
            dropped += 1
        }
    }

    /// Takes back what waits; what is on its way cannot be called back.
    mutating func cancel(where isMeant: (OutgoingPost) -> Bool) {
        defer { note() }
        waiting.removeAll(where: isMeant)
        revision += 1
    }

    /// Forgets everything, also what is on its way.
    mutating func clear() {
        defer { note() }
        waiting = []
        onTheirWay = [:]
        busy = []
        revision += 1
    }

    /// `{"waiting","delivered","dropped"}`.
    var counters: JSON {
        [
            "waiting": .number(JSONNumber(waiting.count + onTheirWay.count)),
            "delivered": .int(delivered), "dropped": .int(dropped),
        ]
    }

    /// Looks up what is next; every request asks for it, so that it must be at hand.
    private mutating func note() { nextDue = nextIndex.map { waiting[$0].due } }

    /// The first post whose receiver takes another one.
    private var nextIndex: Int? {
        guard onTheirWay.count < Self.maxOnTheirWay else { return nil }
        if busy.isEmpty { return waiting.isEmpty ? nil : 0 }
        return waiting.firstIndex { !busy.contains($0.receiver) }
    }

    private func isBusy(_ receiver: String) -> Bool {
        onTheirWay.values.count { $0.receiver == receiver } >= Self.maxPerReceiver
    }

    private mutating func insert(_ post: OutgoingPost) {
        var low = 0
        var high = waiting.count
        while low < high {
            let middle = (low + high) / 2
            let other = waiting[middle]
            if (other.due, other.id) < (post.due, post.id) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        waiting.insert(post, at: low)
        revision += 1
    }

    private mutating func makeRoom(now: Int64) -> Bool {
        if waiting.count + onTheirWay.count < Self.limit { return true }
        let expired = waiting.indices.filter { waiting[$0].expires.map { $0 <= now } ?? false }
        let first = expired.min { waiting[$0].expires ?? 0 < waiting[$1].expires ?? 0 }
        guard let first else { return false }
        waiting.remove(at: first)
        dropped += 1
        return true
    }
}

extension OutgoingPost {
    fileprivate func numbered(_ id: Int64) -> OutgoingPost {
        OutgoingPost(
            id: id, service: service, topic: topic, url: url, headers: headers, body: body,
            due: due, expires: expires, attempt: attempt)
    }
}

extension World {
    /// Whether posts may go to an address: to this machine, or anywhere where that is allowed.
    func allowsPost(to url: String) -> Bool {
        guard let target = PostTarget(url) else { return false }
        return configuration.allowsForeignPosts || target.isLoopback
    }

    /// Puts a post into the outbox and answers its number.
    ///
    /// The service of that name learns of the outcome; by the topic it can take the post back.
    /// Without a time it is due at once. Times are in milliseconds since 1970.
    /// - Throws: `invalidCommand` for an address that is not allowed or a body that is too large,
    ///   `limitReached` where too many wait.
    @discardableResult
    func post(
        from service: String, topic: String, to url: String,
        headers: [(name: String, value: String)], body: [UInt8] = [], due: Int64? = nil,
        expires: Int64? = nil
    ) throws(LocalGoogleError) -> Int64 {
        guard allowsPost(to: url) else {
            throw .invalidCommand("Nothing is posted to \(url): it is not on this machine.")
        }
        guard body.count <= Outbox.maxBytes else {
            throw .invalidCommand("A post of \(body.count) bytes is too large.")
        }
        return try outbox.add(
            OutgoingPost(
                id: 0, service: service, topic: topic, url: url, headers: headers, body: body,
                due: due ?? now, expires: expires, attempt: 1),
            now: now)
    }
}
