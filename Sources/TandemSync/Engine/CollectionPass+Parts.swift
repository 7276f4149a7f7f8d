extension CollectionPass {
    /// What the caller asked for.
    struct Options: Hashable, Sendable {
        /// List everything, whatever cursor there is.
        var full = false
        /// Write although writes are parked.
        var ignoresParking = false
        /// How many writes go into one request.
        var maximumBatch = 1
        var backoff = Backoff()
        /// How often a request is tried that reaches nobody, before anybody was reached.
        var triesUntilReached: Int?
    }

    /// Where a pass stands.
    enum State: Sendable {
        case new
        case opening
        case lookingUp(PushRequest, rest: [PushRequest], then: Stage)
        case resolving(rest: [PushRequest], then: Stage)
        case beginningFull
        case pulling(Listing, page: String?)
        case applying(Listing, next: String?)
        case resting
        case deleting
        case planning
        case pushing([PushRequest])
        case settling
        case sent
        case waiting(Resumption)
        case closing
        case closed
    }

    /// What follows when no look-up is left.
    enum Stage: Sendable { case pull, plan }

    /// What a wait leads back to.
    enum Resumption: Sendable {
        case pull(Listing, page: String?)
        case lookUps([PushRequest], then: Stage)
    }
}
