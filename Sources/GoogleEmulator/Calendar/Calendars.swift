import LosslessJSON

/// The methods of `calendars`: what everybody shares of a calendar.
///
/// - SeeAlso: Google Calendar API reference, "Calendars".
struct Calendars {
    let call: APICall

    private static let readOnly: Set<String> = ["kind", "etag", "id", "dataOwner"]

    /// What stays as it is where a client does not send it anew, even with `PUT`.
    private static let staying = ["labelProperties", "workingHours"]

    func get() throws(GoogleFailure) -> Reply {
        .json(try call.access(.freeBusyReader).calendar.resource)
    }

    func insert() throws(GoogleFailure) -> Reply {
        var metadata = JSONObject()
        for member in try call.body() where !Self.readOnly.contains(member.key) {
            metadata[member.key] = member.value.nonNull
        }
        if metadata["timeZone"] == nil { metadata["timeZone"] = .string(call.account.timeZone) }
        try CalendarChecks.check(&metadata, random: &call.world.random)
        guard call.world.hasRoom(onListOf: call.account) else { throw .usageLimitsExceeded }
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
        for name in Self.staying {
            let given = body[name]?.nonNull
            if given == nil || given?.object?.isEmpty == true {
                metadata[name] = calendar.metadata[name]
            }
        }
        try CalendarChecks.check(&metadata, random: &call.world.random)
        guard metadata != calendar.metadata else { return .json(calendar.resource) }
        let movesZone = metadata["timeZone"] != calendar.metadata["timeZone"]
        calendar.metadata = metadata
        calendar.version = call.world.nextVersion()
        if movesZone { calendar.rewriteTimes(in: call.world) }
        return .json(calendar.resource)
    }

    /// Only administrators of an organization may do this, and there are none here.
    ///
    /// - SeeAlso: Google Calendar API reference, "Calendars: transferOwnership".
    func transferOwnership() throws(GoogleFailure) -> Reply {
        for name in ["newDataOwner", "useAdminAccess"] where call.query.nonEmpty(name) == nil {
            throw .requiredParameter(name)
        }
        guard try call.query.flag("useAdminAccess") else {
            throw .invalidParameter("useAdminAccess", "Invalid value 'false'.")
        }
        _ = try call.access(.freeBusyReader)
        throw GoogleFailure(403, "global", "forbidden", "Forbidden")
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
        // Exceptions go with their series, and yet may have guests of their own.
        for record in calendar.events.order.filter({ $0.life == .live }) {
            if record.life == .live { writer.cancel(record, as: .deleted) }
            if record.isOrganizers { writer.invitations.withdraw(record) }
        }
    }
}

extension CalendarRecord {
    /// Writes the times of all events with the offsets of a new zone; events that look different
    /// then have new etags.
    func rewriteTimes(in world: World) {
        let zone = self.zone
        for record in events.order {
            let before = record.document
            record.rewrite { EventView.move(&$0, to: zone) }
            guard record.document != before else { continue }
            record.churn(version: world.nextVersion())
            guard record.life == .live else { continue }
            events.touch(record, formerUID: record.iCalUID, contentChangedAt: nil)
        }
    }
}
