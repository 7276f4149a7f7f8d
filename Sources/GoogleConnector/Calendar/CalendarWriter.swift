import GoogleAPI
import LosslessJSON
import TandemCore
import TandemSync

/// Writes entries of the list of calendars, one at a time.
///
/// The calendar itself and a person's view of it are two resources at Google, each with its own
/// etag, so that one write may take several calls. Whatever is written, the entry is what comes
/// back, since it is what lists show.
///
/// - SeeAlso: Google Calendar API v3 reference, "CalendarList" and "Calendars".
struct CalendarWriter {
    let api: MeteredAPI

    /// Carries a write out.
    /// - Returns: The entry as it now is; `nil` after it left the list.
    /// - Throws: `GoogleError`; what was done before the failing call stays done.
    func write(_ request: PushRequest) async throws(GoogleError) -> GoogleAnswer? {
        let parts = Parts(request.body)
        let id = request.target?.rawValue ?? ""
        switch request.verb {
        case .create where request.body?["id"]?.string?.isEmpty == false:
            return try await subscribe(to: id, parts)
        case .create:
            return try await make(parts)
        case .patch:
            return try await patch(id, parts, ifMatch: request.etag?.rawValue)
        case .delete:
            // Takes it out of this person's list; nobody's events are destroyed by a sync.
            _ = try await api.send(
                try .deleteCalendarListEntry(id, ifMatch: request.etag?.rawValue))
            return nil
        case .move:
            throw GoogleError(code: .invalidCall, message: "A calendar cannot be moved.")
        }
    }

    /// The members of a write by the resource that they belong to.
    struct Parts {
        /// This person's view.
        private(set) var view = JSONObject()
        /// The calendar itself.
        private(set) var shared = JSONObject()

        init(_ body: JSON?) {
            for member in body?.object ?? [:]
            where !CalendarRules.readOnlyMembers.contains(member.key) {
                if CalendarRules.viewMembers.contains(member.key) {
                    view[member.key] = member.value
                } else {
                    shared[member.key] = member.value
                }
            }
        }

        /// Colours of one's own are taken only by a call that says they are RGB.
        ///
        /// - SeeAlso: Google Calendar API reference, `calendarList.patch`, `colorRgbFormat`.
        var colorsAsRGB: Bool? {
            let names = ["backgroundColor", "foregroundColor"]
            return names.contains { view[$0]?.string != nil } ? true : nil
        }
    }

    private func subscribe(
        to id: String, _ parts: Parts
    ) async throws(GoogleError) -> GoogleAnswer {
        var entry = JSON.object(parts.view).withoutNulls
        entry["id"] = .string(id)
        return try await api.send(
            try .insertCalendarListEntry(entry, colorsAsRGB: parts.colorsAsRGB))
    }

    /// Makes a calendar; Google chooses its id, and lists it for its maker.
    private func make(_ parts: Parts) async throws(GoogleError) -> GoogleAnswer {
        let made = try await api.send(
            try .insertCalendar(JSON.object(parts.shared).withoutNulls))
        do throws(GoogleError) {
            let id = made.document?.root["id"]?.string ?? ""
            guard !parts.view.isEmpty else {
                return try await api.send(try .getCalendarListEntry(id))
            }
            return try await patchView(of: id, parts, ifMatch: nil)
        } catch {
            // It is made, whatever became of the rest: to be looked up, not to be made again.
            throw GoogleError(
                code: .missingPart, message: error.message, service: error.service,
                method: error.method, status: error.status, reason: error.reason,
                mayHaveBeenApplied: true)
        }
    }

    /// The view is written first, since it alone knows a condition on the entry's etag.
    private func patch(
        _ id: String, _ parts: Parts, ifMatch etag: String?
    ) async throws(GoogleError) -> GoogleAnswer {
        guard !parts.shared.isEmpty else {
            return try await patchView(of: id, parts, ifMatch: etag)
        }
        if parts.view.isEmpty {
            try await check(id, carries: etag)
        } else {
            _ = try await patchView(of: id, parts, ifMatch: etag)
        }
        _ = try await api.send(try .patchCalendar(id, with: .object(parts.shared)))
        return try await api.send(try .getCalendarListEntry(id))
    }

    private func patchView(
        of id: String, _ parts: Parts, ifMatch etag: String?
    ) async throws(GoogleError) -> GoogleAnswer {
        try await api.send(
            try .patchCalendarListEntry(
                id, with: .object(parts.view), ifMatch: etag, colorsAsRGB: parts.colorsAsRGB))
    }

    /// The calendar itself has another etag than its entry, so the condition is looked at before.
    private func check(_ id: String, carries etag: String?) async throws(GoogleError) {
        guard let etag else { return }
        let entry = try await api.send(try .getCalendarListEntry(id))
        guard entry.etag == nil || entry.etag == etag else {
            throw GoogleError(
                code: .preconditionFailed,
                message: "The calendar changed meanwhile; it is read again and merged.",
                service: .calendar, method: "calendarList.get")
        }
    }

    // MARK: - Looking up

    /// The entry that a creation made, found by what was sent, since Google chooses the id.
    ///
    /// Only a calendar that this person owns, and that has the very title, description, place and
    /// zone, counts; of several the first.
    func find(_ body: JSON) async throws(GoogleError) -> JSONNode? {
        let rules = CalendarRules()
        let wanted = rules.canonical(body)
        var query = CalendarListQuery()
        query.maxResults = 250
        query.showHidden = true
        for _ in 0..<Self.maximumPages {
            let page = try await api.page(try .listCalendarList(query))
            let found = page.items.first { item in
                let entry = item.value
                let form = rules.canonical(entry)
                return entry["accessRole"] == "owner" && entry["primary"]?.bool != true
                    && ["summary", "description", "location", "timeZone"].allSatisfy {
                        wanted[$0] == nil || form[$0] == wanted[$0]
                    }
            }
            if let found { return found }
            guard let next = page.nextPageToken else { return nil }
            query.pageToken = next
        }
        return nil
    }

    /// More calendars than anybody can have.
    private static let maximumPages = 40
}
