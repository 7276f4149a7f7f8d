import LosslessJSON
import TandemCore

/// Writes events whose every text is a token.
enum GoogleWriter {
    /// The starts of every series that is made, as ids of instances write them.
    static let slots = ["20261109", "20261116", "20261123", "20261130"].map { "\($0)T090000Z" }

    /// A new event.
    static func made(_ token: Int, _ shape: EventShape) -> JSON {
        var event: JSON = [
            "summary": .string(TokenFinder.text(token)),
            "extendedProperties": ["private": ["made": .string("m\(token)")]],
            "start": moment(day: 9, hour: 10), "end": moment(day: 9, hour: 11),
        ]
        switch shape {
        case .single: break
        case .day:
            event["start"] = ["date": "2026-11-10"]
            event["end"] = ["date": "2026-11-11"]
        case .series: event["recurrence"] = ["RRULE:FREQ=WEEKLY;COUNT=4"]
        case .meeting: event["attendees"] = [["email": .string(guest(token))]]
        }
        return event
    }

    /// What changes one part of an event.
    static func patch(_ part: EventPart, _ token: Int, of event: JSON) -> JSON {
        let text = JSON.string(TokenFinder.text(token))
        switch part {
        case .summary: return ["summary": text]
        case .location: return ["location": text]
        case .description: return ["description": text]
        case .property:
            var keys = JSONObject()
            keys["k\(token % 3)"] = text
            return ["extendedProperties": ["private": .object(keys)]]
        case .time:
            let (day, hour) = (9 + token % 5, 8 + token % 9)
            return [
                "start": moment(day: day, hour: hour), "end": moment(day: day, hour: hour + 1),
            ]
        case .guest:
            var guests = event["attendees"]?.array ?? []
            let address = guest(token)
            guests.removeAll { $0["email"]?.string == address }
            guests.append(["email": .string(address)])
            return ["attendees": .array(guests)]
        case .colour: return ["colorId": .string("\(token % 11 + 1)")]
        }
    }

    private static func guest(_ token: Int) -> String { "guest\(token % 3)@example.com" }

    /// With the other form of a time taken back, which a patch would leave beside it.
    private static func moment(day: Int, hour: Int) -> JSON {
        let time = "2026-11-\(padded(day))T\(padded(hour)):00:00+01:00"
        return [
            "dateTime": .string(time), "timeZone": "Europe/Paris", "date": .null,
        ]
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
