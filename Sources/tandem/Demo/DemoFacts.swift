import LosslessJSON
import TandemSync

/// What really happened in a demonstration.
struct DemoFacts: Sendable {
    var url: String
    var account: JSON = .null
    var calendars = 0
    var events = 0
    var first: SyncSummary?
    var edits: [JSON] = []
    var colleague: [JSON] = []
    var second: SyncSummary?
    var merged: [JSON] = []
    var conflicts: [JSON] = []
    var settled: [JSON] = []
    var settling: SyncSummary?
    var agenda: [JSON] = []
    var third: SyncSummary?
    var mails = 0

    /// Everything as one document.
    var json: JSON {
        [
            "conflicts": .number(JSONNumber(conflicts.count)),
            "settled": .number(JSONNumber(settled.count)),
            "thirdSyncWrites": third.map { .number(JSONNumber($0.writes)) } ?? .null,
            "mails": .number(JSONNumber(mails)), "url": .string(url), "account": account,
            "calendars": .number(JSONNumber(calendars)), "events": .number(JSONNumber(events)),
            "firstSync": first?.json ?? .null, "edits": .array(edits),
            "colleague": .array(colleague), "secondSync": second?.json ?? .null,
            "merged": .array(merged), "conflictItems": .array(conflicts),
            "settlements": .array(settled), "settlingSync": settling?.json ?? .null,
            "agenda": .array(agenda), "thirdSync": third?.json ?? .null,
        ]
    }
}
