import Foundation
import TandemFormats

/// The zone that times are read and shown in.
enum ViewerZone {
    /// The rules of a zone; `nil` where the system knows no such zone.
    static func named(_ name: String) -> ZoneRules? { try? ZoneRules.named(name) }

    /// UTC by its own name, which every calendar program knows.
    private static func plain(_ zone: ZoneRules) -> ZoneRules {
        ["Etc/UTC", "GMT", "Etc/GMT", "Zulu"].contains(zone.identifier) ? .utc : zone
    }

    /// The zone that was set, else the system's, else UTC.
    static func decide(_ name: String?, environment: [String: String]) -> ZoneRules {
        if let zone = name.flatMap(named) { return zone }
        let variable = environment["TZ"].map { $0.hasPrefix(":") ? String($0.dropFirst()) : $0 }
        if let variable, let zone = named(variable) { return plain(zone) }
        return named(TimeZone.current.identifier).map(plain) ?? .utc
    }
}
