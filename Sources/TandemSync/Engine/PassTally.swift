import TandemCore

/// What one pass counted.
struct PassTally: Hashable, Sendable {
    enum ListingDone: String, Hashable, Sendable { case none, delta, full }

    var listing = ListingDone.none
    var requests = 0
    /// What the pages named so far, changed or not.
    var read = 0
    /// How much a full listing will name by what is known here; `nil` where nothing is.
    var expected: Int?
    var pulled = ChangeCounts()
    var pushed = ChangeCounts()
    var conflicts = 0
    var quarantined = 0
    var held = 0
    var unconfirmed = 0
    /// Writes that the last plan left for the next.
    var remaining = 0
    /// Edits that wait although the pass ended: they rest, or may not be written.
    var parked = 0
    /// Deletes made here that somebody else's edits overruled.
    var broughtBack: [BroughtBack] = []

    mutating func add(_ page: PageSummary) {
        read += page.read
        pulled += page.pulled
        conflicts += page.conflicts
        quarantined += page.quarantined
        broughtBack += page.broughtBack
        parked = page.unsent
    }

    mutating func add(_ summary: DeleteSummary) {
        pulled.deleted += summary.deleted
        held += summary.held
        conflicts += summary.conflicts
    }

    mutating func add(_ summary: SettleSummary) {
        pushed += summary.pushed
        broughtBack += summary.broughtBack
        conflicts += summary.conflicts
        quarantined += summary.quarantined
    }
}

extension RemoteError {
    /// Whether the same request may work in a while.
    var isWorthAnotherTry: Bool {
        [.offline, .transient, .throttled, .unknownOutcome].contains(code)
    }

    /// Whether a whole collection is out of reach.
    var isRefusalOfCollection: Bool { [.notFound, .forbidden, .gone].contains(code) }

    /// Whether no other request of the account has a chance now.
    var stopsAccount: Bool {
        [
            .signInNeeded, .clientRefused, .permissionMissing, .dailyLimitExceeded, .untrusted,
            .cancelled,
        ].contains(code)
    }
}
