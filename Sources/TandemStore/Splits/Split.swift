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
    /// The edit of the earlier part that cut it.
    public var edit: Int64
    /// The edit of both.
    public let operation: OperationID

    /// Describes a split.
    public init(earlier: ResourceID, later: ResourceID, edit: Int64, operation: OperationID) {
        self.earlier = earlier
        self.later = later
        self.edit = edit
        self.operation = operation
    }
}
