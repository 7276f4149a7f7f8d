import LosslessJSON
public import TandemCore

/// What one pass needs to know of its collection, read when it opens.
struct PassOpening: Hashable, Sendable {
    /// Where it lies at the provider.
    var address: CollectionAddress
    /// Where the last complete listing ended, if its query is still ours and nobody asked to list
    /// everything.
    var cursor: Cursor?
    /// Why a full listing is due although none was asked for; it counts against the bounds.
    var fullListing: FullListing
    /// Whether a write may be attempted.
    var mayWrite: Bool
    /// Until when nothing is asked, because the provider said so.
    var parkedUntil: Timestamp?
    /// Until when writes rest.
    var writesParkedUntil: Timestamp?
    /// Writes whose answers were lost in an earlier run.
    var unconfirmed: [PushRequest]

    /// Whether the collection may be listed fully.
    enum FullListing: Hashable, Sendable {
        /// It may, now.
        case allowed
        /// It was, too often: not before this moment.
        case notBefore(Timestamp)
    }
}

/// How a pass reads its collection.
enum Listing: Hashable, Sendable {
    /// Changes since a cursor.
    case delta(Cursor)
    /// Everything; what it does not name is gone.
    case full

    var cursor: Cursor? {
        guard case .delta(let cursor) = self else { return nil }
        return cursor
    }
}

/// One transaction that a pass asks for.
enum StoreStep: Sendable {
    /// Reads the collection and what an earlier run left open.
    case open(CollectionID, full: Bool)
    /// Begins a new generation; forgets the cursor, unless a person asked for the listing.
    case beginFullListing(CollectionID)
    /// Stores a page; on the last one also which deletes are asked for, and the cursor.
    case apply(PulledPage, to: CollectionID, listing: Listing)
    /// Decides on the deletes that are asked for.
    case passDeletes(CollectionID)
    /// Decides on what was edited here and is gone there, as far as that is sure; then computes the
    /// next writes and commits their intents.
    case plan(CollectionID, limit: Int, doubt: Doubt)
    /// Stores the answers of writes.
    case settle(CollectionID, [SettledWrite])
    /// Stores what a look-up found about a write.
    case resolve(CollectionID, PushRequest, LookUp)
    /// Notes how the pass ended.
    case close(CollectionID, PassEnd)
}

/// A write and its answer.
struct SettledWrite: Sendable {
    var request: PushRequest
    var answer: Result<RemoteResource, RemoteError>
}

/// What a transaction answers.
enum StoreAnswer: Sendable {
    case opened(PassOpening)
    /// How many resources the collection holds that the listing may bring again.
    case begun(known: Int)
    case applied(PageSummary)
    case deletesPassed(DeleteSummary)
    case planned(PushPlan)
    case settled(SettleSummary)
    case closed
}

/// What a page changed here.
struct PageSummary: Hashable, Sendable {
    /// What the page named, changed or not.
    var read = 0
    var pulled = ChangeCounts()
    var conflicts = 0
    var quarantined = 0
    /// Whether there are deletes to decide on, as the last page says.
    var asksForDeletes = false
    /// Whether a write may be attempted, as the last page says.
    var mayWrite: Bool?
    /// Edits that wait although none may be written any more.
    var unsent = 0
    /// What the provider called gone.
    var signs: [ResourceID] = []
    /// Deletes made here that somebody else's edits overruled.
    var broughtBack: [BroughtBack] = []
}

/// What became of the deletes that listings asked for.
struct DeleteSummary: Hashable, Sendable {
    /// How many things went that could be seen.
    var deleted = 0
    /// How many deletes wait for a person.
    var held = 0
    /// Edits of instances that lost their slots.
    var conflicts = 0
}

/// A thing that was deleted here, and that somebody else's edit brought back.
public struct BroughtBack: Hashable, Sendable {
    /// What came back.
    public var resource: ResourceID
    /// What a person calls it now.
    public var title: String
}

