/// One thing that happens in a simulated world whose provider is a Google.
///
/// Whom or what it concerns is a number that is taken modulo how many there are, so that an action
/// means something in whatever world it is repeated; where there is nothing it could concern, it
/// does nothing.
public enum GoogleAction: Codable, Hashable, Sendable {
    /// A person at a replica makes an event.
    case create(replica: Int, calendar: Int, shape: EventShape, token: Int)
    /// A person at a replica changes one part of an event, of an instance, or of more of a series.
    case edit(replica: Int, event: Int, slot: Slot?, part: EventPart, token: Int)
    /// A person at a replica deletes an event, an instance, or more of a series.
    case delete(replica: Int, event: Int, slot: Slot?)
    /// A person at a replica moves an event or a whole series into another calendar.
    case move(replica: Int, event: Int, calendar: Int)
    /// A person at a replica answers an invitation.
    case answer(replica: Int, event: Int, accepts: Bool)
    /// A person at a replica settles a conflict.
    case resolve(replica: Int, conflict: Int, mine: Bool)
    /// A person at a replica decides about deletes that were held.
    case decide(replica: Int, hold: Int, releases: Bool)
    /// The same person makes an event in Google's own pages.
    case webCreate(calendar: Int, shape: EventShape, token: Int)
    /// The same person changes an event, or one instance, in Google's own pages.
    case webEdit(event: Int, slot: Int?, part: EventPart, token: Int)
    /// The same person deletes an event, or one instance, in Google's own pages.
    case webDelete(event: Int, slot: Int?)
    /// The same person moves an event in Google's own pages.
    case webMove(event: Int, calendar: Int)
    /// Somebody else invites the account's owner.
    case invite(shape: EventShape, token: Int)
    /// Somebody else changes an event of theirs.
    case changeInvitation(event: Int, part: EventPart, token: Int)
    /// Somebody else calls an event of theirs off.
    case withdraw(event: Int)
    /// Events get other etags.
    case churn
    /// Google forgets where every client was.
    case expireCursors
    /// Access tokens end before their time.
    case expireTokens
    /// A replica begins a run.
    case sync(replica: Int, full: Bool)
    /// One thing that a replica's run wants is done, or meets a fault.
    case deliver(replica: Int, effect: Int, fault: GoogleFault?)
    /// The same, and its program ends before it learns so.
    case deliverAndCrash(replica: Int, effect: Int)
    /// A replica's program ends at once, and is started anew.
    case crash(replica: Int)
    /// A request that was on its way for long arrives.
    case arrive(Int)
    /// Time passes, for everybody.
    case pass(seconds: Int)

    /// One instance of a series, and how much is meant by it.
    public struct Slot: Codable, Hashable, Sendable {
        /// Which of the series' starts.
        public var number: Int
        /// How much of the series is meant.
        public var reach: Reach
    }

    /// How much of a series is meant.
    public enum Reach: String, Codable, Hashable, Sendable, CaseIterable {
        /// One instance.
        case this
        /// It and all behind it.
        case following
        /// All of it.
        case all
    }
}

/// What sort of event is made.
public enum EventShape: String, Codable, Hashable, Sendable, CaseIterable {
    /// An hour on one day.
    case single
    /// A whole day.
    case day
    /// An hour on four Mondays.
    case series
    /// An hour with a guest.
    case meeting
}

/// A part of an event, by how it merges.
public enum EventPart: String, Codable, Hashable, Sendable, CaseIterable {
    /// Its title.
    case summary
    /// Where it is.
    case location
    /// What else is said of it.
    case description
    /// One private property.
    case property
    /// When it is.
    case time
    /// Who is invited besides.
    case guest
    /// A colour of one's own.
    case colour
}

/// What can go wrong with one request of a run, between it and Google.
public enum GoogleFault: String, Codable, Hashable, Sendable, CaseIterable {
    /// Nobody can be reached.
    case unreachable
    /// Nothing reached Google, as far as anybody can tell.
    case requestLost
    /// Google did it, and nobody was told.
    case answerLost
    /// Google does it much later, after everybody gave up.
    case answerLate
    /// It reached Google twice.
    case duplicate
    /// The answer ends in its middle.
    case cutShort
    /// The answer is 200 and bytes that nobody can read.
    case garbage
    /// The answer is 200 and a page for people, as from a hotel's network.
    case portal
    /// 503, and nothing was done.
    case failedBefore
    /// 500, and it was done.
    case failedAfter
    /// 401, whatever is tried: the grant is gone.
    case signedOut
    /// 403: too fast.
    case rateLimited
    /// 429 with an order to wait.
    case rateLimitedLong
    /// 403: a limit of hours.
    case quotaExceeded
    /// 403: the day is used up.
    case dailyLimitExceeded
    /// 403: not yours.
    case forbidden
    /// 403: the grant lacks a scope.
    case insufficientPermissions
    /// 403: the project lacks the API.
    case accessNotConfigured
    /// 404 of a thing that is there.
    case notFound
    /// 409 of an id that is free.
    case duplicateID
    /// 409: two writes met.
    case writesMet
    /// 410: list everything again.
    case fullSyncRequired
    /// 412 of a thing that nobody changed.
    case conditionNotMet
    /// 413: too large.
    case tooLarge
    /// The page before comes again.
    case pageAgain
    /// An empty page stands before the one that was asked for.
    case pageEmpty
    /// The listing leads round in a circle.
    case pageCircle
    /// The last page lacks its cursor.
    case pageWithoutCursor
    /// A page lacks its events.
    case pageWithoutItems
    /// An event of a page can be read by nobody.
    case pageWithBadItem
    /// Somebody changes what is being written just before it arrives.
    case overtaken
    /// The store fails: the disk is full, or broken.
    case storeFailed
}
