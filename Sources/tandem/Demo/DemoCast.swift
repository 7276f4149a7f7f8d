import LosslessJSON
import TandemActions
import TandemCore
import TandemFormats
import TandemStore

/// The events of the sample account that the demonstration plays with.
struct DemoCast: Sendable {
    /// Gets another place.
    var edited: AgendaEntry
    /// One instance of a series, moved by an hour.
    var moved: AgendaEntry
    /// Is deleted.
    var deleted: AgendaEntry
    /// An invitation that waits for an answer.
    var invitation: AgendaEntry
    /// Its place is changed on both sides.
    var clash: AgendaEntry
    /// Its place is changed here, its title there.
    var merged: AgendaEntry
    /// Is deleted there.
    var dropped: AgendaEntry
    /// The calendar that both may write.
    var shared: RemoteCollection
    /// The account's own private calendar.
    var own: RemoteCollection

    /// Picks the events by what they are like.
    ///
    /// - Throws: ``CommandFailure`` where the sample lacks one.
    init(_ transaction: StoreTransaction, zone: ZoneRules) throws {
        let now = transaction.environment.now().seconds
        let window = try AgendaWindow(from: now + 86_400, to: now + 300 * 86_400, zone: zone)
        let calendars = try transaction.collections.list().filter { $0.kind == .event }
        func calendar(_ name: String) throws -> RemoteCollection {
            try Self.found(calendars.first { $0.name == name }, "a calendar named \(name)")
        }
        let agenda = try Agenda.read(window, of: calendars, in: transaction)
        let (home, team) = (try calendar("Home"), try calendar("Team"))
        own = home
        shared = team
        let atHome = agenda.entries.filter { $0.resource.collection == home.id && $0.isPlain }
        let inTeam = agenda.entries.filter {
            $0.resource.collection == team.id && $0.isPlain
        }
        edited = try Self.found(atHome.first, "an event at home")
        deleted = try Self.found(atHome.dropFirst().first, "a second event at home")
        let timed = inTeam.filter { !$0.isAllDay }
        clash = try Self.found(timed.first, "an event of the team")
        merged = try Self.found(timed.dropFirst().first, "a second event of the team")
        dropped = try Self.found(inTeam.first { $0.isAllDay }, "a day of the team")
        moved = try Self.found(
            agenda.entries.first {
                $0.resource.projection.isSeries && $0.data["summary"] == "Stand-up"
            }, "a stand-up")
        invitation = try Self.found(
            agenda.entries.first { $0.waitsForAnswer && !$0.resource.projection.isSeries },
            "an invitation")
    }

    private static func found<Value>(
        _ value: Value?, _ what: String
    ) throws(CommandFailure) -> Value {
        guard let value else {
            throw CommandFailure(
                .other, code: "sample", "The sample account lacks \(what) in the coming months.")
        }
        return value
    }
}

extension AgendaEntry {
    /// Whether it is a single event that one may change.
    fileprivate var isPlain: Bool {
        !resource.projection.isSeries && resource.projection.exception == nil
            && data["attendees"] == nil
    }

    /// Whether one was invited and has not answered.
    fileprivate var waitsForAnswer: Bool {
        (data["attendees"]?.array ?? []).contains {
            $0["self"]?.bool == true && $0["responseStatus"]?.string == "needsAction"
        }
    }

    /// What a person calls it.
    var title: String { ItemText.title(data) }
}
