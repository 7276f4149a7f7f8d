public import LosslessJSON
public import TandemCore
public import TandemFormats
public import TandemStore

/// What a person does with events; one place for commands and pages.
///
/// Everything is written to the store alone, in the caller's transaction, and sent by a later
/// sync. Valid only within that transaction.
public struct EventActions {
    let transaction: StoreTransaction
    let run: RunID
    let viewer: ZoneRules
    let sendUpdates: SendUpdates
    /// The edit that everything done is a part of; `nil` where each write is one on its own.
    var operation: OperationID?

    /// Binds the actions to a transaction.
    ///
    /// - Parameters:
    ///   - transaction: The transaction that is under way.
    ///   - run: The run that the edits are recorded under.
    ///   - viewer: The zone that typed times are read in.
    ///   - sendUpdates: Whom Google may mail about the edits.
    public init(
        _ transaction: StoreTransaction, run: RunID, viewer: ZoneRules,
        sendUpdates: SendUpdates = .none
    ) {
        self.transaction = transaction
        self.run = run
        self.viewer = viewer
        self.sendUpdates = sendUpdates
    }

    /// Makes an event from friendly words.
    ///
    /// - Throws: `TandemError` with code `invalid` or `denied`; `StoreError`.
    public func add(
        _ fields: EventFields, to collection: RemoteCollection
    ) throws -> StoredResource {
        guard fields.start != nil else {
            throw TandemError(
                .invalid,
                "Say when the event begins; type for example "
                    + "--when 'tomorrow 12:30'.")
        }
        let event = try fields.applied(
            to: .object([:]), viewedIn: viewer, fallbackZone: zone(of: collection))
        return try add(event, to: collection)
    }

    /// Makes an event from its JSON; what only Google may write is left out.
    ///
    /// - Throws: `TandemError` with code `invalid` or `denied`; `StoreError`.
    public func add(_ event: JSON, to collection: RemoteCollection) throws -> StoredResource {
        guard event.object != nil else {
            throw TandemError(.invalid, "An event must be a JSON object.")
        }
        return try transaction.createLocally(
            try withoutServerOwned(event), kind: .event, in: collection,
            sendUpdates: sendUpdates, run: run, operation: operation)
    }

    /// Moves an event or a whole series into another calendar of the same account.
    ///
    /// - Throws: `TandemError` with code `invalid` or `denied`; `StoreError`.
    public func move(
        _ reference: ItemReference, to collection: RemoteCollection
    ) throws -> StoredResource {
        guard case .resource(let resource) = reference else {
            throw TandemError(
                .invalid, "One instance cannot leave its series; move the series itself.")
        }
        guard resource.account == collection.account else {
            throw TandemError(
                .invalid,
                "The calendar '\(collection.name.shortened)' belongs to another account; "
                    + "an event can only be moved within one.")
        }
        let event = try live(resource)
        try requireCalendar(of: resource)
        let type = event["eventType"]?.string ?? "default"
        guard type == "default" else {
            throw TandemError(
                .invalid, "Google moves ordinary events only, and this one is '\(type.shortened)'.")
        }
        return try transaction.moveLocally(
            resource, to: collection, sendUpdates: sendUpdates, run: run)
    }

    /// The day an event begins on in the viewer's eyes: what a time of day alone refers to.
    /// - Throws: `TandemError` with code `notFound` where it is deleted; `StoreError`.
    public func day(of reference: ItemReference) throws -> WallTime? {
        let event: JSON
        switch reference {
        case .resource(let resource): event = try live(resource)
        case .instance(let instance): event = try seen(instance)
        }
        let fallbackZone = try zone(of: reference.resource)
        guard let span = EventSpan(of: event, fallbackZone: fallbackZone) else { return nil }
        if case .day(let day) = span.start { return day }
        return viewer.wall(atUTCSeconds: span.start.utcSeconds(viewedIn: viewer)).startOfDay
    }

    /// The same actions, with all that they write as one edit, which is taken back as one.
    var asOne: Self {
        var actions = self
        actions.operation = transaction.environment.makeID()
        return actions
    }

    /// What can be seen of a resource.
    /// - Throws: `TandemError` with code `notFound` where it is deleted.
    func live(_ resource: StoredResource) throws(TandemError) -> JSON {
        guard let live = resource.live else { throw Self.isDeleted("event", resource) }
        return live
    }

    /// Something is deleted; what waits to be sent can still be taken back.
    static func isDeleted(_ what: String, _ resource: StoredResource) -> TandemError {
        guard resource.waitsToBeDeleted else {
            return TandemError(
                .notFound, "The \(what) is deleted.", remedy: "tandem events list --all")
        }
        return TandemError(
            .notFound, "The \(what) is deleted here, which Google has not confirmed yet.",
            remedy: "Bring it back: tandem queue drop \(resource.id)")
    }

    /// The event without what only Google may write; its id stays, as Google takes one.
    func withoutServerOwned(_ event: JSON) throws(TandemError) -> JSON {
        var event = event
        let rules = try transaction.rulebook.rules(for: .event)
        for member in rules.serverOwned.sorted()
        where !["id", "recurringEventId", "originalStartTime"].contains(member) {
            event[member] = nil
        }
        return event
    }

    /// The zone of a calendar's events that name none.
    func zone(of collection: RemoteCollection) -> String {
        collection.timeZone ?? viewer.identifier
    }

    /// The zone of the events of the calendar a resource lies in.
    func zone(of resource: StoredResource) throws -> String {
        guard let collection = try transaction.collections.find(resource.collection) else {
            return viewer.identifier
        }
        return zone(of: collection)
    }
}

/// What an edit changed in the store.
public struct EditOutcome: Sendable {
    /// What the edit was about, as it is now.
    public var resource: StoredResource
    /// What else had to change with it: the truncated series, exceptions that were carried over or
    /// dropped; all that the change log tells of besides.
    public var alsoChanged: [StoredResource]
    /// Changed instances that no longer fit their series, so that Google may drop them.
    public var leftBehind: [StoredResource]
    /// Where a whole series was edited through one of its instances: that instance, as it is now.
    public var instance: InstanceReference?
    /// How typed times were read, where they could be read otherwise.
    public var remarks: [String]

    /// Gathers an outcome.
    public init(
        _ resource: StoredResource, alsoChanged: [StoredResource] = [],
        leftBehind: [StoredResource] = [], remarks: [String] = []
    ) {
        self.resource = resource
        self.alsoChanged = alsoChanged
        self.leftBehind = leftBehind
        self.remarks = remarks
    }
}
