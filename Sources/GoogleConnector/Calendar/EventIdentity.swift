import LosslessJSON
import TandemCore

/// Which instance of which series an event stands for, if it is an exception.
struct EventIdentity<Event: JSONReading> {
    private let event: Event

    init(_ event: Event) { self.event = event }

    /// The series' id.
    var series: String? {
        guard let series = event["recurringEventId"]?.string, !series.isEmpty else { return nil }
        return series
    }

    var isException: Bool { series != nil }

    /// The slot an exception fills: its original start, or else what its id ends in.
    var slot: String? {
        guard let series else { return nil }
        if let start = event["originalStartTime"], let time = EventTime(start) {
            return time.slotText
        }
        guard let id = event["id"]?.string, let parts = EventName.instanceParts(of: id),
            [series, EventName.stem(ofSeries: series)].contains(parts.stem)
        else { return nil }
        return parts.slot
    }

    /// The id that Google gives to the instance an exception stands for.
    var instanceID: String? {
        guard let series, let slot else { return nil }
        return EventName.stem(ofSeries: series) + "_" + slot
    }

    var link: ExceptionLink? {
        guard let series, let slot else { return nil }
        return ExceptionLink(series: RemoteID(rawValue: series), slot: slot)
    }
}
