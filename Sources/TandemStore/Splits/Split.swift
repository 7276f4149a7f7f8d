public import LosslessJSON
public import TandemCore

/// A series that was divided here: its earlier part keeps its name, its later part is a new series.
///
/// Both parts are one edit. Until the provider took both, neither may be given up alone: the
/// instances behind the cut would be there twice, or not at all.
public struct Split: Hashable, Sendable {
    /// The series that was cut.
    public let earlier: ResourceID
    /// The series that goes on behind the cut.
    public let later: ResourceID
    /// Which cut of the earlier part it is; a later one was made in what this one had left.
    public let number: Int
    /// The edit that made it.
    public let operation: OperationID
    /// What decided on the earlier part's slots before the cut: values by the names of the rules'
    /// ``TandemCore/KindRules/slotFields``.
    public let before: JSON
    /// What decides on them since.
    public let cut: JSON

    /// Describes a split by the earlier part's versions before and after it; the store numbers it.
    public init(
        of earlier: StoredResource, before: JSON, cut: JSON, later: ResourceID,
        operation: OperationID, rules: any KindRules
    ) {
        self.init(
            earlier: earlier.id, later: later, number: 0, operation: operation,
            before: rules.slots(of: before), cut: rules.slots(of: cut))
    }

    init(
        earlier: ResourceID, later: ResourceID, number: Int, operation: OperationID, before: JSON,
        cut: JSON
    ) {
        self.earlier = earlier
        self.later = later
        self.number = number
        self.operation = operation
        self.before = before
        self.cut = cut
    }
}

extension KindRules {
    /// What decides on a series' slots: values by the names of ``TandemCore/KindRules/slotFields``.
    func slots(of series: JSON) -> JSON {
        var slots = JSONObject()
        for field in fields where slotFields.contains(field.name) {
            slots[field.name] = field.value(in: series)
        }
        return .object(slots)
    }

    /// The series with what decides on its slots put into it, in the form of a ``Split``.
    public func putting(slots: JSON, into series: JSON) -> JSON {
        var series = series
        for field in fields where slotFields.contains(field.name) {
            field.put(slots[field.name], into: &series)
        }
        return series
    }

    /// Whether two versions of a series have the same slots.
    public func haveSameSlots(_ left: JSON, _ right: JSON) -> Bool {
        slots(of: canonical(left)) == slots(of: canonical(right))
    }
}
