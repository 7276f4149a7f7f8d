import LosslessJSON
import TandemFormats

/// `events.list`.
enum EventListing {
    static func list(_ call: APICall) throws(GoogleFailure) -> Reply {
        let access = try call.access(.freeBusyReader)
        let view = try EventView(call, access)
        let query = try EventQuery(call, access)
        let rows = EventRows(call, query, access.calendar, view)
        let pager = EventPager(rows: rows)
        let page = query.order == .standard ? pager.standard() : pager.sorted()
        return answer(call, access, view, query, page)
    }

    private static func answer(
        _ call: APICall, _ access: APICall.Access, _ view: EventView,
        _ query: EventQuery, _ page: EventPager.Page
    ) -> Reply {
        var head = header(call, access, rows: page.rows)
        var next = query.cursors.template
        if let position = page.next {
            next.fingerprint = query.cursors.pageFingerprint
            next.sequence = query.page?.sequence ?? query.cursors.template.sequence
            next.page = position
            head["nextPageToken"] = .string(next.text)
        } else if query.givesSyncToken {
            // Changes made while a full listing was paged come again with the first delta.
            if query.sync == nil, let first = query.page { next.sequence = first.sequence }
            head["nextSyncToken"] = .string(next.text)
        }
        let etag = head["etag"]?.string
        guard call.query.nonEmpty("fields") == nil else {
            head["items"] = .array(page.rows.map { .object(view.document($0)) })
            return Reply(content: .json(.object(head)), etag: etag)
        }
        return Reply(
            content: call.isPretty
                ? .finished(view.indentedBytes(head: head, rows: page.rows))
                : .finished(view.bytes(head: head, rows: page.rows)), etag: etag)
    }

    /// What a listing says of its calendar.
    static func header(
        _ call: APICall, _ access: APICall.Access, rows: [EventRow]
    ) -> JSONObject {
        let calendar = access.calendar
        let entry = call.account.entry(of: calendar.id)
        // Endless series grow with time, although nothing of them changes.
        let state = [
            calendar.version, calendar.events.sequence, entry?.version ?? 0,
            call.world.account(calendar.id)?.settingsSequence ?? 0, Int64(rows.count),
        ]
        let shown = "\(access.role.rawValue) \(rows.last?.id ?? "") \(call.request.query)"
        var head: JSONObject = [
            "kind": "calendar#events", "etag": .string(Fingerprint.etag("\(state) \(shown)")),
            "summary": .string(calendar.summary),
        ]
        head["description"] = calendar.metadata["description"]
        head["updated"] = .string(Stamp.utc(calendar.events.updated))
        head["timeZone"] = .string(call.query.nonEmpty("timeZone") ?? calendar.timeZone)
        head["accessRole"] = .string(access.role.rawValue)
        head["defaultReminders"] = entry?.view["defaultReminders"] ?? .array([])
        return head
    }
}

/// Cuts the rows of a listing into pages.
struct EventPager {
    let rows: EventRows

    struct Page {
        var rows: [EventRow] = []
        /// Where the next page begins; `nil` on the last one.
        var next: Cursor.Page?
    }

    /// Rows in the order in which events were made, or, after a cursor, were changed.
    func standard() -> Page {
        let query = rows.query
        let events = rows.calendar.events
        let place = query.page?.page
        let isDelta = query.sync != nil
        let after = max(query.sync?.sequence ?? 0, (place?.key ?? 0) &- 1)
        let records = isDelta ? events.changes(after: after) : events.made(after: after)
        var page = Page()
        for record in records {
            let key = isDelta ? record.change : record.creation
            let served = place?.key == key ? place?.id ?? "" : ""
            let room = query.maxResults - page.rows.count
            let made = rows.rows(
                of: record, from: EventRows.Place(id: served), limit: room + 1)
            if made.count > room {
                page.rows += made[..<room]
                let last = room > 0 ? made[room - 1].id : served
                page.next = Cursor.Page(key: key, offset: 0, id: last)
                return page
            }
            page.rows += made
        }
        return page
    }

