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

    /// The zone that was set, else the one that `TZ` names, else the system's, else UTC.
    ///
    /// - Parameters:
    ///   - name: What was set.
    ///   - environment: The process' environment variables.
    ///   - isChecked: Whether `TZ` has to make sense; else what does not counts as left out.
    /// - Returns: The zone.
    /// - Throws: ``CommandFailure`` with exit `configuration` where `TZ` names no zone: other times
    ///   than were meant would be shown, and written.
    static func decide(
        _ name: String?, environment: [String: String], isChecked: Bool
    ) throws(CommandFailure) -> ZoneRules {
        if let zone = name.flatMap(named) { return zone }
        let said = environment["TZ"] ?? ""
        let variable = said.hasPrefix(":") ? String(said.dropFirst()) : said
        if let zone = zone(ofVariable: variable) { return plain(zone) }
        guard variable.isEmpty || variable == "/etc/localtime" || !isChecked else {
            throw unknown(said)
        }
        return system().map(plain) ?? .utc
    }

    /// The system's zone, by the link that nearly every system names it with; Foundation knows more
    /// ways, but for each it loads what it knows of all zones.
    private static func system() -> ZoneRules? {
        let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/etc/localtime")
        return link.flatMap(zone(atPath:)) ?? named(TimeZone.current.identifier)
    }

    /// The zone whose file lies at a path below a folder `zoneinfo`.
    private static func zone(atPath path: String) -> ZoneRules? {
        let parts = path.split(separator: "/")
        guard let folder = parts.firstIndex(of: "zoneinfo"), folder > 0 || path.hasPrefix("/")
        else { return nil }
        return named(parts[(folder + 1)...].joined(separator: "/"))
    }

    /// A zone as `TZ` names it: by its name, by its file, or UTC in one of POSIX' spellings.
    private static func zone(ofVariable text: String) -> ZoneRules? {
        guard !text.isEmpty else { return nil }
        if let zone = named(text) { return zone }
        if text.wholeMatch(of: /(?i)(utc|gmt)([+-]?0+)?/) != nil { return .utc }
        return zone(atPath: text)
    }

    private static func unknown(_ text: String) -> CommandFailure {
        let shown = TerminalText.cut(TerminalText.oneLine(text), to: 60)
        var why = "no time zone that is known here"
        do { _ = try ZoneRules.named("Europe/Paris") } catch {
            why = "no time zone that is known here: \(error.message)"
        }
        if why.hasSuffix(".") { why.removeLast() }
        return CommandFailure(
            .configuration, code: "timeZone", "The variable TZ says '\(shown)', which is \(why).",
            remedy: "Set TZ to a name such as Europe/Paris, or tell Tandem alone:\n"
                + "tandem config set time-zone Europe/Paris")
    }
}
