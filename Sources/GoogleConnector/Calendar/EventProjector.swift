import LosslessJSON
import TandemCore
import TandemFormats

/// Works out what the store keeps beside an event.
enum EventProjector {
    /// Bytes of description that are searched; of words without markup.
    static let descriptionBytes = 4096
    /// Guests that are searched.
    static let guests = 300
    /// Bytes of title that are shown.
    static let titleBytes = 1024
    /// How far a series is followed to its end: a daily one of 6,600 starts, 18 years.
    ///
    /// Such a one took 1.9 ms, and a rule of every second 3.6 ms until it was given up (release
    /// build, one core of a virtual x86-64 machine).
    static let seriesLimits = RecurrenceLimits(maxSteps: 20_000)

    static func projection(of event: some JSONReading) -> Projection {
        let identity = EventIdentity(event)
        let isSeries =
            !identity.isException && event["recurrence"]?.list.contains { $0.string != nil } == true
        return Projection(
            title: PlainWords.cut(event["summary"]?.string ?? "", bytes: titleBytes),
            searchText: searchText(of: event),
            span: span(of: event, isSeries: isSeries),
            isSeries: isSeries,
            exception: identity.link,
            isCancelled: event["status"]?.string == "cancelled",
            globalID: event["iCalUID"]?.string)
    }

    private static func searchText(of event: some JSONReading) -> String {
        var text = ""
        text.reserveCapacity(512)
        add(event["summary"]?.string, behind: "", to: &text)
        add(event["location"]?.string, behind: "\n", to: &text)
        if let description = event["description"]?.string {
            add(PlainWords.words(of: description, bytes: descriptionBytes), behind: "\n", to: &text)
        }
        if let organizer = event["organizer"] { add(person: organizer, to: &text) }
        if let attendees = event["attendees"] {
            for attendee in attendees.list.prefix(guests) { add(person: attendee, to: &text) }
        }
        return text
    }

    private static func add(person: some JSONReading, to text: inout String) {
        let name = person["displayName"]?.string ?? ""
        add(name, behind: "\n", to: &text)
        add(person["email"]?.string, behind: name.isEmpty ? "\n" : " ", to: &text)
    }

    private static func add(_ words: String?, behind separator: String, to text: inout String) {
        guard let words, !words.isEmpty else { return }
        if !text.isEmpty { text += separator }
        text += PlainWords.cut(words, bytes: descriptionBytes)
    }

    /// From the first start to the last end; `nil` where the times cannot be read.
    private static func span(of event: some JSONReading, isSeries: Bool) -> Range<Int64>? {
        guard let startJSON = event["start"], let start = EventTime(startJSON),
            let endJSON = event["end"], let end = EventTime(endJSON),
            start.isAllDay == end.isAllDay, start.utcSeconds <= end.utcSeconds
        else { return nil }
        guard isSeries else { return start.utcSeconds..<end.utcSeconds }
        guard let recurrence = SeriesReading.recurrence(of: event) else { return nil }
        let last: Int64?
        do throws(FormatError) {
            last = try recurrence.lastStart(limits: seriesLimits)
        } catch {
            // Too long a series to walk to its end; one without an UNTIL is as good as endless.
            last = recurrence.latestStart
        }
        guard let last else { return start.utcSeconds..<Int64.max }
        return start.utcSeconds..<max(last, start.utcSeconds) + (end.utcSeconds - start.utcSeconds)
    }
}
