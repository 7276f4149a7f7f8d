import LosslessJSON
import TandemCore

/// How a resource becomes a row and back.
enum ResourceRow {
    /// The columns in the order in which ``decode(_:)`` reads them, of a table named `r`.
    static let columns = """
        r.id, r.account_id, r.collection_id, r.kind, r.remote_id, r.etag, r.local_state, \
        r.edit_number, r.acknowledged_edit, r.send_updates, r.operation_id, r.run_id, r.hold, \
        r.parked_until, r.push_rounds, r.moved_from, r.pending_delete, r.pending_run, \
        r.missing_since, r.generation, r.deleted_at, r.span_start, r.span_end, r.is_series, \
        r.series_remote_id, r.slot, r.is_cancelled, r.global_id, r.title, r.base, r.local
        """

    static let insertion = """
        INSERT INTO resources (user_id, id, account_id, kind, collection_id, remote_id, etag,
        local_state, is_dirty, is_shown, edit_number, acknowledged_edit, send_updates,
        operation_id, run_id, hold, parked_until, push_rounds, moved_from, pending_delete,
        pending_run, missing_since, generation, deleted_at, span_start, span_end, is_series,
        series_remote_id, slot, is_cancelled, global_id, title, words, base, local)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
        ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35)
        """

    static let update = """
        UPDATE resources SET account_id = ?3, kind = ?4, collection_id = ?5, remote_id = ?6,
        etag = ?7, local_state = ?8, is_dirty = ?9, is_shown = ?10, edit_number = ?11,
        acknowledged_edit = ?12, send_updates = ?13, operation_id = ?14, run_id = ?15, hold = ?16,
        parked_until = ?17, push_rounds = ?18, moved_from = ?19, pending_delete = ?20,
        pending_run = ?21, missing_since = ?22, generation = ?23, deleted_at = ?24,
        span_start = ?25, span_end = ?26, is_series = ?27, series_remote_id = ?28, slot = ?29,
        is_cancelled = ?30, global_id = ?31, title = ?32, words = ?33, base = ?34, local = ?35
        WHERE user_id = ?1 AND id = ?2
        """

    /// The short form of a row that a first listing adds: no edit, no hold, no conflict.
    ///
    /// A row that is there already, as when a page comes twice, is left as it is.
    static let baseInsertion = """
        INSERT INTO resources (user_id, id, account_id, kind, collection_id, remote_id, etag,
        local_state, is_dirty, is_shown, edit_number, acknowledged_edit, send_updates,
        push_rounds, generation, span_start, span_end, is_series, series_remote_id, slot,
        is_cancelled, global_id, title, words, base)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, 1 - ?14, 0, 0, 'none', 0, ?8, ?9, ?10, ?11, ?12,
        ?13, ?14, ?15, ?16, ?17, ?18)
        ON CONFLICT (user_id, collection_id, remote_id) DO NOTHING
        """

    /// The arguments of ``insertion`` and ``update`` behind the user.
    static func arguments(of resource: StoredResource, projection: Projection) -> [SQLValue] {
        let isShown =
            resource.deletedAt == nil && resource.local != .deleted && !projection.isCancelled
        var now = resource
        now.projection = projection
        var arguments: [SQLValue] = [
            .word(resource.id), .word(resource.account), .word(resource.kind),
            .word(resource.collection), .word(resource.remoteID), .word(resource.etag),
            .integer(resource.local.number), .flag(now.isDirty), .flag(isShown),
            .integer(resource.editNumber), .integer(resource.acknowledgedEdit),
            .word(resource.sendUpdates), .word(resource.operation), .word(resource.run),
            .word(resource.hold), .moment(resource.parkedUntil),
            .integer(Int64(resource.pushRounds)), .word(resource.movedFrom),
            .word(resource.pendingDelete?.cause), .word(resource.pendingDelete?.run),
            .moment(resource.missingSince), .integer(resource.generation),
            .moment(resource.deletedAt),
        ]
        arguments += Self.arguments(of: projection)
        arguments += [.optional(resource.baseBytes), .json(resource.local.edited)]
        return arguments
    }

    /// The arguments for the columns from `span_start` to `words`.
    static func arguments(of projection: Projection) -> [SQLValue] {
        [
            .optional(projection.span?.lowerBound), .optional(projection.span?.upperBound),
            .flag(projection.isSeries), .word(projection.exception?.series),
            .optional(projection.exception?.slot), .flag(projection.isCancelled),
            .optional(projection.globalID), .text(projection.title),
            .text(projection.searchText),
        ]
    }

    static func decode(_ row: inout RowReader) throws -> StoredResource {
        var resource = StoredResource(
            id: try row.word(), account: try row.word(), collection: try row.word(),
            kind: try row.word())
        resource.remoteID = try row.optionalWord()
        resource.etag = try row.optionalWord()
        let localState = try row.integer()
        resource.editNumber = try row.integer()
        resource.acknowledgedEdit = try row.integer()
        resource.sendUpdates = try row.word()
        resource.operation = try row.optionalWord()
        resource.run = try row.optionalWord()
        resource.hold = try row.optionalWord()
        resource.parkedUntil = row.optionalMoment()
        resource.pushRounds = Int(try row.integer())
        resource.movedFrom = try row.optionalWord()
        let (pendingCause, pendingRun) = (row.optionalText(), row.optionalText())
        resource.pendingDelete = try pendingDelete(cause: pendingCause, run: pendingRun)
        resource.missingSince = row.optionalMoment()
        resource.generation = try row.integer()
        resource.deletedAt = row.optionalMoment()
        resource.projection = try decodeProjection(&row)
        if let bytes = row.optionalBytes() { try resource.setBase(bytes: bytes) }
        resource.local = try LocalVersion(number: localState, edited: row.optionalJSON())
        return resource
    }

    private static func decodeProjection(_ row: inout RowReader) throws -> Projection {
        let (start, end) = (row.optionalInteger(), row.optionalInteger())
        let isSeries = try row.flag()
        let (series, slot) = (row.optionalText(), row.optionalText())
        let isCancelled = try row.flag()
        let globalID = row.optionalText()
        var projection = Projection(
            title: try row.text(), isSeries: isSeries, isCancelled: isCancelled,
            globalID: globalID)
        if let start, let end, start <= end { projection.span = start..<end }
        if let series, let slot {
            projection.exception = ExceptionLink(series: RemoteID(rawValue: series), slot: slot)
        }
        return projection
    }

    private static func pendingDelete(
        cause: String?, run: String?
    ) throws(StoreError) -> PendingDelete? {
        guard let cause, let run else { return nil }
        guard let cause = PendingDelete.Cause(rawValue: cause) else {
            throw StoreError.corruptRow("pending delete")
        }
        return PendingDelete(cause: cause, run: RunID(rawValue: run))
    }
}

extension LocalVersion {
    /// The number it is stored as.
    fileprivate var number: Int64 {
        switch self {
        case .unchanged: 0
        case .edited: 1
        case .deleted: 2
        }
    }

    /// The version it was edited into; `nil` for the others.
    var edited: JSON? {
        guard case .edited(let json) = self else { return nil }
        return json
    }

    fileprivate init(number: Int64, edited: JSON?) throws(StoreError) {
        switch (number, edited) {
        case (0, nil): self = .unchanged
        case (1, .some(let json)): self = .edited(json)
        case (2, nil): self = .deleted
        default: throw StoreError.corruptRow("local version")
        }
    }
}
