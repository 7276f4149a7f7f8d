import LosslessJSON
import TandemFormats

/// One stored event: a single event, a series, or an exception of a series.
///
/// A class, because the table, the change log and the index of exceptions share it.
final class EventRecord {
    let id: String
    /// The place in listings; it never changes.
    let creation: Int64
    /// The complete resource as this calendar sends it, in the calendar's zone.
    private(set) var document: JSONObject
    var life = Life.live
    /// The place in the calendar's change log.
    var change: Int64 = 0
    /// The same of its first entry there: cursors from before it never saw the event.
    var firstChange: Int64 = 0
    /// The number inside of the etag.
    private(set) var version: Int64 = 0
    /// When content was last changed, in milliseconds since 1970.
    private(set) var updated: Int64 = 0
    private(set) var start = EventMoment.date(.earliest)
    private(set) var end = EventMoment.date(.earliest)
    private(set) var series: EventSeries?
    /// The id of the series that this is an exception of.
    private(set) var seriesID: String?
    private(set) var iCalUID = ""
    /// Whether the table has it among the exceptions of its series.
    var isIndexedInSeries = false
    /// What the series was before, for cursors that saw its instances.
    var formerSeries: [(until: Int64, series: EventSeries)] = []
    /// Whether it says where it is from, which listings have to know of each event.
    private(set) var hasSource = false
    private var cachedBytes: [UInt8]?
    private var cachedListed: [UInt8]?
    private var cachedWords: String?

    /// Where an event is in its life.
    enum Life: String {
        /// Confirmed or tentative.
        case live
        /// A cancelled instance of a series that lives.
        case cancelled
        /// Deleted; the id stays taken.
        case deleted
        /// An exception whose slot the series no longer has.
        case dropped
    }

    init(id: String, creation: Int64) {
        self.id = id
        self.creation = creation
        document = [:]
    }

    /// The etag with its quotes.
    var etag: String { "\"\(version)\"" }

    /// Takes a complete resource; the times in it have been checked.
    func take(
        _ document: JSONObject, start: EventMoment, end: EventMoment, series: EventSeries?,
        version: Int64, updated: Int64
    ) {
        self.document = document
        self.start = start
        self.end = end
        self.series = series
        seriesID = document["recurringEventId"]?.string
        iCalUID = document["iCalUID"]?.string ?? ""
        hasSource = document["source"] != nil
        self.updated = updated
        self.version = version
        self.document["etag"] = .string(etag)
        cachedBytes = nil
        cachedListed = nil
        cachedWords = nil
    }

    /// Changes the etag alone, as Google does now and then.
    func churn(version: Int64) {
        self.version = version
        document["etag"] = .string(etag)
        cachedBytes = nil
        cachedListed = nil
    }

    /// The resource as compact JSON; made once per change.
    var bytes: [UInt8] {
        if let cachedBytes { return cachedBytes }
        let made = JSON.object(document).serialized(.compact)
        cachedBytes = made
        return made
    }

    /// The resource as it stands in the rows of an indented listing; made once per change.
    var listedBytes: [UInt8] {
        if let cachedListed { return cachedListed }
        let compact = cachedBytes ?? JSON.object(document).serialized(.compact)
        let made = Indenter.nested(compact, depth: EventView.rowDepth)
        cachedListed = made
        return made
    }

    /// Makes the stored document anew without a change of the event, for a new calendar zone.
    func rewrite(_ change: (inout JSONObject) -> Void) {
        change(&document)
        hasSource = document["source"] != nil
        cachedBytes = nil
        cachedListed = nil
    }

    /// Everything that a search looks at, in lower case; made once per change.
    var words: String {
        if let cachedWords { return cachedWords }
        let made = EventWords.text(of: document)
        cachedWords = made
        return made
    }

    /// Whether this calendar's copy is the organizer's.
    var isOrganizers: Bool { document["organizer"]?["self"]?.bool == true }

    /// Whether the event concerns nobody but its own calendar, whatever guests it names.
    var isPrivateCopy: Bool { document["privateCopy"]?.bool == true }

    /// The type, `default` for most.
    var eventType: String { document["eventType"]?.string ?? "default" }

    /// What is left of a deleted event in listings: only what Google guarantees.
    ///
    /// - SeeAlso: Google Calendar API guide, "Synchronize resources efficiently".
    var tombstone: JSONObject {
        var stub: JSONObject = [
            "kind": "calendar#event", "etag": .string(etag), "id": .string(id),
            "status": "cancelled",
        ]
        if let seriesID {
            stub["recurringEventId"] = .string(seriesID)
            stub["originalStartTime"] = document["originalStartTime"]
        }
        return stub
    }
}

/// The text in which a search looks.
enum EventWords {
    static func text(of document: JSONObject) -> String {
        var pieces: [String] = []
        for name in ["summary", "description", "location"] {
            if let text = document[name]?.string { pieces.append(text) }
        }
        for attendee in document["attendees"]?.array ?? [] { person(attendee, into: &pieces) }
        if let organizer = document["organizer"] { person(organizer, into: &pieces) }
        let place = document["workingLocationProperties"]
        let labels = [
            place?["officeLocation"]?["label"], place?["officeLocation"]?["buildingId"],
            place?["officeLocation"]?["deskId"], place?["customLocation"]?["label"],
        ]
        for label in labels {
            if let text = label?.string { pieces.append(text) }
        }
        return pieces.joined(separator: "\n").lowercased()
    }

    /// Whether every word of the query begins a word of the text.
    static func matches(_ text: String, words: [String]) -> Bool {
        words.allSatisfy { begins(in: text, word: $0) }
    }

    private static func begins(in text: String, word: String) -> Bool {
        let haystack = text.utf8
        let needle = Array(word.utf8)
        guard let first = needle.first else { return true }
        var atStart = true
        var index = haystack.startIndex
        while index < haystack.endIndex {
            if atStart, haystack[index] == first, haystack[index...].starts(with: needle) {
                return true
            }
            atStart = !isWordByte(haystack[index])
            index = haystack.index(after: index)
        }
        return false
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: byte >= 0x80
        }
    }

    private static func person(_ person: JSON, into pieces: inout [String]) {
        for name in ["displayName", "email"] {
            if let text = person[name]?.string { pieces.append(text) }
        }
    }
}
