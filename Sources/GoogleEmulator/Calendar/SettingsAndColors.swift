import LosslessJSON

/// The methods of `settings`.
///
/// - SeeAlso: Google Calendar API reference, "Settings".
struct CalendarSettings {
    let call: APICall

    func list() throws(GoogleFailure) -> Reply {
        let account = call.account
        let maxResults = try call.query.count("maxResults", default: 100, max: 250)
        let template = Cursor(
            topic: "settings", user: account.email, fingerprint: 0,
            sequence: account.settingsSequence, world: call.world)
        let sync = try call.query.nonEmpty("syncToken").map { text throws(GoogleFailure) in
            try call.world.syncCursor(text, like: template)
        }
        let settings = account.settings.enumerated().filter { _, setting in
            sync.map { setting.sequence > $0.sequence } ?? true
        }
        let pager = SmallPager(
            call: call, template: template, maxResults: maxResults, names: ["syncToken"])
        return try pager.reply(
            kind: "calendar#settings", version: account.settingsSequence,
            items: settings.map { ($0.offset, Self.resource($0.element)) })
    }

    func get() throws(GoogleFailure) -> Reply {
        let id = call.part("setting")
        guard let setting = call.account.settings.first(where: { $0.id == id }) else {
            throw .notFound
        }
        return .json(Self.resource(setting))
    }

    private static func resource(_ setting: Account.Setting) -> JSONObject {
        [
            "kind": "calendar#setting",
            "etag": .string(Fingerprint.etag("\(setting.id)=\(setting.value)")),
            "id": .string(setting.id), "value": .string(setting.value),
        ]
    }
}

extension Palette {
    /// The answer of `colors.get`.
    static var resource: JSONObject {
        [
            "kind": "calendar#colors", "updated": "2012-02-14T00:00:00.000Z",
            "calendar": table(calendars), "event": table(events),
        ]
    }

    private static func table(_ colors: [String]) -> JSON {
        var table = JSONObject()
        for (index, color) in colors.enumerated() {
            table["\(index + 1)"] = [
                "background": .string(color), "foreground": .string(foreground),
            ]
        }
        return .object(table)
    }
}
