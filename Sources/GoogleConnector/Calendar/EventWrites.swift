import GoogleAPI
import LosslessJSON
import TandemCore
import TandemSync

/// Which call of the Calendar API carries out a write of an event.
///
/// - SeeAlso: Google Calendar API v3 reference, "Events"; guide, "Recurring events".
enum EventWrites {
    /// The call, ready for a batch; every write says whom to mail.
    /// - Throws: `GoogleError` with code `invalidCall`; nothing can be sent then.
    static func call(for request: PushRequest) throws(GoogleError) -> CalendarCall {
        guard let target = request.target?.rawValue else {
            throw GoogleError(code: .invalidCall, message: "A write of an event needs its id.")
        }
        let calendar = request.collection.remoteID.rawValue
        let etag = request.etag?.rawValue
        let mails = GoogleAPI.SendUpdates(request.sendUpdates)
        let body = request.body ?? [:]
        switch request.verb {
        case .delete:
            return try .deleteEvent(target, in: calendar, ifMatch: etag, sendUpdates: mails)
        case .move:
            guard let destination = request.destination?.rawValue else {
                throw GoogleError(code: .invalidCall, message: "A move needs a destination.")
            }
            return try .moveEvent(target, from: calendar, to: destination, sendUpdates: mails)
        case .patch:
            return try .patchEvent(
                target, in: calendar, with: body, ifMatch: etag, options(body, mails))
        case .create where EventIdentity(body).isException:
            // The instance is there already, as part of its series: a patch makes the exception.
            let patch = instancePatch(body)
            return try .patchEvent(
                target, in: calendar, with: patch, ifMatch: etag, options(patch, mails))
        case .create:
            let event = newEvent(body, id: target)
            return try .insertEvent(event, into: calendar, options(event, mails))
        }
    }

    /// Conference data, labels and attachments are written only where the write speaks of them: a
    /// client that says it supports them and sends none might clear them.
    ///
    /// - SeeAlso: Google Calendar API reference, `events.patch`: `conferenceDataVersion` and
    ///   `supportsAttachments`.
    private static func options(
        _ body: JSON, _ mails: GoogleAPI.SendUpdates
    ) -> EventWriteOptions {
        EventWriteOptions(
            sendUpdates: mails,
            conferenceDataVersion: body["conferenceData"] == nil ? nil : 1,
            eventLabelVersion: body["eventLabelId"] == nil ? nil : 1,
            supportsAttachments: body["attachments"] == nil ? nil : true)
    }

    /// The event under an id of ours, so that a repeated creation is refused and not doubled.
    static func newEvent(_ event: JSON, id: String) -> JSON {
        var body = JSONObject()
        body["id"] = .string(id)
        for member in event.object ?? [:]
        where !EventRules.serverOwnedMembers.contains(member.key) && !member.value.isNull {
            body[member.key] = member.value
        }
        body["attendeesOmitted"] = nil
        // Google makes this one by itself; one from elsewhere keeps the event's copies together.
        let uid = event["iCalUID"]?.string ?? ""
        if uid.isEmpty || uid == id + "@google.com" { body["iCalUID"] = nil }
        return .object(body)
    }

    /// What makes an instance into the exception.
    ///
    /// An instance has its series' time until it gets another, so the other form of a time is
    /// removed with `null`; it has its series' UID, type and id for good.
    static func instancePatch(_ exception: JSON) -> JSON {
        if exception["status"] == "cancelled" { return ["status": "cancelled"] }
        var patch = exception
        let fixed = ["iCalUID", "eventType", "recurrence", "privateCopy", "attendeesOmitted"]
        for member in EventRules.serverOwnedMembers.sorted() + fixed { patch[member] = nil }
        for name in ["start", "end"] {
            guard var time = patch[name]?.object else { continue }
            if time["dateTime"] == nil, time["date"] != nil { time["dateTime"] = .some(.null) }
            if time["date"] == nil, time["dateTime"] != nil { time["date"] = .some(.null) }
            patch[name] = .object(time)
        }
        return patch
    }
}

extension GoogleAPI.SendUpdates {
    /// Google's word for whom an edit lets be mailed.
    init(_ wish: TandemCore.SendUpdates) {
        self =
            switch wish {
            case .none: .nobody
            case .external: .externalOnly
            case .all: .everyone
            }
    }
}
