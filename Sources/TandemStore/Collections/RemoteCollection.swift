public import TandemCore

/// What owns a cursor at a provider: a calendar, or the list of calendars.
public struct RemoteCollection: Hashable, Sendable {
    /// Our id.
    public let id: CollectionID
    /// The account it is read through.
    public let account: AccountID
    /// The provider's name for it.
    public var remoteID: RemoteID
    /// What it contains.
    public let kind: Kind
    /// What a person calls it.
    public var name: String
    /// What the account may do there.
    public var access: CollectionAccess
    /// The zone its times are shown in, an IANA name.
    public var timeZone: String?
    /// How far it was read; `nil` asks for a full listing.
    public var cursor: Cursor?
    /// The query that the cursor belongs to: another query needs another cursor.
    public var fingerprint: String?
    /// The full listing under way, `nil` where none is.
    public var listing: ListingState?
    /// The last full listing that was read to its end, counted from 1; 0 before the first.
    public var generation: Int64
    /// When it was last read to the end.
    public var lastSuccess: Timestamp?
    /// When it was last to be read, even where the account failed before its turn came.
    public var lastAttempt: Timestamp?
    /// How its copy here is doing.
    public var state: CollectionState
    /// Until when nothing is sent to it; `nil` when nothing forbids it.
    public var parkedUntil: Timestamp?
    /// Why nothing is sent until then.
    public var parkReason: String?
    /// How often in a row its writes were parked for hours.
    public var quotaParks = 0
    /// When the latest full listings ended that were neither the first nor asked for, oldest
    /// first, at most ``fullListingsRemembered``.
    public var recentFullListings: [Timestamp]
    /// Whether it is the list that names the account's other collections.
    public var isRoot: Bool
    /// The entry of the list that it belongs to.
    public var resource: ResourceID?
    /// Whether the provider no longer has it, or no longer shows it to the account.
    public var isGone: Bool

    /// How many full listings are remembered, to limit them by the hour and by the day.
    public static let fullListingsRemembered = 8

    /// When the latest of them ended.
    public var lastFullListing: Timestamp? { recentFullListings.last }

    /// How many of them ended within `duration` before `now`, or after it by a clock
    /// that jumped.
    public func fullListings(within duration: Duration, before now: Timestamp) -> Int {
        let horizon = now.advanced(by: .zero - duration)
        return recentFullListings.filter { $0 > horizon }.count
    }

    /// Remembers that a full listing ended.
    public mutating func noteFullListing(at moment: Timestamp) {
        recentFullListings.append(moment)
        recentFullListings.removeFirst(
            max(0, recentFullListings.count - Self.fullListingsRemembered))
    }
}

/// A full listing that is being read, page by page, into a shadow set.
public struct ListingState: Hashable, Sendable {
    /// The generation that its resources get.
    public var generation: Int64

    /// Describes a full listing under way.
    public init(generation: Int64) { self.generation = generation }
}

/// How the copy of a collection is doing.
public enum CollectionState: String, Hashable, Sendable, CaseIterable {
    /// Never read to the end.
    case new
    /// Read to the end the last time.
    case fresh
    /// Left alone until a moment.
    case parked
    /// The provider answers that it is not there.
    case unreachable
    /// It came back empty, which a person has to confirm.
    case held
}
