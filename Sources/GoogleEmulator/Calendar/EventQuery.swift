import LosslessJSON

/// What `events.list` was asked for.
///
/// - SeeAlso: Google Calendar API reference, "Events: list".
struct EventQuery {
    let singleEvents: Bool
    let showDeleted: Bool
    let showHiddenInvitations: Bool
    let order: Order
    let maxResults: Int
    let words: [String]
    let uid: String?
    let privateProperties: [Property]
    let sharedProperties: [Property]
    let eventTypes: [String]
    /// Only what changed since then, in milliseconds since 1970.
    let updatedMin: Int64?
    /// Events must end after this second.
    let timeMin: Int64?
    /// Events must begin before this second.
    let timeMax: Int64?
    let cursors: EventCursors
    /// Whether deltas leave out what was never within the window.
    let keepsWindow: Bool
    private let filtersGiveTokens: Bool

    enum Order: String {
        case standard
        case startTime
        case updated
    }

    /// A wanted extended property.
    struct Property {
        let name: String
        let value: String
    }

    /// - Throws: 400 or 410 in Google's words.
    init(_ call: APICall, _ access: APICall.Access) throws(GoogleFailure) {
        let query = call.query
        singleEvents = try query.flag("singleEvents")
        showDeleted = try query.flag("showDeleted")
        showHiddenInvitations = try query.flag("showHiddenInvitations")
        maxResults = try query.count("maxResults", default: 250, max: 2500)
        let asked = try query.choice("orderBy", of: ["startTime", "updated"])
        order = asked.flatMap(Order.init) ?? .standard
        if order == .startTime, !singleEvents {
            throw .invalid(
                "The requested ordering is not available for the particular query.",
                parameter: "orderBy")
        }
        words = (query["q"] ?? "").lowercased().split { $0.isWhitespace }.map(String.init)
        uid = query.nonEmpty("iCalUID")
        privateProperties = try Self.properties(query, "privateExtendedProperty")
        sharedProperties = try Self.properties(query, "sharedExtendedProperty")
        eventTypes = query.all("eventTypes").filter { !$0.isEmpty }
        for type in eventTypes where !EventChecks.eventTypes.contains(type) {
            throw .invalidParameter(
                "eventTypes",
                "Invalid string value: '\(type)'. Allowed values: "
                    + "[\(EventChecks.eventTypes.joined(separator: ", "))]")
        }
        cursors = try EventCursors(
            call, access, showDeleted: showDeleted, singleEvents: singleEvents)
        timeMin = try EventWindow.second(cursors.template.timeMin)
        timeMax = try EventWindow.second(cursors.template.timeMax)
        if let timeMin, let timeMax, timeMax <= timeMin { throw .timeRangeEmpty }
        updatedMin = try Self.updatedMin(query, now: call.world.now)
        keepsWindow = call.world.switches.syncTokensKeepWindow
        filtersGiveTokens = call.world.switches.filteredListsGiveSyncTokens
    }

    /// The cursor of the last listing.
    var sync: Cursor? { cursors.sync }

    /// Where this page begins.
    var page: Cursor? { cursors.page }

    /// Whether the last page hands out a sync token.
    var givesSyncToken: Bool {
        filtersGiveTokens
            || order != .startTime && words.isEmpty && uid == nil && privateProperties.isEmpty
                && sharedProperties.isEmpty && updatedMin == nil
    }

    private static func properties(
        _ query: Parameters, _ name: String
    ) throws(GoogleFailure) -> [Property] {
        try query.all(name).map { text throws(GoogleFailure) in
            let parts = text.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw .invalidParameter(name, "Invalid value '\(text)'.")
            }
            return Property(name: String(parts[0]), value: String(parts[1]))
        }
    }

    /// How long ago `updatedMin` may lie: 28 days.
    private static let updatedMinReach: Int64 = 28 * 86_400_000

    private static func updatedMin(
        _ query: Parameters, now: Int64
    ) throws(GoogleFailure) -> Int64? {
        guard let text = query.nonEmpty("updatedMin") else { return nil }
        guard let moment = Stamp.milliseconds(text) else { throw .badRequest }
        guard moment >= now - updatedMinReach else { throw .updatedMinTooLongAgo }
        return moment
    }
}

/// The cursors that a request brings, and those that its answer is made from.
struct EventCursors {
    /// The cursor of the last listing.
    let sync: Cursor?
    /// Where this page begins.
    let page: Cursor?
    /// What the next cursors are made from.
    let template: Cursor
    /// The number of everything that must be the same on each page.
    let pageFingerprint: UInt64

    /// Names that must stay the same from a listing to its deltas.
    private static let bound = [
        "singleEvents", "maxAttendees", "timeZone", "eventTypes", "showHiddenInvitations",
    ]
    /// Names that may not stand beside a sync token.
    private static let refused = [
        "iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty", "timeMin",
        "timeMax", "updatedMin",
    ]

    /// - Throws: 400 for tokens that cannot be read or used here, 410 for void ones.
    init(
        _ call: APICall, _ access: APICall.Access, showDeleted: Bool, singleEvents: Bool
    ) throws(GoogleFailure) {
        let query = call.query
        var wanted = Cursor(
            topic: "events", user: call.account.email,
            fingerprint: Fingerprint.of(query, names: Self.bound),
            sequence: access.calendar.events.sequence, world: call.world)
        wanted.calendar = access.calendar.id
        wanted.role = access.role.rawValue
        wanted.timeMin = query["timeMin"] ?? ""
        wanted.timeMax = query["timeMax"] ?? ""
        if let text = query.nonEmpty("syncToken") {
            let isRestricted = Self.refused.contains { query.nonEmpty($0) != nil }
            let hidesDeleted = query.nonEmpty("showDeleted") != nil && !showDeleted
            guard !isRestricted, !hidesDeleted else { throw .syncTokenRestrictions }
            let cursor = try call.world.syncCursor(text, like: wanted)
            if singleEvents, cursor.sequence < access.calendar.events.forgottenUntil {
                throw .fullSyncRequired
            }
            wanted.timeMin = cursor.timeMin
            wanted.timeMax = cursor.timeMax
            sync = cursor
        } else {
            sync = nil
        }
        var pageLike = wanted
        pageLike.fingerprint = Fingerprint.of(
            query, names: Self.bound + Self.refused + ["showDeleted", "syncToken"])
        page = try query.nonEmpty("pageToken").map { text throws(GoogleFailure) in
            try call.world.pageCursor(text, like: pageLike)
        }
        template = wanted
        pageFingerprint = pageLike.fingerprint
    }
}