    /// Rows by their start or by their last change; the id decides between equals.
    func sorted() -> Page {
        let query = rows.query
        let place = query.page?.page
        var all: [(key: Int64, row: EventRow)] = []
        for record in rows.calendar.events.order {
            for row in rows.rows(
                of: record, from: self.place(of: record, after: place),
                limit: query.maxResults + 5)
            {
                let key = query.order == .startTime ? rows.start(of: row) : row.updated
                if let place, (key, row.id) <= (place.key, place.id) { continue }
                all.append((key, row))
            }
        }
        all.sort { $0.key != $1.key ? $0.key < $1.key : $0.row.id < $1.row.id }
        var page = Page(rows: all.prefix(query.maxResults).map(\.row))
        if all.count > query.maxResults, let last = page.rows.last {
            page.next = Cursor.Page(key: all[page.rows.count - 1].key, offset: 0, id: last.id)
        }
        return page
    }

    /// Where the rows of one record go on; a few that were served already may come again.
    private func place(of record: EventRecord, after place: Cursor.Page?) -> EventRows.Place {
        guard let place else { return EventRows.Place() }
        if rows.query.order == .startTime { return EventRows.Place(begin: place.key) }
        guard record.updated == place.key else { return EventRows.Place() }
        return EventRows.Place(id: place.id)
    }
}

extension EventView {
    /// The resource behind a row as the caller may see it.
    func document(_ row: EventRow) -> JSONObject {
        switch row {
        case .stored(let record):
            return document(record.document)
        case .tombstone(let record):
            var stub = record.tombstone
            if let zone { Self.move(&stub, to: zone) }
            return stub
        case .instance(let master, let slot):
            return document(
                EventInstances.document(of: master, slot: slot, zone: zone ?? calendar.zone))
        case .lost(let master, let series, let slot):
            return EventInstances.tombstone(
                of: master, series: series, slot: slot, zone: zone ?? calendar.zone)
        }
    }

    /// The compact bytes of a whole listing; stored events are copied, not written anew.
    func bytes(head: JSONObject, rows: [EventRow]) -> [UInt8] {
        let items = rows.map { row in
            if case .stored(let record) = row, isPlain(record) { return record.bytes }
            return JSON.object(document(row)).serialized(.compact)
        }
        var output = JSON.object(head).serialized(.compact)
        output.reserveCapacity(items.reduce(output.count + 16) { $0 + $1.count + 1 })
        output.removeLast()
        output.append(contentsOf: ",\"items\":[".utf8)
        for (index, item) in items.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            output.append(contentsOf: item)
        }
        output.append(contentsOf: "]}".utf8)
        return output
    }

    /// How deep the rows of a listing stand in it.
    static let rowDepth = 2

    /// As ``bytes(head:rows:)``, indented; stored events are copied in that form, too.
    func indentedBytes(head: JSONObject, rows: [EventRow]) -> [UInt8] {
        let items = rows.map { row in
            if case .stored(let record) = row, isPlain(record) { return record.listedBytes }
            return Indenter.nested(
                JSON.object(document(row)).serialized(.compact), depth: Self.rowDepth)
        }
        var output = Indenter.nested(JSON.object(head).serialized(.compact), depth: 0)
        output.reserveCapacity(items.reduce(output.count + 32) { $0 + $1.count + 4 })
        output.removeLast(2)
        output.append(contentsOf: ",\n \"items\": [".utf8)
        for (index, item) in items.enumerated() {
            output.append(contentsOf: index > 0 ? ",\n  ".utf8 : "\n  ".utf8)
            output.append(contentsOf: item)
        }
        output.append(contentsOf: items.isEmpty ? "]\n}\n".utf8 : "\n ]\n}\n".utf8)
        return output
    }
}
