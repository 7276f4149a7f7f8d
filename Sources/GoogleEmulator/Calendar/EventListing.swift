import LosslessJSON
import TandemFormats

/// `events.list`.
enum EventListing {
    static func list(_ call: APICall) throws(GoogleFailure) -> Reply {
        let access = try call.access(.freeBusyReader)
        let view = try EventView(call, access)
        let query = try EventQuery(call, access)
        let mark = ListedPages.Mark(call, access, query)
        if let mark, let page = access.calendar.listedPages[mark] {
            return answer(call, access, query, page)
        }
        let pager = EventPager(rows: EventRows(call, query, access.calendar, view))
        let found = query.order == .standard ? pager.standard() : pager.sorted()
        let etag = etag(call, access, rows: found.rows)
        guard call.query.nonEmpty("fields") == nil else {
            var head = header(call, access, etag: etag)
            continuation(of: query, next: found.next).map { head[$0.name] = .string($0.text) }
            head["items"] = .array(found.rows.map { .object(view.document($0)) })
            return Reply(content: .json(.object(head)), etag: etag)
        }
        let page = ListedPages.Page(
            etag: etag, rows: view.bytes(of: found.rows, isPretty: call.isPretty),
            next: found.next)
        if let mark { access.calendar.listedPages.keep(page, mark) }
        return answer(call, access, query, page)
    }

    /// Puts the head around rows that are in their form already.
    private static func answer(
        _ call: APICall, _ access: APICall.Access, _ query: EventQuery, _ page: ListedPages.Page
    ) -> Reply {
        var head = header(call, access, etag: page.etag)
        continuation(of: query, next: page.next).map { head[$0.name] = .string($0.text) }
        let pieces = EventView.listing(head: head, rows: page.rows, isPretty: call.isPretty)
        return Reply(content: .finished(pieces), etag: page.etag)
    }

    /// The cursor with which a client goes on, and its name; `nil` where there is none.
    private static func continuation(
        of query: EventQuery, next position: Cursor.Page?
    ) -> (name: String, text: String)? {
        var next = query.cursors.template
        if let position {
            next.fingerprint = query.cursors.pageFingerprint
            next.sequence = query.page?.sequence ?? query.cursors.template.sequence
            next.page = position
            return ("nextPageToken", next.text)
        }
        guard query.givesSyncToken else { return nil }
        // Changes made while a full listing was paged come again with the first delta.
        if query.sync == nil, let first = query.page { next.sequence = first.sequence }
        return ("nextSyncToken", next.text)
    }

    /// The etag of a page, with its quotes.
    static func etag(_ call: APICall, _ access: APICall.Access, rows: [EventRow]) -> String {
        let calendar = access.calendar
        let entry = call.account.entry(of: calendar.id)
        // Endless series grow with time, although nothing of them changes.
        let settings = call.world.account(calendar.id)?.settingsSequence ?? 0
        let state =
            "\(calendar.version) \(calendar.events.sequence) \(entry?.version ?? 0) \(settings) "
            + "\(rows.count)"
        let shown = "\(access.role.rawValue) \(rows.last?.id ?? "") \(call.request.query)"
        return Fingerprint.etag("\(state) \(shown)")
    }

    /// What a listing says of its calendar.
    static func header(
        _ call: APICall, _ access: APICall.Access, etag: String
    ) -> JSONObject {
        let calendar = access.calendar
        let entry = call.account.entry(of: calendar.id)
        var head: JSONObject = [
            "kind": "calendar#events", "etag": .string(etag),
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
        let events = rows.calendar.events
        let after = max(rows.query.sync?.sequence ?? 0, (rows.query.page?.page?.key ?? 0) &- 1)
        return rows.query.sync == nil
            ? page(of: events.made(after: after), by: { $0.creation })
            : page(of: events.changes(after: after), by: { $0.change })
    }

    private func page(
        of records: some Sequence<EventRecord>, by key: (EventRecord) -> Int64
    ) -> Page {
        let place = rows.query.page?.page
        var page = Page()
        for record in records {
            let key = key(record)
            let served = place?.key == key ? place?.id ?? "" : ""
            let room = rows.query.maxResults - page.rows.count
            if room > 0, served.isEmpty, let row = rows.onlyRow(of: record) {
                page.rows.append(row)
                continue
            }
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

    /// How deep the rows of a listing stand in it.
    static let rowDepth = 2

    /// The rows of a listing as they stand in it; the bytes of stored events are the very ones that
    /// are stored.
    func bytes(of rows: [EventRow], isPretty: Bool) -> [UInt8] {
        let separator = Array((isPretty ? ",\n  " : ",").utf8)
        var bytes: [UInt8] = []
        for row in rows {
            if !bytes.isEmpty { bytes += separator }
            if case .stored(let record) = row, isPlain(record) {
                bytes += isPretty ? record.listedBytes : record.bytes
            } else {
                let row = JSON.object(document(row)).serialized(.compact)
                bytes += isPretty ? Indenter.nested(row, depth: Self.rowDepth) : row
            }
        }
        return bytes
    }

    /// The bytes of a whole listing, indented or not.
    static func listing(head: JSONObject, rows: [UInt8], isPretty: Bool) -> [[UInt8]] {
        var opening = JSON.object(head).serialized(.compact)
        if isPretty { opening = Indenter.nested(opening, depth: 0) }
        // The rows come before what ends the object: a brace, and a line feed where it is indented.
        opening.removeLast(isPretty ? 2 : 1)
        opening += (isPretty ? ",\n \"items\": [" : ",\"items\":[").utf8
        guard isPretty else { return [opening, rows, Array("]}".utf8)] }
        if !rows.isEmpty { opening += "\n  ".utf8 }
        return [opening, rows, Array((rows.isEmpty ? "]\n}\n" : "\n ]\n}\n").utf8)]
    }
}
