import LosslessJSON

/// What a sync token or a page token stands for; clients see only an opaque word.
struct Cursor {
    /// Of which listing: `events`, `calendarList`, `acl`, `settings`.
    var topic: String
    var user: String
    var calendar = ""
    /// The parameters that must be the same at each call.
    var fingerprint: UInt64
    /// The last change that was seen.
    var sequence: Int64
    /// What grows with every change of the whole world, to tell older cursors from newer ones.
    var issue: Int64
    /// When it was issued, in milliseconds since 1970.
    var issuedAt: Int64
    /// In which ``Timeline``.
    var timeline: UInt64
    var role = ""
    /// The window of the listing, as the client wrote it.
    var timeMin = ""
    var timeMax = ""
    /// Where the next page goes on; `nil` in a sync token.
    var page: Page?

    /// A place between two rows of a listing.
    struct Page {
        /// The order's value of the record that comes next or is half served.
        var key: Int64
        /// Rows of that record that were served already.
        var offset: Int
        /// The id of the last row, where several rows share a key.
        var id = ""
    }

    /// The word that a client gets.
    var text: String {
        var parts: [JSON] = [
            .string(topic), .string(user), .string(calendar), .string(String(fingerprint)),
            .string(String(sequence)), .string(String(issue)), .string(String(issuedAt)),
            .string(String(timeline)), .string(role), .string(timeMin), .string(timeMax),
        ]
        if let page {
            parts += [
                .string(String(page.key)), .string(String(page.offset)), .string(page.id),
            ]
        }
        let bytes = JSON.array(parts).serialized(.compact)
        let check = String(Fingerprint.of(bytes), radix: 32)
        return "C" + EventLinks.base64URL(Array(check.utf8) + [UInt8(ascii: "!")] + bytes)
    }

    /// Reads a word back; `nil` if it was never one of ours.
    init?(_ text: String) {
        guard text.hasPrefix("C"), text.utf8.count < 8192,
            let bytes = EventLinks.bytes(base64URL: String(text.dropFirst())),
            let mark = bytes.firstIndex(of: UInt8(ascii: "!"))
        else { return nil }
        let rest = Array(bytes[(mark + 1)...])
        guard
            String(Fingerprint.of(rest), radix: 32)
                == String(decoding: bytes[..<mark], as: UTF8.self)
        else { return nil }
        let parts: [String]
        do {
            parts = (try JSON(parsing: rest).array ?? []).compactMap(\.string)
        } catch {
            return nil  // Not ours, which is what `nil` says.
        }
        guard parts.count == 11 || parts.count == 14, let fingerprint = UInt64(parts[3]),
            let sequence = Int64(parts[4]), let issue = Int64(parts[5]),
            let issuedAt = Int64(parts[6]), let timeline = UInt64(parts[7])
        else { return nil }
        topic = parts[0]
        user = parts[1]
        calendar = parts[2]
        self.fingerprint = fingerprint
        self.sequence = sequence
        self.issue = issue
        self.issuedAt = issuedAt
        self.timeline = timeline
        role = parts[8]
        timeMin = parts[9]
        timeMax = parts[10]
        guard parts.count == 14 else { return }
        // Who forges a token may write any number; one near the ends could overflow.
        guard let key = Int64(parts[11]), key.magnitude < 1 << 60, let offset = Int(parts[12]),
            offset >= 0
        else { return nil }
        page = Page(key: key, offset: offset, id: parts[13])
    }

    init(topic: String, user: String, fingerprint: UInt64, sequence: Int64, world: World) {
        self.topic = topic
        self.user = user
        self.fingerprint = fingerprint
        self.sequence = sequence
        issue = world.lastVersion
        issuedAt = world.now
        timeline = world.timeline.id
    }
}

/// A moment before which cursors are void.
struct CursorFloor {
    /// Whose cursors; `nil` means everybody's.
    let user: String?
    /// Of which calendar's events; `nil` means every listing.
    let calendar: String?
    /// Of which listing alone; `nil` means all.
    var topic: String?
    let issue: Int64
    /// Whether page tokens alone are meant.
    var isOfPages = false
}

