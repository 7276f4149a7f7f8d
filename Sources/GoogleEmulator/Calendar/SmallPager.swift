import LosslessJSON

/// Pages of short listings: calendars, rules, settings.
struct SmallPager {
    let call: APICall
    /// What the next cursors are made from.
    let template: Cursor
    let maxResults: Int
    /// Parameters that must be the same on each page.
    let names: [String]

    /// Answers one page.
    ///
    /// The rows come with places that they keep for ever, ascending.
    /// - Throws: 400 for a page token of another listing.
    func reply(
        kind: String, version: Int64, items: [(place: Int, document: JSONObject)]
    ) throws(GoogleFailure) -> Reply {
        var next = template
        var like = template
        like.fingerprint = Fingerprint.of(call.query, names: names, extra: [template.topic])
        var first = 0
        if let text = call.query.nonEmpty("pageToken") {
            let cursor = try call.world.pageCursor(text, like: like)
            let place = cursor.page?.offset ?? 0
            first = items.firstIndex { $0.place >= place } ?? items.count
            next.sequence = cursor.sequence
        }
        let last = min(first + maxResults, items.count)
        let rows = items[first..<last].map(\.document)
        let etags = rows.compactMap { $0["etag"]?.string }.joined(separator: " ")
        var document: JSONObject = [
            "kind": .string(kind),
            "etag": .string(
                Fingerprint.etag("\(kind) \(version) \(call.request.query) \(etags)")),
        ]
        if last < items.count {
            next.fingerprint = like.fingerprint
            next.page = Cursor.Page(key: 0, offset: items[last].place)
            document["nextPageToken"] = .string(next.text)
        } else {
            document["nextSyncToken"] = .string(next.text)
        }
        document["items"] = .array(rows.map { .object($0) })
        return .json(document)
    }
}
