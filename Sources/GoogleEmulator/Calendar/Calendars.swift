import LosslessJSON

/// The methods of `calendars`: what everybody shares of a calendar.
///
/// - SeeAlso: Google Calendar API reference, "Calendars".
struct Calendars {
    let call: APICall

    private static let readOnly: Set<String> = ["kind", "etag", "id", "dataOwner"]

    func get() throws(GoogleFailure) -> Reply {
        .json(try call.access(.freeBusyReader).calendar.resource)
    }

    func insert() throws(GoogleFailure) -> Reply {
        var metadata = JSONObject()
        for member in try call.body() where !Self.readOnly.contains(member.key) {
            metadata[member.key] = member.value.nonNull
        }
        if metadata["timeZone"] == nil { metadata["timeZone"] = .string(call.account.timeZone) }
        try Self.check(metadata)
        let calendar = call.world.makeCalendar(
            id: nil, owner: call.account, metadata: metadata)
        calendar.createdByClient = call.credential.clientID
        return .json(calendar.resource)
    }

    func change(replaces: Bool) throws(GoogleFailure) -> Reply {
        let calendar = try call.access(.owner).calendar
        try call.checkIfMatch(calendar.etag)
        var body = JSONObject()
        for member in try call.body() where !Self.readOnly.contains(member.key) {
            body[member.key] = member.value
        }
        let kept: JSONObject = replaces ? [:] : calendar.metadata
        var metadata = JSON.object(kept).merging(.object(body)).object ?? kept
        if metadata["timeZone"] == nil { metadata["timeZone"] = .string(calendar.timeZone) }
        try Self.check(metadata)
        guard metadata != calendar.metadata else { return .json(calendar.resource) }
        let movesZone = metadata["timeZone"] != calendar.metadata["timeZone"]
        calendar.metadata = metadata
        calendar.version = call.world.nextVersion()
        if movesZone { calendar.rewriteTimes() }
        return .json(calendar.resource)
    }

    func delete() throws(GoogleFailure) -> Reply {
        let calendar = try call.access(.owner).calendar
        guard !calendar.isPrimary else {
            throw .invalid("The primary calendar cannot be deleted.")
        }
        try call.checkIfMatch(calendar.etag)
        withdrawAll(calendar)
        call.world.remove(calendar)
        return .noContent
    }

    /// Deletes every event of a primary calendar.
    func clear() throws(GoogleFailure) -> Reply {
        let calendar = try call.access(.owner).calendar
        guard calendar.isPrimary else { throw .invalid("Only a primary calendar can be cleared.") }
        withdrawAll(calendar)
        return .noContent
    }

    private func withdrawAll(_ calendar: CalendarRecord) {
        let writer = EventWriter(
            world: call.world, calendar: calendar, account: call.account, options: WriteOptions())
        for record in calendar.events.order where record.life == .live {
            writer.cancel(record, as: .deleted)
            if record.isOrganizers { writer.invitations.withdraw(record) }
        }
    }

    /// - Throws: 400 `required` without a title, `invalid` for a zone that nobody knows.
    private static func check(_ metadata: JSONObject) throws(GoogleFailure) {
        guard let summary = metadata["summary"]?.string, !summary.isEmpty else {
            throw .required("Missing title.")
        }
        for name in ["description", "location"] where metadata[name] != nil {
            guard metadata[name]?.string != nil else { throw .badRequest }
        }
        guard let zone = metadata["timeZone"]?.string, Zones.rules(zone) != nil else {
            throw .invalid("Invalid time zone definition.")
        }
    }
}

extension CalendarRecord {
    /// Writes the times of all events with the offsets of a new zone; nothing else changes.
    func rewriteTimes() {
        let zone = self.zone
        for record in events.order { record.rewrite { EventView.move(&$0, to: zone) } }
    }
}
