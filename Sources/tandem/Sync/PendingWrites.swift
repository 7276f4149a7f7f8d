import LosslessJSON
import TandemCore
import TandemStore
import TandemSync

/// What the next sync would send, and what it would hold back, for people and programs.
struct PendingWrites: Sendable {
    fileprivate let forecasts: [SyncForecast]
    fileprivate let emptyText: String

    /// Looks ahead; nobody is contacted.
    static func answer(_ app: App, ignoresParking: Bool = false) async throws -> Answer {
        let pending = try await app.withStore { store in
            let names = app.options.accounts
            let (accounts, empty) = try await store.read { transaction in
                let directory = try Directory(transaction, accounts: names)
                return (directory.accounts, directory.emptyText)
            }
            var forecasts: [SyncForecast] = []
            for account in accounts {
                forecasts.append(
                    try await SyncForecast.of(
                        account, in: store, ignoresParking: ignoresParking,
                        programVersion: ProgramVersion.text))
            }
            return PendingWrites(
                forecasts: forecasts, emptyText: empty ?? "Nothing would be sent.")
        }
        return pending.answer(ItemText(zone: app.zone))
    }

    private func answer(_ text: ItemText) -> Answer {
        let (sends, held) = (
            forecasts.flatMap(\.writes).map(\.json), forecasts.flatMap(\.held).map(\.json)
        )
        let waits = forecasts.flatMap(\.waiting)
        let mailed = Set(forecasts.flatMap(\.writes).flatMap(\.notified)).sorted()
        let json: JSON = [
            "dryRun": true, "sends": .array(sends), "held": .array(held),
            "waits": .array(waits.map(\.json)),
            "notifies": .array(mailed.map { .string($0) }),
        ]
        var notes: [String] = []
        if !held.isEmpty {
            notes.append(
                "\(Counted.text(held.count, "delete")) would be held, not sent; after the sync: "
                    + "tandem holds list")
        }
        if !mailed.isEmpty {
            notes.append("\(Counted.text(mailed.count, "address", "addresses")) would be mailed.")
        }
        let emptyText = emptyText
        return Answer(json: json, times: text, notes: notes) { text in
            Self.table(sends, held: held, waits, emptyText, text)
        }
    }

    /// Programs get the changes as JSON, people the names of what is changed.
    private static func table(
        _ sends: [JSON], held: [JSON], _ waits: [WaitingEdit], _ emptyText: String,
        _ text: ItemText
    ) -> TextTable {
        var table = TextTable(
            columns: [
                .init(title: "verb"), .init(title: "title", isElastic: true),
                .init(title: "calendar", isElastic: true), .init(title: "state"),
                .init(title: "changes", isElastic: true, isOccasional: true),
                .init(title: "mails", isElastic: true, isOccasional: true),
            ])
        table.emptyText = emptyText
        func add(_ write: JSON, state: String) {
            table.rows.append([
                write["verb"]?.string ?? "", write["title"]?.string ?? "",
                write["calendar"]?.string ?? "", state,
                text.isExact ? write["body"]?.text ?? "" : ItemText.fields(of: write),
                (write["notifies"]?.array ?? []).compactMap(\.string).joined(separator: ", "),
            ])
        }
        for write in sends { add(write, state: write["state"]?.string ?? "") }
        for write in held { add(write, state: "would be held") }
        for edit in waits {
            table.rows.append([
                "", edit.resource.projection.title, edit.place.name, edit.words(text), "", "",
            ])
        }
        return table
    }
}

extension PlannedWrite {
    /// The write as programs read it.
    fileprivate var json: JSON {
        var write: JSONObject = [
            "verb": .string(request.verb.rawValue),
            "remoteId": resource.remoteID.map { .string($0.rawValue) } ?? .null,
            "sendUpdates": .string(request.sendUpdates.rawValue),
            "fields": .array(fields.map { .string($0) }),
            "item": .string(resource.id.rawValue), "title": .string(resource.projection.title),
            "calendar": .string(destination?.name ?? place.name),
            "state": .string(state.rawValue),
            "notifies": .array(notified.map { .string($0) }),
        ]
        write["body"] = request.body
        if let destination {
            write["movedFrom"] = .string(place.name)
            write["movedTo"] = .string(destination.name)
        }
        return .object(write)
    }
}

extension WaitingEdit {
    /// The edit as programs read it.
    fileprivate var json: JSON {
        [
            "item": .string(resource.id.rawValue), "title": .string(resource.projection.title),
            "calendar": .string(place.name), "reason": .string(reason.rawValue),
            "until": until.map { .string($0.rfc3339) } ?? .null,
        ]
    }

    /// Why it waits, for people; programs get the word.
    fileprivate func words(_ text: ItemText) -> String {
        guard !text.isExact else { return "waits: \(reason.rawValue)" }
        let moment = until.map { " until \(text.time($0.seconds))" } ?? ""
        return "waits: " + reason.words + moment
    }
}

extension WaitingEdit.Reason {
    /// The reason in words.
    fileprivate var words: String {
        switch self {
        case .signInNeeded: "sign in first"
        case .gone: "the calendar is gone"
        case .readOnly: "may not be changed"
        case .parked: "Google asked to wait"
        case .held: "held"
        case .conflict: "conflict"
        case .quarantined: "set aside"
        case .unreachable: "not found at Google"
        case .unconfirmed: "sent before, looked up first"
        case .rests: "rests"
        case .followsAnother: "another edit comes first"
        }
    }
}
