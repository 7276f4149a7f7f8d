import GoogleConnector
import LosslessJSON
import TandemCore

/// Makes triples of Google's events, by the rules that the connector brings.
struct EventTriples: TripleMaker {
    let rules: any KindRules = EventRules()
    let together: Set<String>
    private var scribbler: Scribbler

    init(seed: UInt64) {
        scribbler = Scribbler(seed: seed)
        together = seed % 4 == 0 ? EventRules().slotFields : []
    }

    mutating func triple() -> Triple {
        let base = base()
        var remote = edited(base)
        remote["etag"] = "\"2\""
        remote["updated"] = "2026-11-04T09:14:27.018Z"
        return Triple(base: base, local: edited(base), remote: remote)
    }

    private static let bare: JSON = [
        "kind": "calendar#event", "etag": "\"1\"", "id": "p1k7q2m3v9", "status": "confirmed",
        "updated": "2026-11-03T09:14:27.018Z", "organizer": ["email": "ada@example.com"],
        "start": ["dateTime": "2026-11-09T10:00:00+01:00", "timeZone": "Europe/Paris"],
        "end": ["dateTime": "2026-11-09T11:00:00+01:00", "timeZone": "Europe/Paris"],
        "iCalUID": "p1k7q2m3v9@google.com", "sequence": 0, "eventType": "default",
    ]

    private mutating func base() -> JSON {
        var event = Self.bare
        for part in 0..<Self.parts where scribbler.chance(of: 2) { edit(part, of: &event) }
        return event
    }

    /// Nothing, one part, or a few.
    private mutating func edited(_ base: JSON) -> JSON {
        var event = base
        for _ in 0..<scribbler.below(5) { edit(scribbler.below(Self.parts), of: &event) }
        return event
    }

    private static let parts = 12

    private mutating func edit(_ part: Int, of event: inout JSON) {
        switch part {
        case 0: event[scribbler.pick(Self.texts)] = scribbler.valueOrNothing()
        case 1: editTime(of: &event)
        case 2: editRecurrence(of: &event)
        case 3, 4: editGuests(of: &event)
        case 5: editProperties(of: &event)
        case 6: editAttachments(of: &event)
        case 7:
            let minutes = JSON.number(JSONNumber(scribbler.number() % 40_000))
            event["reminders"] = [
                "useDefault": false, "overrides": [["method": "popup", "minutes": minutes]],
            ]
        case 8: event["colorId"] = scribbler.valueOrNothing()
        case 9: event[scribbler.pick(Self.flags)] = .bool(scribbler.chance(of: 2))
        case 10: event["conferenceData"] = scribbler.valueOrNothing().map { ["conferenceId": $0] }
        default:
            event[scribbler.pick(Self.unknown)] = scribbler.valueOrNothing().map { ["a": [$0]] }
        }
    }

    private static let texts = ["summary", "location", "description"]
    private static let flags = ["guestsCanModify", "guestsCanInviteOthers", "anyoneCanAddSelf"]
    private static let unknown = ["futureMember", "Zukünftiges", "Zuku\u{308}nftiges"]

    // MARK: - Units

    /// Some times do not go with a series: such an edit is not made here.
    private mutating func editTime(of event: inout JSON) {
        var changed = event
        let (day, minute) = (1 + scribbler.below(28), scribbler.number() % 60)
        let date = "2026-11-" + (day < 10 ? "0" : "") + "\(day)"
        let time = "T08:" + (minute < 10 ? "0" : "") + "\(minute):00Z"
        switch scribbler.below(3) {
        case 0:
            changed["start"] = ["date": .string(date)]
            changed["end"] = ["date": "2026-12-01"]
        case 1:
            changed["start"] = ["dateTime": .string(date + time), "timeZone": "Europe/Paris"]
            changed["end"] = ["dateTime": "2026-11-30T10:00:00+01:00", "timeZone": "Europe/Paris"]
        default:
            changed["start"] = ["dateTime": .string(date + time)]
            changed["end"] = ["dateTime": "2026-11-30T10:00:00+01:00"]
        }
        if isValid(changed) { event = changed }
    }

    private mutating func editRecurrence(of event: inout JSON) {
        var changed = event
        let count = 2 + scribbler.number() % 500
        changed["recurrence"] =
            scribbler.chance(of: 4) ? nil : [.string("RRULE:FREQ=WEEKLY;COUNT=\(count)")]
        if isValid(changed) { event = changed }
    }

    private func isValid(_ event: JSON) -> Bool {
        do throws(TandemError) {
            try rules.validate(event)
            return true
        } catch {
            return false
        }
    }

    // MARK: - Keyed sets

    private static let addresses = [
        "ada@example.com", "ada@example.com", "bob@example.com", "BOB@example.com",
        "cy@example.com", "dora@example.com",
    ]
    private static let answers: [JSON] = ["needsAction", "declined", "tentative", "accepted"]

    private mutating func editGuests(of event: inout JSON) {
        var guests = event["attendees"]?.array ?? []
        if !guests.isEmpty, !scribbler.chance(of: 3) {
            let place = scribbler.below(guests.count)
            switch scribbler.below(4) {
            case 0: guests.remove(at: place)
            case 1: guests.swapAt(place, 0)
            case 2: guests[place]["responseStatus"] = scribbler.pick(Self.answers)
            default: guests[place]["comment"] = scribbler.valueOrNothing()
            }
        } else {
            guests.append(guest(among: guests))
        }
        event["attendees"] = guests.isEmpty ? nil : .array(guests)
    }

    private mutating func guest(among guests: [JSON]) -> JSON {
        var guest: JSON = [
            "responseStatus": scribbler.pick(Self.answers), "displayName": scribbler.value(),
        ]
        let address = scribbler.pick(Self.addresses)
        // Oneself is there once; others may be there twice, and Google knows some without address.
        let isDouble = guests.contains { $0["email"]?.string == address }
        let isOneself = address == Self.addresses[0]
        if isDouble && (isOneself || !scribbler.chance(of: 4)) || scribbler.chance(of: 16) {
            guest["id"] = .string("1\(scribbler.number())")
            return guest
        }
        guest["email"] = .string(address)
        if isOneself { guest["self"] = true }
        return guest
    }

    private mutating func editAttachments(of event: inout JSON) {
        var list = event["attachments"]?.array ?? []
        // So many that two sides together may have more than Google takes.
        while scribbler.chance(of: 64), list.count < 24 {
            for _ in list.count..<24 { list.append(attachment()) }
        }
        if !list.isEmpty, list.count == 25 || scribbler.chance(of: 2) {
            let place = scribbler.below(list.count)
            if scribbler.chance(of: 2) {
                list.remove(at: place)
            } else {
                list[place]["title"] = scribbler.valueOrNothing()
            }
        } else {
            list.append(attachment())
        }
        event["attachments"] = list.isEmpty ? nil : .array(list)
    }

    private mutating func attachment() -> JSON {
        let number = scribbler.number()
        return ["fileUrl": .string("https://drive.example/\(number)"), "title": scribbler.value()]
    }

    private mutating func editProperties(of event: inout JSON) {
        var properties = event["extendedProperties"]?.object ?? [:]
        let side = scribbler.pick(["private", "private", "shared", "future"])
        if side == "future" {
            properties[side] = scribbler.valueOrNothing()
        } else {
            var values = properties[side]?.object ?? [:]
            values[scribbler.pick(Scribbler.keys)] = scribbler.valueOrNothing()
            properties[side] = .object(values)
        }
        event["extendedProperties"] = .object(properties)
    }
}
