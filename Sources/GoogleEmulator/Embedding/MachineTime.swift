import Foundation

/// The machine's clock, for those who give no other.
enum MachineTime {
    /// Milliseconds since 1970.
    @Sendable static func now() -> Int64 {
        Int64((Date().timeIntervalSince1970 * 1000).rounded(.down))
    }
}
