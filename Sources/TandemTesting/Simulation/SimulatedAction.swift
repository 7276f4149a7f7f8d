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
    /// Somebody else makes a note at the provider.
    case foreignCreate(collection: Int, token: Int)
    /// Somebody else changes one part of a note at the provider.
    case foreignEdit(note: Int, part: NotePart, token: Int)
    /// Somebody else deletes a note at the provider.
    case foreignDelete(note: Int)
    /// Somebody else makes the same change at the provider that waits at a replica.
    case foreignAgreement(replica: Int, note: Int)
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
}
