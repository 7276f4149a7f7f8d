import LosslessJSON
import TandemCore
import TandemStore

/// Says what became of each item that went over the wire, without asking the connector.
struct WireJudge {
    enum Fate: Hashable {
        /// It is the stored version of what it names, byte for byte.
        case stored
        /// It lies aside with a reason.
        case aside
        /// It says that what it names is gone.
        case deleted
        /// Another item behind it speaks of the same thing.
        case overtaken
        /// It is nowhere.
        case lost
    }

    private let stored: [[UInt8]: [UInt8]]
    private let aside: Set<[UInt8]>
    /// Where each name stands last.
    private let last: [[UInt8]: Int]
    private let served: [[UInt8]]

    init(_ served: [[UInt8]], rows: [StoredResource], asides: [QuarantineRecord]) {
        self.served = served
        // Names are told apart by their bytes; texts that look alike are equal in Swift.
        var stored: [[UInt8]: [UInt8]] = [:]
        for row in rows {
            guard let name = row.remoteID else { continue }
            stored[Array(name.rawValue.utf8)] = row.baseBytes
        }
        self.stored = stored
        aside = Set(asides.filter { $0.reason.hasSuffix(".") }.map { Array($0.raw.utf8) })
        var last: [[UInt8]: Int] = [:]
        for (place, item) in served.enumerated() {
            guard let name = Self.name(of: Self.read(item)) else { continue }
            last[name] = place
        }
        self.last = last
    }

    func fate(_ place: Int) -> Fate {
        let item = served[place]
        if aside.contains(Array(String(decoding: item, as: UTF8.self).utf8)) { return .aside }
        let json = Self.read(item)
        guard let name = Self.name(of: json) else { return .lost }
        if stored[name] == item { return .stored }
        if Self.isDeletion(json) { return .deleted }
        return last[name] == place ? .lost : .overtaken
    }

    private static func read(_ item: [UInt8]) -> JSON? {
        do throws(JSONError) { return try JSON(parsing: item) } catch {
            // What is no JSON can only lie aside.
            return nil
        }
    }

    private static func name(of item: JSON?) -> [UInt8]? {
        guard let id = item?["id"]?.string, !id.isEmpty else { return nil }
        return Array(id.utf8)
    }

    /// - SeeAlso: Google Calendar API reference, "Events", `status`.
    private static func isDeletion(_ item: JSON?) -> Bool {
        item?["status"] == "cancelled" && (item?["recurringEventId"]?.string ?? "").isEmpty
    }
}
