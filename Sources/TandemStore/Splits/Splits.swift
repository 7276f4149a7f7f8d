import LosslessJSON
public import TandemCore

/// The series of a user that were divided here and that the provider did not take whole yet.
public struct Splits {
    let transaction: StoreTransaction

    private static let columns = "earlier_id, later_id, number, operation_id, before, cut"

    /// Notes that a series was divided.
    /// - Throws: ``StoreError`` with code `constraint` for an unknown resource, or a later part
    ///   that continues another series already.
    public func add(_ split: Split) throws {
        try transaction.gate.execute(
            """
            INSERT INTO splits (user_id, earlier_id, later_id, number, operation_id, before, cut)
            VALUES (?1, ?2, ?3, 1 + coalesce((
                SELECT max(number) FROM splits WHERE user_id = ?1 AND earlier_id = ?2), 0),
                ?4, ?5, ?6)
            """,
            [
                .word(split.earlier), .word(split.later), .word(split.operation),
                .json(split.before), .json(split.cut),
            ])
    }

    /// The splits whose earlier part a series is, oldest first.
    /// - Throws: ``StoreError``.
    public func cutting(_ earlier: ResourceID) throws -> [Split] {
        try transaction.gate.all(
            """
            SELECT \(Self.columns) FROM splits WHERE user_id = ?1 AND earlier_id = ?2
            ORDER BY number
            """,
            [.word(earlier)], decode)
    }

    /// The split whose later part a series is; `nil` where it is none's.
    /// - Throws: ``StoreError``.
    public func continuing(in later: ResourceID) throws -> Split? {
        try transaction.gate.first(
            "SELECT \(Self.columns) FROM splits WHERE user_id = ?1 AND later_id = ?2",
            [.word(later)], decode)
    }

    /// The splits that one edit made.
    /// - Throws: ``StoreError``.
    public func made(by operation: OperationID) throws -> [Split] {
        try transaction.gate.all(
            """
            SELECT \(Self.columns) FROM splits WHERE user_id = ?1 AND operation_id = ?2
            ORDER BY later_id
            """,
            [.word(operation)], decode)
    }

    /// Forgets a split: both parts stand on their own.
    /// - Throws: ``StoreError`` with code `notFound`.
    public func remove(_ split: Split) throws {
        try transaction.gate.change(
            "split", "DELETE FROM splits WHERE user_id = ?1 AND later_id = ?2",
            [.word(split.later)])
    }

    /// Whether the earlier part still has to be cut at its provider: its slots differ from those
    /// there, or a clash about them waits for a person.
    /// - Throws: ``StoreError``; ``TandemError`` with code `unknownKind`.
    public func isOpen(_ split: Split) throws -> Bool {
        guard let earlier = try transaction.resources.find(split.earlier),
            let later = try transaction.resources.find(split.later)
        else { return false }
        return try isOpen(split, between: earlier, and: later)
    }

    /// The same as ``isOpen(_:)``, of parts that were read already.
    /// - Throws: ``StoreError``; ``TandemError`` with code `unknownKind`.
    public func isOpen(
        _ split: Split, between earlier: StoredResource, and later: StoredResource
    ) throws -> Bool {
        guard earlier.deletedAt == nil, later.deletedAt == nil else { return false }
        guard let base = earlier.base, earlier.local != .deleted else { return true }
        let rules = try transaction.rulebook.rules(for: earlier.kind)
        if let live = earlier.live, !rules.haveSameSlots(base, live) { return true }
        return try !clashes(about: split, fields: rules.slotFields).isEmpty
    }

    /// The open splits whose earlier part a series is, each with its later part, oldest first.
    /// - Throws: ``StoreError``; ``TandemError`` with code `unknownKind`.
    public func open(
        cutting earlier: StoredResource
    ) throws -> [(split: Split, later: StoredResource)] {
        try cutting(earlier.id).compactMap { split in
            guard let later = try transaction.resources.find(split.later),
                try isOpen(split, between: earlier, and: later)
            else { return nil }
            return (split, later)
        }
    }

    /// The clashes about the earlier part's slots that came after it was cut, oldest first.
    /// - Throws: ``StoreError``; ``TandemError`` with code `unknownKind`.
    public func clashes(about split: Split) throws -> [ConflictRecord] {
        guard let earlier = try transaction.resources.find(split.earlier) else { return [] }
        let rules = try transaction.rulebook.rules(for: earlier.kind)
        return try clashes(about: split, fields: rules.slotFields)
    }

    private func clashes(about split: Split, fields: Set<String>) throws -> [ConflictRecord] {
        try transaction.conflicts.open(for: split.earlier).filter {
            fields.contains($0.field) && !$0.id.rawValue.isOlder(than: split.operation.rawValue)
        }
    }

    /// Forgets the splits of a series that the provider took; what a later part was divided into
    /// stays noted as long as that part itself may be taken back.
    ///
    /// To be called before anything that may open them again.
    /// - Returns: Those of the series that stay, oldest first.
    /// - Throws: ``StoreError``; ``TandemError`` with code `unknownKind`.
    @discardableResult
    public func forgetClosed(of earlier: ResourceID) throws -> [Split] {
        // Nearly every resource has none, so this first.
        let splits = try cutting(earlier)
        guard !splits.isEmpty else { return [] }
        if let split = try continuing(in: earlier), try isOpen(split) { return splits }
        return try splits.filter { split in
            guard try !isOpen(split) else { return true }
            try remove(split)
            try forgetClosed(of: split.later)
            return false
        }
    }

    private func decode(_ row: inout RowReader) throws -> Split {
        Split(
            earlier: try row.word(), later: try row.word(), number: Int(try row.integer()),
            operation: try row.word(), before: try row.optionalJSON() ?? [:],
            cut: try row.optionalJSON() ?? [:])
    }
}

extension String {
    /// Whether an id was made before another; ids begin with the moment, to the millisecond.
    fileprivate func isOlder(than other: String) -> Bool { prefix(10) < other.prefix(10) }
}
