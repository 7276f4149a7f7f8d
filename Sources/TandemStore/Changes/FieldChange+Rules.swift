public import LosslessJSON
public import TandemCore

extension FieldChange {
    /// What differs between two versions, part by part in the rules' order, then the members that
    /// no rule speaks of by name.
    ///
    /// Compared in canonical form, so that only real changes count; shown in raw values.
    ///
    /// - Parameters:
    ///   - before: The earlier version; `nil` where there was none.
    ///   - after: The later version; `nil` where there is none.
    ///   - rules: The rules of the kind.
    /// - Returns: One entry a part that differs.
    public static func between(
        _ before: JSON?, _ after: JSON?, rules: any KindRules
    ) -> [FieldChange] {
        let (old, new) = (before ?? [:], after ?? [:])
        let (oldForm, newForm) = (rules.canonical(old), rules.canonical(new))
        return rules.allFields(of: [oldForm, newForm])
            .filter { field in
                field.members.contains { oldForm[$0] != newForm[$0] }
            }
            .map {
                FieldChange(field: $0.name, before: $0.value(in: old), after: $0.value(in: new))
            }
    }

    /// The name under which a move tells of the place before and after.
    public static let placeName = "collection"

    /// What a move changes: the place, by our ids of the collections.
    public static func place(from left: CollectionID, to collection: CollectionID) -> FieldChange {
        FieldChange(
            field: placeName, before: .string(left.rawValue), after: .string(collection.rawValue))
    }
}
