import LosslessJSON
import TandemFormats

/// Reads the series behind an event.
enum SeriesReading {
    /// The texts of `recurrence`; empty where the event does not repeat.
    static func lines(of event: some JSONReading) -> [String] {
        event["recurrence"]?.list.compactMap(\.string) ?? []
    }

    /// The series an event is; `nil` where it does not repeat, or cannot be read.
    static func recurrence(of event: some JSONReading) -> Recurrence? {
        let lines = lines(of: event)
        guard !lines.isEmpty, let start = event["start"].flatMap({ EventTime($0) })?.seriesStart
        else { return nil }
        do throws(FormatError) {
            return try Recurrence(lines: lines, start: start)
        } catch {
            return nil
        }
    }

    static func slotExists(for exception: JSON, in series: JSON) -> Bool {
        guard !lines(of: series).isEmpty else { return false }
        guard let recurrence = recurrence(of: series),
            let text = EventIdentity(exception).slot
        else { return true }
        // A series that became all-day, or timed, has none of the old slots.
        guard let slot = RecurrenceSlot(idSuffix: text, start: recurrence.start) else {
            return false
        }
        do throws(FormatError) {
            return try recurrence.hasSlot(slot)
        } catch {
            // Too much work to tell: no proof that the slot is gone.
            return true
        }
    }
}
