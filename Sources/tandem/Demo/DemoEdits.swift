import LosslessJSON
import TandemActions
import TandemCore
import TandemFormats
import TandemStore

/// The demonstration's offline edits, each through the same door as its command.
struct DemoEdits: Sendable {
    let stage: DemoStage
    let cast: DemoCast

    private var app: App { stage.app }

    func play(_ facts: inout DemoFacts) async throws {
        try stage.narrator.part(
            "Editing offline",
            "Each edit is on disk before the command ends, and touches no network. Its state "
                + "'dirty' says that it waits for the next sync.")
        facts.edits = [
            try await add(), try await edit(cast.edited, place: "Place des Vosges"),
            try await move(), try await delete(), try await answer(),
        ]
        try stage.narrator.remark(
            "Two edits in the calendar 'Team', which we share with Grace:")
        facts.edits += [
            try await edit(cast.merged, place: DemoWords.ourPlace),
            try await edit(cast.clash, place: DemoWords.ourPlace),
        ]
    }

    private func perform(
        _ op: String, _ command: String,
        _ body:
            @escaping @Sendable (EventActions, (String) throws -> ItemReference) throws
            -> StoredResource
    ) async throws -> JSON {
        try stage.narrator.command(command)
        let zone = app.zone
        let item = try await app.writing("events \(op)") { transaction, run in
            let actions = EventActions(transaction, run: run, viewer: zone)
            let resource = try body(actions) { try ItemLookup(transaction).find($0) }
            var item = try ItemViews(transaction).item(resource)
            item["run"] = .string(run.rawValue)
            return item
        }
        try stage.narrator.show(item)
        return [
            "op": .string(op), "item": item["id"] ?? .null, "run": item["run"] ?? .null,
            "title": item["data"]?["summary"] ?? .null, "state": item["state"] ?? .null,
        ]
    }

    private func add() async throws -> JSON {
        let times = HumanTimes(now: app.environment.now(), zone: app.zone)
        var fields = EventFields()
        fields.title = "Lunch with Grace"
        fields.start = try times.time("tomorrow 12:30")
        fields.duration = try TypedDuration("90m")
        let (typed, calendar) = (fields, cast.own)
        return try await perform(
            "add",
            "events add --title 'Lunch with Grace' --when 'tomorrow 12:30' --duration 90m "
                + "--calendar \(calendar.name)"
        ) { actions, _ in try actions.add(typed, to: calendar) }
    }

    private func edit(_ entry: AgendaEntry, place: String) async throws -> JSON {
        let id = entry.id
        var fields = EventFields()
        fields.place = place
        let typed = fields
        return try await perform("edit", "events edit \(id) --where '\(place)'") { actions, find in
            try actions.edit(find(id), .fields(typed)).resource
        }
    }

    private func move() async throws -> JSON {
        let id = cast.moved.id
        let wall = app.zone.wall(atUTCSeconds: cast.moved.start + 3600)
        var fields = EventFields()
        fields.start = .wall(wall)
        let typed = fields
        return try await perform(
            "edit", "events edit \(id) --when \(ItemText.clock(wall)) --scope this"
        ) { actions, find in try actions.edit(find(id), .fields(typed), reach: .this).resource }
    }

    private func delete() async throws -> JSON {
        let id = cast.deleted.id
        return try await perform("delete", "events delete \(id)") { actions, find in
            try actions.delete(find(id)).resource
        }
    }

    private func answer() async throws -> JSON {
        let id = cast.invitation.id
        return try await perform("rsvp", "events rsvp \(id) accepted") { actions, find in
            try actions.answer(find(id), InvitationAnswer(.accepted)).resource
        }
    }
}
