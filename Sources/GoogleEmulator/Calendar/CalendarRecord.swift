import LosslessJSON
import TandemFormats

/// One calendar: what everybody shares of it, who may see it, and its events.
final class CalendarRecord {
    let id: String
    /// The id in lower case, as addresses are compared.
    let address: String
    /// The data owner's address; `nil` for calendars that no user here owns, such as holidays.
    let owner: String?
    let isPrimary: Bool
    /// The client that made it, for the scope `calendar.app.created`.
    var createdByClient: String?
    /// What may be written: summary, description, location, timeZone and whatever else came.
    var metadata: JSONObject
    var version: Int64 = 0
    var rules = AccessRules()
    let events: EventTable
    var listedPages = ListedPages()
    private var cachedZone: (identifier: String, rules: ZoneRules)?

    init(id: String, owner: String?, isPrimary: Bool, metadata: JSONObject, created: Int64) {
        self.id = id
        address = id.lowercased()
        self.owner = owner
        self.isPrimary = isPrimary
        self.metadata = metadata
        events = EventTable(updated: created)
    }

    /// The title.
    var summary: String { metadata["summary"]?.string ?? "" }

    /// The IANA name of the calendar's zone.
    var timeZone: String { metadata["timeZone"]?.string ?? "UTC" }

    /// The clock changes of the calendar's zone; UTC for a name that nobody knows.
    var zone: ZoneRules {
        let identifier = timeZone
        if let cachedZone, cachedZone.identifier == identifier { return cachedZone.rules }
        let rules = Zones.rules(identifier) ?? .utc
        cachedZone = (identifier, rules)
        return rules
    }

    /// The etag with its quotes.
    var etag: String { "\"\(Alphabet.tag(version))\"" }

    /// The resource of `calendars`.
    var resource: JSONObject {
        var document: JSONObject = [
            "kind": "calendar#calendar", "etag": .string(etag), "id": .string(id),
        ]
        for member in metadata { document[member.key] = member.value }
        if document["conferenceProperties"] == nil {
            document["conferenceProperties"] = ["allowedConferenceSolutionTypes": ["hangoutsMeet"]]
        }
        if !isPrimary, let owner { document["dataOwner"] = .string(owner) }
        return document
    }
}

extension Alphabet {
    /// A number as a short word, as Google's etags of calendars look.
    static func tag(_ version: Int64) -> String {
        var rest = UInt64(bitPattern: version)
        var bytes: [UInt8] = []
        repeat {
            bytes.append(base32Hex[Int(rest & 31)])
            rest >>= 5
        } while rest > 0
        return "p" + String(decoding: bytes.reversed(), as: UTF8.self) + "0g"
    }
}
