import LosslessJSON
import TandemFormats

/// Writes the Calendar's part of a snapshot.
struct CalendarSnapshotWriter {
    let world: World

    var document: JSON {
        let state = world.calendarState
        return [
            "calendars": .array(world.allCalendars.map(calendar)),
            "users": .array(world.allAccounts.map(user)),
            "cursorFloors": .array(state.cursorFloors.map(floor)),
            "pendingConferences": .array(state.pendingConferences.all.map(pending)),
            "channels": state.push.snapshot, "usedChannels": .strings(state.push.used.order),
        ]
    }

    private func user(_ account: Account) -> JSON {
        [
            "email": .string(account.email), "listSequence": .int(account.listSequence),
            "settingsSequence": .int(account.settingsSequence),
            "settings": .array(
                account.settings.map { setting in
                    [
                        "id": .string(setting.id), "value": .string(setting.value),
                        "sequence": .int(setting.sequence), "version": .int(setting.version),
                    ]
                }),
            "list": .array(
                account.listEntries.map { entry in
                    [
                        "calendar": .string(entry.calendarID), "view": .object(entry.view),
                        "removed": .bool(entry.isRemoved), "sequence": .int(entry.sequence),
                        "version": .int(entry.version),
                    ]
                }),
        ]
    }

    private func calendar(_ calendar: CalendarRecord) -> JSON {
        var document: JSONObject = [
            "id": .string(calendar.id), "primary": .bool(calendar.isPrimary),
            "metadata": .object(calendar.metadata), "version": .int(calendar.version),
            "ruleSequence": .int(calendar.rules.sequence),
            "rules": .array(
                calendar.rules.rules.map { rule in
                    [
                        "type": .string(rule.scopeType), "value": .string(rule.value),
                        "role": .string(rule.role.rawValue), "sequence": .int(rule.sequence),
                        "version": .int(rule.version),
                    ]
                }),
            "sequence": .int(calendar.events.sequence), "updated": .int(calendar.events.updated),
            "events": .array(calendar.events.order.map(event)),
        ]
        if calendar.events.forgottenUntil > 0 {
            document["forgotten"] = .int(calendar.events.forgottenUntil)
        }
        document["owner"] = calendar.owner.map { .string($0) }
        document["client"] = calendar.createdByClient.map { .string($0) }
        return .object(document)
    }

    private func event(_ record: EventRecord) -> JSON {
        var document: JSONObject = [
            "creation": .int(record.creation), "change": .int(record.change),
            "firstChange": .int(record.firstChange),
            "version": .int(record.version), "updated": .int(record.updated),
            "life": .string(record.life.rawValue), "document": .object(record.document),
        ]
        if !record.formerSeries.isEmpty {
            document["former"] = .array(
                record.formerSeries.map { former in
                    [
                        "until": .int(former.until), "recurrence": .strings(former.series.lines),
                        "start": former.series.first.json(in: .utc),
                        "end": former.series.firstEnd.json(in: .utc),
                    ]
                })
        }
        return .object(document)
    }

    private func floor(_ floor: CursorFloor) -> JSON {
        var document: JSONObject = ["issue": .int(floor.issue)]
        document["user"] = floor.user.map { .string($0) }
        if floor.isOfPages { document["pages"] = true }
        document["topic"] = floor.topic.map { .string($0) }
        document["calendar"] = floor.calendar.map { .string($0) }
        return .object(document)
    }

    private func pending(_ pending: PendingConference) -> JSON {
        var document: JSONObject = [
            "calendar": .string(pending.event.calendarID),
            "event": .string(pending.event.eventID),
        ]
        document["due"] = pending.due.map { .int($0) }
        return .object(document)
    }
}
