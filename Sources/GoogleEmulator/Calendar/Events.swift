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
        let (view, writer) = try writing()
        return view.reply(.stored(try writer.insert(try call.body())))
    }

    func importEvent() throws(GoogleFailure) -> Reply {
        let (view, writer) = try writing()
        let body = try call.body()
        if let known = try writer.importTarget(body) { try hidePrivate(known, view) }
        return view.reply(.stored(try writer.importEvent(body)))
    }

    func quickAdd() throws(GoogleFailure) -> Reply {
        let (view, writer) = try writing()
        let calendar = view.calendar
        let sentence = try QuickAdd(
            call.query["text"] ?? "", now: Stamp.floorDivision(call.world.now, 1000),
            zoneName: calendar.timeZone)
        var body: JSONObject = [
            "summary": .string(sentence.summary),
            "start": sentence.start.json(in: calendar.zone),
            "end": sentence.end.json(in: calendar.zone),
        ]
        body["location"] = sentence.location.map { .string($0) }
        return view.reply(.stored(try writer.insert(body)))
    }

    func move() throws(GoogleFailure) -> Reply {
        let (view, writer) = try writing()
        guard let id = call.query.nonEmpty("destination") else {
            throw .requiredParameter("destination")
        }
        let there = try call.access(to: id, .writerWithoutPrivateAccess)
        let target = try EventTarget(id: call.part("eventId"), in: view.calendar)
        try call.checkIfMatch(view.etag(of: target))
        try hidePrivate(target, view)
        let mover = EventMover(
            world: call.world, account: call.account, source: view.calendar,
            destination: there.calendar, options: writer.options)
        return try EventView(call, there).reply(.stored(try mover.move(target)))
    }

    func change(replaces: Bool) throws(GoogleFailure) -> Reply {
        let (view, writer) = try writing()
        let target = try EventTarget(id: call.part("eventId"), in: view.calendar)
        try call.checkIfMatch(view.etag(of: target))
        try hidePrivate(target, view)
        return view.reply(
            try writer.change(target, body: try call.body(), replaces: replaces))
    }

    func delete() throws(GoogleFailure) -> Reply {
        let (view, writer) = try writing()
        let target = try EventTarget(id: call.part("eventId"), in: view.calendar)
        if target.life == .live { try call.checkIfMatch(view.etag(of: target)) }
        try hidePrivate(target, view)
        try writer.delete(target)
        return .noContent
    }

    /// How the caller sees the calendar, and what changes its events; both checked before any
    /// write.
    ///
    /// - Throws: 403 `requiredAccessLevel` for a reader, 400 for a bad parameter.
    private func writing() throws(GoogleFailure) -> (EventView, EventWriter) {
        let access = try call.access(.writerWithoutPrivateAccess)
        let writer = EventWriter(
            world: call.world, calendar: access.calendar, account: call.account,
            options: try WriteOptions(call.query))
        return (try EventView(call, access), writer)
    }

    /// A writer without access to private events may not touch them either.
    private func hidePrivate(
        _ target: EventTarget, _ view: EventView
    ) throws(GoogleFailure) {
        guard view.role == .writerWithoutPrivateAccess else { return }
        let visibility = target.document(in: view.calendar)["visibility"]?.string
        if visibility == "private" || visibility == "confidential" { throw .needs("writer") }
    }
}
