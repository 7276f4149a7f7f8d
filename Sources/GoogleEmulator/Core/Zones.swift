import TandemFormats

/// Time zones by name, without an error where a missing one is no failure.
enum Zones {
    /// The rules of an IANA zone; `nil` when there is none of that name.
    static func rules(_ identifier: String) -> ZoneRules? {
        do { return try ZoneRules.named(identifier) } catch { return nil }
    }
}
