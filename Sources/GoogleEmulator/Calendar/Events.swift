import LosslessJSON

/// The methods on single events.
struct Events {
    let call: APICall

    func get() throws(GoogleFailure) -> Reply {
        let access = try call.access(.freeBusyReader)
        let target = try EventTarget(id: call.part("eventId"), in: access.calendar)
        let view = try EventView(call, access)
        return view.reply(target)
    }

    func insert() throws(GoogleFailure) -> Reply {
        let (access, writer) = try writing()
        let record = try writer.insert(try call.body())
        return try answer(record, access, writer)
    }

    func importEvent() throws(GoogleFailure) -> Reply {
        let (access, writer) = try writing()
        let record = try writer.importEvent(try call.body())
        return try answer(record, access, writer)
    }

    func quickAdd() throws(GoogleFailure) -> Reply {
        let (access, writer) = try writing()
        let sentence = try QuickAdd(
            call.query["text"] ?? "", now: Stamp.floorDivision(call.world.now, 1000),
            zoneName: access.calendar.timeZone)
        let zone = access.calendar.zone
        let record = try writer.insert([
            "summary": .string(sentence.summary), "start": sentence.start.json(in: zone),
            "end": sentence.end.json(in: zone),
        ])
        return try answer(record, access, writer)
    }

    func move() throws(GoogleFailure) -> Reply {
        let (access, writer) = try writing()
        guard let id = call.query.nonEmpty("destination") else {
            throw .requiredParameter("destination")
        }
        let there = try call.access(to: id, .writerWithoutPrivateAccess)
        let target = try EventTarget(id: call.part("eventId"), in: access.calendar)
        try call.checkIfMatch(target.etag)
        let mover = EventMover(
            world: call.world, account: call.account, source: access.calendar,
            destination: there.calendar, options: writer.options)
        return try answer(try mover.move(target), there, writer)
    }

    func change(replaces: Bool) throws(GoogleFailure) -> Reply {
        let (access, writer) = try writing()
        let target = try EventTarget(id: call.part("eventId"), in: access.calendar)
        try call.checkIfMatch(target.etag)
        try hidePrivate(target, access)
        let record = try writer.change(target, body: try call.body(), replaces: replaces)
        return try answer(record, access, writer)
    }

    func delete() throws(GoogleFailure) -> Reply {
        let (access, writer) = try writing()
        let target = try EventTarget(id: call.part("eventId"), in: access.calendar)
        if target.life == .live { try call.checkIfMatch(target.etag) }
        try hidePrivate(target, access)
        try writer.delete(target)
        return .noContent
    }

    /// The calendar and what changes its events.
    ///
    /// - Throws: 403 `requiredAccessLevel` for a reader.
    func writing() throws(GoogleFailure) -> (APICall.Access, EventWriter) {
        let access = try call.access(.writerWithoutPrivateAccess)
        let writer = EventWriter(
            world: call.world, calendar: access.calendar, account: call.account,
            options: try WriteOptions(call.query))
        return (access, writer)
    }

    func answer(
        _ record: EventRecord, _ access: APICall.Access, _ writer: EventWriter
    ) throws(GoogleFailure) -> Reply {
        try EventView(call, access).reply(.stored(record))
    }

    /// A writer without access to private events may not touch them either.
    private func hidePrivate(
        _ target: EventTarget, _ access: APICall.Access
    ) throws(GoogleFailure) {
        guard access.role == .writerWithoutPrivateAccess else { return }
        let visibility = target.document(in: access.calendar)["visibility"]?.string
        if visibility == "private" || visibility == "confidential" { throw .needs("writer") }
    }
}
