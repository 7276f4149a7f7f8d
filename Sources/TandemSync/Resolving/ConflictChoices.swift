import LosslessJSON
public import TandemCore
public import TandemStore

/// What a person can choose about a conflict, and why not the rest.
///
/// Valid only within the transaction it was made in.
public struct ConflictChoices {
    private let store: StoreTransaction

    /// Looks in the transaction's store.
    public init(_ transaction: StoreTransaction) { store = transaction }

    /// The choices that can be made now.
    /// - Throws: `StoreError`.
    public func choices(for conflict: ConflictRecord) throws -> [ConflictResolution] {
        try [.mine, .theirs, .both].filter { try obstacle(to: $0, of: conflict) == nil }
    }

    /// What stands against a choice, and what can be done instead; `nil` where nothing does.
    /// - Throws: `StoreError`.
    public func obstacle(
        to choice: ConflictResolution, of conflict: ConflictRecord
    ) throws -> TandemError? {
        guard let row = try store.resources.find(conflict.resource) else {
            return TandemError(
                .notFound, "The item '\(conflict.resource)' is not in the store any more.",
                remedy: Self.lookUp(conflict))
        }
        guard conflict.resolvedAt == nil else {
            return choice == .mine
                ? try obstacle(toBringingBack: conflict, row) : try isSettled(conflict, row)
        }
        guard choice == .mine || choice == .both else { return nil }
        if Self.isAboutField(conflict), row.live == nil { return Self.isGone(row, conflict) }
        if choice == .mine { return try refusal(of: conflict, row) }
        return try isCut(conflict, row) ? Self.cannotKeepBoth : nil
    }

    /// Why the provider may not take the value from here, though it was not asked yet; `nil` where
    /// nothing is known against it.
    /// - Throws: `StoreError`.
    public func doubt(about conflict: ConflictRecord) throws -> Refusal? {
        guard conflict.resolvedAt == nil, conflict.refusal == nil,
            let row = try store.resources.find(conflict.resource)
        else { return nil }
        return try expectedRefusal(of: conflict, row)
    }

    /// Whether it is about a part, and not about all of an item.
    private static func isAboutField(_ conflict: ConflictRecord) -> Bool {
        conflict.field != ConflictRecord.delete && conflict.field != ConflictRecord.slot
    }

    private static func isGone(
        _ row: StoredResource, _ conflict: ConflictRecord
    ) -> TandemError {
        let waits = row.isDirty ? "Bring it back first: tandem queue drop \(row.id)\n" : ""
        return TandemError(
            .notFound, "The item is deleted, so it has no such part any more.",
            remedy: waits + lookUp(conflict))
    }

    // MARK: Whose it is

    /// What the provider refused once it refuses again, unless it is ours to change by now.
    private func refusal(
        of conflict: ConflictRecord, _ row: StoredResource
    ) throws -> TandemError? {
        guard conflict.refusal != nil, let refusal = try expectedRefusal(of: conflict, row) else {
            return nil
        }
        return TandemError(
            .denied, "\(refusal.reason), so your value would be refused again.",
            remedy: "Leave it as it is: tandem conflicts resolve \(conflict.id) --use theirs\n"
                + "Keep yours as an item of its own: tandem conflicts resolve \(conflict.id) "
                + "--use both")
    }

    private func expectedRefusal(
        of conflict: ConflictRecord, _ row: StoredResource
    ) throws -> Refusal? {
        guard Self.isAboutField(conflict), var edited = row.live else { return nil }
        try store.rulebook.rules(for: row.kind)
            .put(conflict.mine, at: conflict.field, into: &edited)
        guard let refusal = try store.refusal(of: edited, for: row) else { return nil }
        // A key of a field stands behind its name and a slash.
        let name = conflict.field.split(separator: "/").first.map(String.init) ?? ""
        return refusal.fields.contains(name) ? refusal : nil
    }

    // MARK: Divided series

