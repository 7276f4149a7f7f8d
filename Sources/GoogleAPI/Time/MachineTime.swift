import Foundation

/// The machine's clock, for those who give no other.
enum MachineTime {
    /// The moment it is.
    @Sendable static func now() -> Date { Date() }
}
