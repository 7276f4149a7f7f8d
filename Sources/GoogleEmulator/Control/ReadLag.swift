import LosslessJSON

extension LocalGoogle {
    /// How long reads of an API go on without what was written.
    ///
    /// A lagging API answers `GET` from a copy that is behind, with everything that belongs to that
    /// time: lists, single resources, etags and sync tokens. Writes, and what checks them, know the
    /// present. What the local Google does by itself, as making a conference, is seen as late as a
    /// write. Commands of the control API that change content are seen at once, and with them
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
    /// - Throws: `invalidCommand` for an API whose reads know no lag, or a senseless lag.
    mutating func set(
        _ lag: LocalGoogle.ReadLag, api: String, in world: World
    ) throws(LocalGoogleError) {
        let able = world.services.all.filter(\.canLag)
        guard able.contains(where: { $0.name == api }) else {
            let names = able.map(\.name).joined(separator: ", ")
            throw .invalidCommand("Reads lag for \(names) only; give one of these as \"api\".")
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

    /// After the world did by itself what had come due.
    mutating func noteOwnDoing(of world: World, since before: WorldMark) {
        // What something else changed before it will be seen at once, and this with it.
        guard world.lastVersion != before.lastVersion, before.lastVersion == version else { return }
        for entry in copies { entry.copy.noteOwnDoing(at: world.now, before) }
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
