import LosslessJSON

/// Who may see the details of an event.
///
/// - SeeAlso: Google Calendar API reference, "Events", property `visibility`.
enum EventVisibility {
    /// How few may see the details; `default` lies between `public` and `private`.
    static func strictness(of document: JSONObject) -> Int {
        switch document["visibility"]?.string {
        case "public": 0
        case "private", "confidential": 2
        default: 1
        }
    }

    /// Ignores a visibility that would make one instance less restricted than it was.
    static func settle(_ draft: inout JSONObject, base: JSONObject) {
        guard strictness(of: draft) < strictness(of: base) else { return }
        draft["visibility"] = base["visibility"]
    }
}

extension EventWriter {
    /// Carries the stricter visibility of one instance to the whole series, as Google does.
    func restrictSeries(of instance: EventRecord) {
        guard let seriesID = instance.seriesID, let master = calendar.events[seriesID] else {
            return
        }
        let wanted = EventVisibility.strictness(of: instance.document)
        for record in [master] + calendar.events.exceptions(of: seriesID)
        where record.life == .live
            && EventVisibility.strictness(of: record.document) < wanted
        {
            var fields = record.document
            fields["visibility"] = instance.document["visibility"]
            store(record, EventDraft(record, fields: fields), contentChanged: true)
        }
    }
}
