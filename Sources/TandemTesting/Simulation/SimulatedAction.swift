/// One thing that happens in a simulated world.
///
/// Whom or what it concerns is a number that is taken modulo how many there are, so that an action
/// means something in whatever world it is repeated; where there is nothing it could concern, it
/// does nothing. A list of actions is all that is needed to live through a world again.
public enum SimulatedAction: Codable, Hashable, Sendable {
    /// A person at a replica makes a note.
    case create(replica: Int, collection: Int, token: Int)
    /// A person at a replica changes one part of a note.
    case edit(replica: Int, note: Int, part: NotePart, token: Int)
    /// A person at a replica deletes a note.
    case delete(replica: Int, note: Int)
    /// A person at a replica moves a note into another collection.
    case move(replica: Int, note: Int, collection: Int)
    /// A person at a replica settles a conflict.
    case resolve(replica: Int, conflict: Int, choice: Choice)
    /// A person at a replica decides about deletes that were held.
    case decide(replica: Int, hold: Int, releases: Bool)
    /// A person at a replica makes a series.
    case createSeries(replica: Int, collection: Int, token: Int)
    /// A person at a replica changes one part of one instance of a series.
    case editInstance(replica: Int, series: Int, slot: Int, part: NotePart, token: Int)
    /// A person at a replica cancels one instance of a series.
    case cancelInstance(replica: Int, series: Int, slot: Int)
    /// A person at a replica takes a slot away from a series, or gives it one more.
    case changeSlots(replica: Int, series: Int, slot: Int, token: Int)
    /// A person at a replica divides a series before one of its slots.
    case divide(replica: Int, series: Int, slot: Int, token: Int)
    /// A person at a replica imports a note that has a name for the whole world.
    case importNote(replica: Int, collection: Int, name: Int, token: Int)
    /// A person at a replica changes one part of a note, and wants its people to be mailed.
    case editMailing(replica: Int, note: Int, part: NotePart, token: Int)
    /// A person at a replica changes one part of a note, for which the disk has no room.
    case editOnFullDisk(replica: Int, note: Int, part: NotePart, token: Int)
    /// A person at a replica deletes all that a collection has.
    case deleteAll(replica: Int, collection: Int)
    /// A person at a replica takes back what waits of a note.
    case drop(replica: Int, note: Int)
    /// A person at a replica lets something that was set aside be tried again, or gives it up.
    case decideAside(replica: Int, record: Int, retries: Bool)
    /// A person at a replica wants their value after all, of a conflict that is settled.
    case bringBack(replica: Int, conflict: Int)
    /// Somebody else makes a note at the provider.
    case foreignCreate(collection: Int, token: Int)
    /// Somebody else changes one part of a note at the provider.
    case foreignEdit(note: Int, part: NotePart, token: Int)
    /// Somebody else deletes a note at the provider.
    case foreignDelete(note: Int)
    /// Somebody else makes the same change at the provider that waits at a replica.
    case foreignAgreement(replica: Int, note: Int)
    /// Somebody else moves a note at the provider.
    case foreignMove(note: Int, collection: Int)
    /// Somebody else deletes all that a collection has at the provider.
    case foreignDeleteAll(collection: Int)
    /// Somebody else makes a series at the provider.
    case foreignCreateSeries(collection: Int, token: Int)
    /// Somebody else changes one part of one instance of a series at the provider.
    case foreignEditInstance(series: Int, slot: Int, part: NotePart, token: Int)
    /// Somebody else cancels one instance of a series at the provider.
    case foreignCancelInstance(series: Int, slot: Int)
    /// Somebody else takes a slot away from a series at the provider, or gives it one more.
    case foreignChangeSlots(series: Int, slot: Int, token: Int)
    /// Somebody else imports a note that has a name for the whole world.
    case foreignImport(collection: Int, name: Int, token: Int)
    /// Somebody else writes into a note what makes no sense.
    case foreignGarbage(note: Int, shape: Int, token: Int)
    /// Every note at the provider gets another etag.
    case churn
    /// The provider forgets where every client was.
    case expireCursors
    /// A note can be read by nobody until it is written again.
    case spoil(note: Int)
    /// A replica begins a run.
    case sync(replica: Int, full: Bool)
    /// One thing that a replica's run wants is done, or meets a fault.
    case deliver(replica: Int, effect: Int, fault: SimulatedFault?)
    /// A write that was on its way for long arrives.
    case arrive(Int)
    /// One thing that a replica's run wants is done, and its program ends before it learns so.
    case deliverAndCrash(replica: Int, effect: Int)
    /// A replica's program ends at once, and is started anew.
    case crash(replica: Int)
    /// A copy of a replica's store is put aside, while nothing runs there.
    case backUp(replica: Int)
    /// The copy takes the place of the store.
    case restore(replica: Int)
    /// Time passes, for everybody.
    case pass(seconds: Int)
    /// A replica's clock is set.
    case setClock(replica: Int, ahead: Int)

