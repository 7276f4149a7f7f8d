import LosslessJSON

/// The limits of what everybody shares of a calendar.
///
/// - SeeAlso: Google Calendar API reference, "Calendars", resource representation.
enum CalendarChecks {
    static let mostLabels = 200
    static let longestLabel = 50

    /// - Parameters:
    ///   - metadata: What a client wants; labels without an id get one.
    ///   - random: Where new ids come from.
    /// - Throws: 400 `required` without a title, `invalid` for what lies outside of the limits.
    static func check(
        _ metadata: inout JSONObject, random: inout SplitMix64
    ) throws(GoogleFailure) {
        guard let summary = metadata["summary"]?.string, !summary.isEmpty else {
            throw .required("Missing title.")
        }
        for name in ["description", "location"] where metadata[name] != nil {
            guard metadata[name]?.string != nil else { throw .badRequest }
        }
        guard let zone = metadata["timeZone"]?.string, Zones.rules(zone) != nil else {
            throw .invalid("Invalid time zone definition.")
        }
        if let accepts = metadata["autoAcceptInvitations"], accepts.bool == nil {
            throw .badRequest
        }
        try checkHours(metadata["workingHours"])
        try checkConferences(metadata["conferenceProperties"])
        try checkLabels(&metadata, random: &random)
    }

    /// - SeeAlso: Google's discovery document of the Calendar API, `CalendarWorkingHours`.
    private static func checkHours(_ hours: JSON?) throws(GoogleFailure) {
        guard let hours = hours?.nonNull else { return }
        guard hours.object != nil,
            hours["workingHoursEnabled"]?.nonNull.map({ $0.bool != nil }) ?? true
        else { throw .badRequest }
        guard let times = hours["availableTimes"]?.nonNull else { return }
        guard let array = times.array else { throw .badRequest }
        for time in array {
            guard time.object != nil, time["dayOfWeek"]?.nonNull.map({ $0.string != nil }) ?? true
            else { throw .badRequest }
            for name in ["periodStart", "periodEnd"] {
                guard let minutes = time[name]?.nonNull else { continue }
                guard let number = minutes.int else { throw .badRequest }
                guard (0...1440).contains(number) else {
                    throw .invalid("Invalid value for: workingHours.availableTimes.\(name)")
                }
            }
        }
    }

    private static func checkConferences(_ properties: JSON?) throws(GoogleFailure) {
        guard let properties else { return }
        guard properties.object != nil else { throw .badRequest }
        guard let types = properties["allowedConferenceSolutionTypes"]?.nonNull else { return }
        guard let array = types.array else { throw .badRequest }
        let known = ["eventHangout", "eventNamedHangout", "hangoutsMeet"]
        guard array.allSatisfy({ known.contains($0.string ?? "") }) else {
            throw .invalid("Invalid conference type value.")
        }
    }

    private static func checkLabels(
        _ metadata: inout JSONObject, random: inout SplitMix64
    ) throws(GoogleFailure) {
        guard var properties = metadata["labelProperties"] else { return }
        guard properties.object != nil else { throw .badRequest }
        guard let labels = properties["eventLabels"]?.nonNull else { return }
        guard let array = labels.array else { throw .badRequest }
        guard array.count <= mostLabels else { throw .invalid("Too many event labels.") }
        var kept: [JSON] = []
        var ids: Set<String> = []
        for label in array {
            let checked = try self.label(label, random: &random)
            guard ids.insert(checked["id"]?.string?.lowercased() ?? "").inserted else {
                throw .invalid("Invalid value for: labelProperties.eventLabels.id")
            }
            kept.append(checked)
        }
        properties["eventLabels"] = .array(kept)
        metadata["labelProperties"] = properties
    }

    private static func label(
        _ label: JSON, random: inout SplitMix64
    ) throws(GoogleFailure) -> JSON {
        guard label.object != nil else { throw .badRequest }
        var kept = label
        if let id = label["id"]?.nonNull {
            guard let text = id.string, isUUID(text) else {
                throw .invalid("Invalid value for: labelProperties.eventLabels.id")
            }
        } else {
            let parts = [8, 4, 4, 4, 12].map { random.word($0, from: Alphabet.hex) }
            kept["id"] = .string(parts.joined(separator: "-"))
        }
        if let name = label["name"]?.nonNull {
            guard let text = name.string, text.unicodeScalars.count <= longestLabel else {
                throw .invalid("Invalid value for: labelProperties.eventLabels.name")
            }
        }
        guard let color = label["backgroundColor"]?.nonNull else {
            throw .required("Missing label color.")
        }
        guard let text = color.string, ListEntryChecks.isColor(text) else {
            throw .invalid("Invalid value for: labelProperties.eventLabels.backgroundColor")
        }
        return kept
    }

    private static func isUUID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.utf8.count) == [8, 4, 4, 4, 12]
            && parts.allSatisfy { $0.utf8.allSatisfy { Character(UnicodeScalar($0)).isHexDigit } }
    }
}
