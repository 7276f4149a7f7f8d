import LosslessJSON

/// Which past a world has, for tokens that speak of it.
///
/// A world that is put back goes on otherwise than the one before: what was told of the part that
/// both share still holds, and what was told later never happened. The new timeline begins with the
/// first write, so that a world that was only put back gives the very answers of the first.
struct Timeline: Equatable {
    /// Unlike that of any other, also in other processes, unless both began at the same moment with
    /// the same seed, and so with the same content.
    private(set) var id: UInt64
    /// The timelines that led here, oldest first, each up to its last version that counts.
    private(set) var past: [Era] = []
    /// What is to begin with the next write.
    private var fork: UInt64?

    /// A timeline up to the version at which it was left.
    struct Era: Equatable {
        let id: UInt64
        let last: Int64
    }

    /// Older ones are forgotten, and with them the tokens that speak of them.
    static let maxEras = 1000

    /// - Parameters:
    ///   - seed: Of the world's chance.
    ///   - now: When it begins, in milliseconds since 1970.
    ///   - round: How often this process put its world back before.
    init(seed: UInt64, now: Int64, round: Int64) {
        id = Fingerprint.of(Array("\(seed) \(now) \(round)".utf8))
    }

    /// Reads what ``json`` wrote.
    ///
    /// - Throws: `invalidSnapshot`.
    init(_ fields: SnapshotFields) throws(LocalGoogleError) {
        guard let id = UInt64(try fields.string("id")) else { throw fields.failure("id") }
        self.id = id
        past = try fields.parts("past").suffix(Self.maxEras).map { era throws(LocalGoogleError) in
            guard let id = UInt64(try era.string("id")) else { throw era.failure("id") }
            return Era(id: id, last: try era.int("last"))
        }
    }

    /// `{"id","past":[{"id","last"}]}`.
    var json: JSON {
        [
            "id": .string(String(id)),
            "past": .array(past.map { ["id": .string(String($0.id)), "last": .int($0.last)] }),
        ]
    }

    /// What follows begins a timeline of its own.
    ///
    /// - Parameters:
    ///   - now: When it begins, in milliseconds since 1970.
    ///   - round: How often this process put its world back before.
    mutating func fork(now: Int64, round: Int64) {
        fork = Fingerprint.of(Array("\(id) \(now) \(round)".utf8))
    }

    /// Something is about to be written, after that version.
    mutating func write(after version: Int64) {
        guard let begun = fork else { return }
        past.append(Era(id: id, last: version))
        past.removeFirst(max(0, past.count - Self.maxEras))
        id = begun
        fork = nil
    }

    /// Whether what was told in a timeline at a version belongs to the past of this one.
    func remembers(_ timeline: UInt64, version: Int64, now lastVersion: Int64) -> Bool {
        if timeline == id { return version <= lastVersion }
        return past.contains { $0.id == timeline && version <= $0.last }
    }
}
