import TandemCore

/// The rows that a simulation has to meet; the tables are those of `Documentation/Reliability.md`.
extension ReachCounters {
    private static let verbs = IntentVerb.allCases.map(\.rawValue)

    private static func ofWrites(_ faults: SimulatedFault...) -> [String] {
        faults.flatMap { fault in verbs.map { "\(fault.rawValue) of \($0)" } }
    }

    private static func ofReads(_ faults: SimulatedFault...) -> [String] {
        faults.flatMap { ["\($0.rawValue) of a page", "\($0.rawValue) of a look-up"] }
    }

    private static func ofAll(_ fault: SimulatedFault) -> [String] {
        ofWrites(fault) + ofReads(fault)
    }

    private static func row(_ table: String, _ name: String, _ counters: [String]) -> Row {
        Row(table: table, name: name, counters: counters, isOnDisk: name == oldCopy)
    }

    // MARK: What can fail

    /// Each signal that a connector can pass on.
    static let signals: [Row] = signalCounters.map { row("signals", $0.name, $0.counters) }

    /// The row that only worlds on a disk can meet.
    private static let oldCopy = "an old copy of a store"

    private typealias Named = (name: String, counters: [String])

    private static let signalCounters: [Named] = [
        ("no connection", ofAll(.unreached)),
        ("no valid certificate", ofAll(.untrusted)),
        (
            "a write without an answer",
            ofWrites(.requestLost, .answerLost, .answerLate, .serverError, .unreadable)
        ),
        ("a write that arrives twice", ofWrites(.duplicate)),
        ("a write whose answer says nothing", ofWrites(.answerEmpty)),
        ("a write whose answer speaks of something else", ofWrites(.answerMisled)),
        ("a write of which a part is not taken", ofWrites(.partNotTaken)),
        (
            "a read without an answer",
            ofReads(.requestLost, .answerLost, .answerLate, .unreadable, .serverError)
        ),
        ("the same page a second time", ofReads(.pageRepeated)),
        ("an empty page with more behind it", ofReads(.pageEmpty)),
        ("a last page without a cursor", ofReads(.cursorMissing)),
        ("a page that names a thing twice", ofReads(.itemTwice)),
        ("too fast", ofAll(.throttled)),
        ("too fast, with an order to wait", ofAll(.throttledLong)),
        ("a limit of hours", ofWrites(.quotaExceeded)),
        ("the day is used up", ofAll(.dailyLimitExceeded)),
        ("consent is gone", ofAll(.signInNeeded)),
        ("the program is refused", ofAll(.clientRefused)),
        ("a scope is missing", ofAll(.permissionMissing)),
        ("a write that is forbidden", ofWrites(.forbidden)),
        ("404 on a write", ofWrites(.notFound)),
        ("403 or 404 on a collection", ["forbidden of a page", "notFound of a page"]),
        ("410, deleted", ofWrites(.gone)),
        ("410, list everything", ["cursorExpired of a page"]),
        ("410 in the middle of a listing", ["cursor: lost midway"]),
        ("412", ofWrites(.preconditionFailed, .overtaken)),
        ("409", ofWrites(.alreadyExists)),
        ("400", ofWrites(.rejected)),
        ("an item that cannot be read", ["itemUnreadable of a page"]),
        ("an empty listing", ["listingEmpty of a page"]),
        ("a mass delete", ["deletes: held"]),
        ("a store that fails", ["store: failed"]),
        ("no room for an edit", ["edit: full"]),
        (oldCopy, ["store: restored"]),
        ("a clock that is set", ["clock: set"]),
        ("a program that ends before an effect", ["crash: before an effect"]),
        ("a program that ends after an effect", ["crash: after an effect"]),
    ]

    // MARK: How edits meet

    /// Each case of a conflict.
    static let cases: [Row] = caseCounters.map { row("cases", $0.name, $0.counters) }

    private static let keys: [String] = ["0", "1", "2"].flatMap { key in
        ["conflict: tags/k\(key)", "conflict: people/p\(key)@example.com"]
    }

    private static let caseCounters: [Named] = [
        ("both to the same value", ["clash: the same on both sides"]),
        ("different fields", ["clash: another part edited there"]),
        ("the same field", ["clash: the same part edited there"]),
        ("the same field is kept", ["conflict: title", "conflict: body", "conflict: other"]),
        ("the same unit is kept", ["conflict: time", "conflict: series"]),
        ("the same key is kept", keys),
        ("edit here, delete there", ["clash: edit here, delete there"]),
        ("edit here of guests, delete there", ["clash: edit here of guests, delete there"]),
        ("edit here, delete there, is kept", ["conflict: delete"]),
        ("delete here, edit there", ["clash: delete here, edit there"]),
        ("delete here is overruled", ["delete: overruled"]),
        ("delete on both sides", ["clash: delete here, delete there"]),
        ("alike from elsewhere, joined", ["deleted by adopted"]),
        ("not alike from elsewhere, set aside", ["set aside: namesake"]),
        ("a slot that is gone", ["conflict: slot"]),
        ("slots changed there, edit here", ["clash: edit here, slots there"]),
        ("a divided series", ["series: divided"]),
        ("moved here, edited there", ["clash: move here, edit there"]),
        ("moved here, deleted there", ["clash: move here, delete there"]),
        ("moved there, edited here", ["clash: edit here, move there"]),
        ("moved there, followed", ["moved, remote"]),
        ("not taken", ["conflict: not taken"]),
        ("settled by mine", ["settled: mine"]),
        ("settled by theirs", ["settled: theirs"]),
        ("settled by both", ["settled: both"]),
        ("settled by time", ["settled: moot"]),
        ("mine after all", ["settled: mine after all"]),
        ("hold released, from here", ["hold: released, push"]),
        ("hold released, from there", ["hold: released, pull"]),
        ("hold refused, from here", ["hold: refused, push"]),
        ("hold refused, from there", ["hold: refused, pull"]),
        ("edit taken back", ["edit: taken back"]),
        ("tried again", ["set aside: tried again"]),
        ("given up", ["set aside: given up"]),
    ]

    // MARK: Faults, and ends

    /// Each fault of reads and of writes, where it means something to them.
    static let faults: [Row] = {
        var rows: [Row] = []
        for fault in SimulatedFault.allCases {
            if fault.concernsReads {
                rows.append(row("faults", "\(fault.rawValue) of a read", ofReads(fault)))
            }
            if fault.concernsWrites {
                rows.append(row("faults", "\(fault.rawValue) of a write", ofWrites(fault)))
            }
        }
        return rows
    }()

    /// Each way in which look-ups, runs and changes end.
    static let ends: [Row] = endCounters.map { row("ends", $0, [$0]) }

    private static let endCounters = [
        "look-up: present", "look-up: absent", "look-up: a tombstone",
        "created, local", "created, remote", "updated, local", "updated, remote", "moved, local",
        "moved, remote", "deleted, local", "deleted, remote", "restored, remote",
        "deleted by operation", "deleted by tombstone", "deleted by sweep", "deleted by released",
        "edit: rests", "edit: unconfirmed", "edit: refused",
    ]
}
