import LosslessJSON
import TandemFormats

/// Which instance of which series an event says that it stands for.
struct SeriesInstance {
    let series: String
    let original: EventMoment
    let slot: RecurrenceSlot
    /// The id that Google gives to that instance.
    let id: String

    /// Reads `recurringEventId` and `originalStartTime`; `nil` for an event that names no series.
    ///
    /// - Throws: 400 `required` without the original start, `invalid` for an id or a time that
    ///   cannot be one.
    init?(_ body: JSONObject) throws(GoogleFailure) {
        guard let series = body["recurringEventId"]?.nonNull?.string else { return nil }
        guard let given = body["originalStartTime"]?.nonNull else {
            throw .required("Missing original start time.")
        }
        guard Self.canBeID(series) else { throw .invalidId }
        original = try EventMoment(given, role: .original)
        switch original {
        case .date(let wall): slot = RecurrenceSlot(date: wall)
        case .dateTime(let seconds, _): slot = RecurrenceSlot(utcSeconds: seconds, zone: .utc)
        }
        self.series = series
        id = "\(series)_\(slot.idSuffix)"
    }

    /// Sets the members that say so.
    func mark(_ fields: inout JSONObject, in zone: ZoneRules) {
        fields["recurringEventId"] = .string(series)
        fields["originalStartTime"] = original.json(in: zone)
    }

    /// Whether an event of Google's may have that id; those that clients choose are narrower.
    static func canBeID(_ id: String) -> Bool {
        (1...1024).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