/// Creations, updates and deletes.
public struct ChangeCounts: Hashable, Sendable {
    /// How many appeared.
    public var created = 0
    /// How many of those came cancelled with a first listing, as instances that were taken out of a
    /// series; no list shows them, and no count of items has them.
    public var cancelled = 0
    /// How many changed.
    public var updated = 0
    /// How many went.
    public var deleted = 0

    /// Counts nothing yet.
    public init() {}

    /// How many there are in all.
    public var total: Int { created + updated + deleted }

    /// Counts what a first listing brought.
    mutating func note(listed projection: Projection) {
        created += 1
        if projection.isCancelled { cancelled += 1 }
    }

    static func += (left: inout Self, right: Self) {
        left.created += right.created
        left.cancelled += right.cancelled
        left.updated += right.updated
        left.deleted += right.deleted
    }
}

/// The next writes of a collection.
struct PushPlan: Sendable {
    /// Independent writes, their intents committed.
    var requests: [PushRequest] = []
    /// Local deletes that now wait for a person.
    var held = 0
    /// Conflicts that now wait for a person.
    var conflicts = 0
    /// Edits that were set aside.
    var quarantined = 0
    /// How many edits are left behind these, for showing progress: held ones count, too.
    var remaining = 0
    /// How many edits wait without anybody having to decide: they rest after answers that settled
    /// nothing, or another write has to be taken first.
    var parked = 0
    /// How many edits wait because it is not sure that what they change is gone.
    var undecided = 0
    /// Whether something was brought to life again, which another collection may have to send.
    var hasRevived = false
    /// What is not decided on before every collection was read again.
    var signs: [ResourceID] = []
}

/// What the answers of some writes came to.
struct SettleSummary: Sendable {
    var pushed = ChangeCounts()
    var conflicts = 0
    var quarantined = 0
    /// Writes whose remote side must be read before they are sent again.
    var lookUps: [PushRequest] = []
    /// Deletes made here that somebody else's edits overruled.
    var broughtBack: [BroughtBack] = []
    /// What the provider called gone.
    var signs: [ResourceID] = []
    /// Whether something lies in another collection now, from which the rest of it is sent.
    var hasMoved = false
    /// Why writing stops for now, if it does: the gravest failure met.
    var halt: RemoteError?
}

/// How a pass ended.
enum PassEnd: Hashable, Sendable {
    /// Everything was read, and all that may be written was written.
    case complete
    /// Reading went well, writing has to wait: until a moment that was set before, or, where the
    /// provider just refused a write, for longer each time.
    case writesParked(RemoteError, until: Timestamp?)
    /// The collection cannot be seen any more.
    case unreachable(RemoteError)
    /// Something failed that time or a person has to mend.
    case failed(RemoteError, retryAt: Timestamp?)
}

/// What a pass wants done next; always exactly one thing.
enum PassEffect: Sendable {
    case store(StoreStep)
    case pull(PullRequest)
    /// Store a page and read the next one, in whatever order or at once: neither needs the other,
    /// and a page that is read but not stored is read again.
    case storeAndPull(StoreStep, PullRequest)
    case push([PushRequest])
    case lookUp(PushRequest)
    case wait(Duration)
    /// Everything was read, or sent; to go on once it was of all other collections, too.
    case rest
    case done
}

/// What happened to the thing that a pass wanted.
enum PassEvent: Sendable {
    case begin
    case stored(StoreAnswer)
    case pulled(Result<PulledPage, RemoteError>)
    case storedAndPulled(StoreAnswer, Result<PulledPage, RemoteError>)
    case pushed([Result<RemoteResource, RemoteError>])
    case lookedUp(Result<LookUp, RemoteError>)
    case waited
    /// Every collection was read, or has sent what it had.
    case goOn(Errand)
    /// Stop: nothing more may be sent.
    case halt(RemoteError)
}