    private static let cannotKeepBoth = TandemError(
        .invalid, "The series is divided here, so its two forms cannot both be kept.",
        remedy: "tandem conflicts resolve ID --use mine, or --use theirs")

    /// Whether the conflict is about where a series is cut that was divided here.
    private func isCut(_ conflict: ConflictRecord, _ row: StoredResource) throws -> Bool {
        let divided = try store.splits.cutting(row.id).first(where: store.splits.isOpen)
        return try divided.map(store.splits.clashes)?.contains { $0.id == conflict.id } ?? false
    }

    // MARK: Settled conflicts

    private func isSettled(
        _ conflict: ConflictRecord, _ row: StoredResource
    ) throws -> TandemError {
        let hasWayBack =
            try conflict.resolution != .mine
            && obstacle(toBringingBack: conflict, row) == nil
        return TandemError(
            .notFound, "The conflict '\(conflict.id)' is settled already.",
            remedy: hasWayBack
                ? "Your value after all: tandem conflicts resolve \(conflict.id) --use mine"
                : Self.lookUp(conflict))
    }

    /// The value from here can be had again where it still has a place.
    private func obstacle(
        toBringingBack conflict: ConflictRecord, _ row: StoredResource
    ) throws -> TandemError? {
        switch conflict.field {
        case ConflictRecord.delete where conflict.mine == nil:
            // Yours was to delete it; their edit overruled that.
            return row.live == nil || row.projection.isCancelled ? Self.isDeleted(conflict) : nil
        case ConflictRecord.delete:
            // Of a series an instance that they cancelled is there, but does not happen.
            return row.live == nil || row.projection.isCancelled ? nil : Self.isThere(conflict)
        case ConflictRecord.slot:
            let isKept = [.mine, .both].contains(conflict.resolution)
            return row.live == nil && conflict.mine != nil && !isKept ? nil : Self.isThere(conflict)
        default:
            guard row.live != nil, !row.projection.isCancelled else {
                return Self.isGone(row, conflict)
            }
            return try isCutNoMore(conflict, row)
                ? Self.isWhole(conflict) : try refusal(of: conflict, row)
        }
    }

    private static func isDeleted(_ conflict: ConflictRecord) -> TandemError {
        TandemError(
            .invalid, "Yours was to delete it, and it is deleted.", remedy: lookUp(conflict))
    }

    private static func isThere(_ conflict: ConflictRecord) -> TandemError {
        TandemError(
            .invalid, "There is nothing to bring back: what was edited here is not lost.",
            remedy: lookUp(conflict))
    }

    private static func isWhole(_ conflict: ConflictRecord) -> TandemError {
        TandemError(
            .invalid,
            "Your value divided the series, and the later part was given up since; alone it would drop "
                + "those instances.",
            remedy: "Divide it anew: tandem events edit ID_INSTANCE --scope following\n"
                + lookUp(conflict))
    }

    /// Whether the value from here cut a series that was divided here, and is so no longer: the
    /// value alone would take the later instances away.
    private func isCutNoMore(
        _ conflict: ConflictRecord, _ row: StoredResource
    ) throws -> Bool {
        let rules = try store.rulebook.rules(for: row.kind)
        guard rules.slotFields.contains(conflict.field),
            let field = rules.fields.first(where: { $0.name == conflict.field }),
            row.live.flatMap(field.value) != conflict.mine
        else { return false }
        for entry in try store.changes.list(resource: row.id) {
            guard let operation = entry.operation, let after = entry.after,
                field.value(in: after) == conflict.mine
            else { continue }
            let others = try store.changes.list(operation: operation)
            let isDivision = others.contains { other in
                other.verb == .created && other.resource != row.id
                    && other.after.map { rules.projection(of: $0).isSeries } == true
            }
            if isDivision { return true }
        }
        return false
    }

    private static func lookUp(_ conflict: ConflictRecord) -> String {
        "Both values: tandem conflicts show \(conflict.id)"
    }
}
