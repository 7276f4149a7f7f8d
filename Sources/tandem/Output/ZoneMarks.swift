import LosslessJSON
import TandemActions
import TandemFormats

/// What stands beside a time that can be misread: one that clocks show twice, when they are set
/// back, and one that is kept in a zone whose clocks show another.
struct ZoneMarks: Sendable {
    /// The viewer's zone.
    let zone: ZoneRules

    /// The mark of an event's times; `nil` where they can only be read in one way.
    func mark(of entry: AgendaEntry) -> String? {
        let own = [
            repeated(entry.start, entry.end),
            kept(entry.data["start"], at: entry.start, entry.data["end"], at: entry.end),
        ].compactMap { $0 }
        return own.isEmpty ? nil : own.joined(separator: " · ")
    }

    /// `UTC+2` where the clocks of the viewer's zone show a moment's time twice; `nil` otherwise.
    func repeated(_ utcSeconds: Int64) -> String? {
        isRepeated(utcSeconds) ? offset(utcSeconds) : nil
    }

    private func repeated(_ start: Int64, _ end: Int64) -> String? {
        guard isRepeated(start) || isRepeated(end) else { return nil }
        let (first, last) = (offset(start), offset(end))
        return first == last ? first : "\(first) to \(last)"
    }

    /// `09:00 America/New_York`, where an event is kept there and clocks there show another time.
    private func kept(
        _ start: JSON?, at startSeconds: Int64, _ end: JSON?, at endSeconds: Int64
    ) -> String? {
        let begins = foreign(start, at: startSeconds)
        guard let ends = foreign(end, at: endSeconds), ends.zone != begins?.zone else {
            return begins.map { "\($0.clock) \($0.zone)" }
        }
        let last = "until \(ends.clock) \(ends.zone)"
        return begins.map { "\($0.clock) \($0.zone) \(last)" } ?? last
    }

    private func foreign(_ time: JSON?, at seconds: Int64) -> (clock: String, zone: String)? {
        guard let name = time?["timeZone"]?.string, name != zone.identifier,
            let other = ViewerZone.named(name),
            other.offsetSeconds(atUTCSeconds: seconds) != zone.offsetSeconds(atUTCSeconds: seconds)
        else { return nil }
        let (there, here) = (other.wall(atUTCSeconds: seconds), zone.wall(atUTCSeconds: seconds))
        let day = there.startOfDay == here.startOfDay ? "" : ItemText.weekday(there) + " "
        return (day + ItemText.clock(there), name)
    }

    /// Whether another moment, before or behind a change of the clocks, has the same time of day.
    ///
    /// Clocks are set back by three hours at most, but for changes of the date line.
    private func isRepeated(_ seconds: Int64) -> Bool {
        let own = zone.offsetSeconds(atUTCSeconds: seconds)
        return [-14_400, 14_400].contains { (distance: Int64) in
            let other = zone.offsetSeconds(atUTCSeconds: seconds &+ distance)
            return other != own
                && zone.offsetSeconds(atUTCSeconds: seconds &+ Int64(own - other)) == other
        }
    }

    /// `UTC+2`, `UTC-3:30`.
    private func offset(_ seconds: Int64) -> String {
        let minutes = zone.offsetSeconds(atUTCSeconds: seconds) / 60
        let (hours, rest) = (abs(minutes) / 60, abs(minutes) % 60)
        let sign = minutes < 0 ? "-" : "+"
        guard minutes != 0 else { return "UTC" }
        return "UTC\(sign)\(hours)" + (rest == 0 ? "" : rest < 10 ? ":0\(rest)" : ":\(rest)")
    }
}