    /// How a conflict is settled.
    public enum Choice: String, Codable, Hashable, Sendable, CaseIterable {
        /// The value from here.
        case mine
        /// The value from there.
        case theirs
        /// Both, as two things.
        case both
    }
}

/// A part of a note, by how it merges.
public enum NotePart: String, Codable, Hashable, Sendable, CaseIterable {
    /// A text that merges as a whole.
    case title
    /// Another one.
    case body
    /// One key of a set.
    case tag
    /// One person of a list.
    case person
    /// Two members that only make sense together.
    case time
    /// What only concerns whoever looks at it.
    case mine
    /// A member that no rule speaks of.
    case unknown

    /// The member of a note that holds it.
    var member: String {
        switch self {
        case .title, .body, .mine: rawValue
        case .tag: "tags"
        case .person: "people"
        case .time: "from"
        case .unknown: "other"
        }
    }
}

/// What can go wrong with one thing that a run wants.
public enum SimulatedFault: String, Codable, Hashable, Sendable, CaseIterable {
    /// Nothing reached the provider.
    case requestLost
    /// The provider did it, and nobody was told.
    case answerLost
    /// The provider does it much later, after everybody gave up.
    case answerLate
    /// It reached the provider twice.
    case duplicate
    /// An answer that cannot be read, be it cut or garbage.
    case unreadable
    /// 5xx, and nothing was done.
    case serverError
    /// 401 that no refresh helped.
    case signInNeeded
    /// 403 or 429: too fast.
    case throttled
    /// 429 with an order to wait.
    case throttledLong
    /// 403: a usage limit of hours.
    case quotaExceeded
    /// 403: the day is used up.
    case dailyLimitExceeded
    /// 403: not yours.
    case forbidden
    /// 404 of a thing that is there.
    case notFound
    /// 409 of an id that is free.
    case alreadyExists
    /// 410 of a thing that is there.
    case gone
    /// 410: list everything again.
    case cursorExpired
    /// 412 of a thing that nobody changed.
    case preconditionFailed
    /// 400.
    case rejected
    /// The page before comes again.
    case pageRepeated
    /// An empty page stands before the one that was asked for.
    case pageEmpty
    /// A last page without a cursor.
    case cursorMissing
    /// Somebody changes what is being written just before it arrives.
    case overtaken
    /// The store fails: the disk is full, or broken.
    case storeFailed
    /// No connection: nothing was sent.
    case unreached
    /// A certificate that is not valid.
    case untrusted
    /// 401 or 403: the program itself is refused.
    case clientRefused
    /// 403: the grant is too narrow.
    case permissionMissing
    /// A full listing that names nothing, of a collection that is not empty.
    case listingEmpty
    /// A page names something twice.
    case itemTwice
    /// A page names something that nobody can read, not even its name.
    case itemUnreadable
    /// A write is done, and the answer says no more than that.
    case answerEmpty
    /// A write is done, and the answer speaks of something else.
    case answerMisled
    /// A write is done but for one member, and nobody says so.
    case partNotTaken
}
