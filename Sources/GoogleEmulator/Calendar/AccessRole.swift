/// What somebody may do with a calendar, from nothing to everything.
///
/// - SeeAlso: Google Calendar API reference, "Acl", property `role`.
enum AccessRole: String, Comparable, CaseIterable {
    case none
    case freeBusyReader
    case reader
    case writerWithoutPrivateAccess
    case writer
    case owner

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}