extension World {
    /// Whether a sync token or a page token may still be used.
    func isAlive(_ cursor: Cursor) -> Bool {
        if now &- cursor.issuedAt > configuration.cursorLifetimeMilliseconds { return false }
        // Issued by a world that went on otherwise, before this one was put back.
        guard timeline.remembers(cursor.timeline, version: cursor.issue, now: lastVersion)
        else { return false }
        return !isBelowFloor(cursor, ofPages: false)
    }

    /// Whether a command ended the cursor; one that ends sync tokens ends their pages, too.
    private func isBelowFloor(_ cursor: Cursor, ofPages: Bool) -> Bool {
        calendarState.cursorFloors.contains { floor in
            floor.isOfPages == ofPages && (floor.user == nil || floor.user == cursor.user)
                && (floor.calendar == nil || floor.calendar == cursor.calendar)
                && (floor.topic == nil || floor.topic == cursor.topic)
                && cursor.issue < floor.issue
        }
    }

    /// Reads a client's sync token.
    ///
    /// - Throws: 400 `invalid` if it cannot be decoded, 410 if it is void or of another listing.
    func syncCursor(_ text: String, like wanted: Cursor) throws(GoogleFailure) -> Cursor {
        guard let cursor = Cursor(text), cursor.page == nil else {
            if switches.corruptedSyncToken == .gone { throw .fullSyncRequired }
            throw .invalid("Invalid sync token value.", parameter: "syncToken")
        }
        guard cursor.topic == wanted.topic, cursor.user == wanted.user,
            cursor.calendar == wanted.calendar, cursor.fingerprint == wanted.fingerprint,
            cursor.role == wanted.role, cursor.sequence <= wanted.sequence, isAlive(cursor)
        else { throw .fullSyncRequired }
        return cursor
    }

    /// Reads a client's page token.
    ///
    /// - Throws: 400 `invalid` if it cannot be decoded, belongs to other parameters, or was ended
    ///   by itself; 410 if it is void with the cursors: a listing is begun anew then.
    func pageCursor(_ text: String, like wanted: Cursor) throws(GoogleFailure) -> Cursor {
        guard let cursor = Cursor(text), cursor.page != nil, cursor.topic == wanted.topic,
            cursor.user == wanted.user, cursor.calendar == wanted.calendar,
            cursor.fingerprint == wanted.fingerprint, !isBelowFloor(cursor, ofPages: true)
        else { throw .invalid("Invalid page token value.", parameter: "pageToken") }
        guard cursor.role == wanted.role, isAlive(cursor) else {
            var failure = GoogleFailure.fullSyncRequired
            failure.location = "pageToken"
            throw failure
        }
        return cursor
    }
}

/// A short number that tells texts apart.
///
/// - SeeAlso: Fowler, Noll, Vo, FNV-1a with 64 bits.
enum Fingerprint {
    static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash
    }

    /// An etag, with its quotes, of what is put together from several things.
    static func etag(_ text: String) -> String {
        "\"\(Alphabet.tag(Int64(bitPattern: of(text.utf8) >> 4)))\""
    }

    /// Flags that are off unless a client says otherwise, so that saying so changes nothing.
    private static let flags: Set<String> = [
        "singleEvents", "showDeleted", "showHidden", "showHiddenInvitations",
        "showOwnOrganizationOnly",
    ]

    /// The number of named values: of each name in whatever order, an absent one like a flag that is
    /// off.
    static func of(_ query: Parameters, names: [String], extra: [String] = []) -> UInt64 {
        var text = ""
        for name in names {
            for value in query.all(name).sorted() {
                let meant = flags.contains(name) ? flag(value) : value
                guard let meant else { continue }
                text += "\(name)=\(meant.utf8.count):\(meant);"
            }
        }
        return of((text + extra.joined(separator: ";")).utf8)
    }

    /// A flag in its first spelling.
    ///
    /// - Returns: `nil` where it is off; what is no flag was refused before.
    private static func flag(_ value: String) -> String? {
        ["true", "1"].contains(value.lowercased()) ? "true" : nil
    }
}
