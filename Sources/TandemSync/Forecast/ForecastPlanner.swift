import LosslessJSON
import TandemCore
import TandemStore

/// Lets the planner of a sync work on a store whose provider takes everything at once.
///
/// Valid only within a transaction that is undone.
struct ForecastPlanner {
    let account: Account
    let store: StoreTransaction
    let ignoresParking: Bool
    let pass: PassTransaction

    /// Why nothing of a collection would be sent.
    private struct Bar {
        var reason: WaitingEdit.Reason
        var until: Timestamp?
    }

    func forecast(rounds: Int, limit: Int) throws -> SyncForecast {
        var forecast = SyncForecast()
        let places = try places
        let stoppedBefore = try stopped(in: places)
        let rest = try restOfAccount
        var bars: [CollectionID: Bar] = [:]
        for place in places {
            bars[place.id] = try bar(of: place, pass.open(place, full: false)) ?? rest
        }
        for _ in 0..<rounds {
            let known = forecast.writes.count
            for place in places where bars[place.id] == nil {
                try plan(place, limit: limit, into: &forecast)
            }
            if forecast.writes.count == known { break }
        }
        for place in places {
            try addWaiting(
                in: place, bar: bars[place.id], stoppedBefore: stoppedBefore, to: &forecast)
        }
        return forecast
    }

    /// The collections in the order in which a sync sends what waits in them; behind them those
    /// that it no longer asks for.
    private var places: [RemoteCollection] {
        get throws {
            let all = try store.collections.list(of: account.id)
            let open = all.filter { !$0.isGone }
            return open.filter(\.isRoot) + open.filter { !$0.isRoot } + all.filter(\.isGone)
        }
    }

    private func stopped(in places: [RemoteCollection]) throws -> Set<ResourceID> {
        var stopped: Set<ResourceID> = []
        for place in places {
            for row in try store.resources.waiting(in: place.id) where row.hold == .pushHeld {
                stopped.insert(row.id)
            }
        }
        return stopped
    }

    /// Why nothing of the account would be sent.
    private var restOfAccount: Bar? {
        get throws {
            if account.state == .needsConsent { return Bar(reason: .signInNeeded) }
            let beginning = try AccountTransaction(store: store, account: account.id)
                .begin([], ignoresParking: ignoresParking)
            guard case .parked(let moment) = beginning else { return nil }
            return Bar(reason: .parked, until: moment)
        }
    }

    private func bar(of place: RemoteCollection, _ opening: PassOpening) throws -> Bar? {
        if place.isGone { return Bar(reason: .gone) }
        guard opening.mayWrite else { return Bar(reason: .readOnly) }
        guard !ignoresParking else { return nil }
        let now = pass.now
        let parks = [opening.parkedUntil, opening.writesParkedUntil].compactMap { $0 }
        return parks.max().flatMap { $0 > now ? Bar(reason: .parked, until: $0) : nil }
    }

    // MARK: What is sent

    /// Plans until nothing is left to send, as a pass does.
    private func plan(
        _ place: RemoteCollection, limit: Int, into forecast: inout SyncForecast
    ) throws {
        while true {
            let requests = try pass.plan(place, limit: limit, doubt: .none).requests
            guard !requests.isEmpty else { return }
            let known = forecast.writes.count
            for request in requests {
                guard let intent = try store.intents.find(request.operation),
                    let row = try store.resources.find(intent.resource)
                else { continue }
                forecast.writes.append(try write(of: row, in: place, as: request))
            }
            // Taken without a word but for a version of its own, it is what was sent.
            let answers = requests.map { request in
                SettledWrite(
                    request: request,
                    answer: .success(
                        RemoteResource(
                            remoteID: request.target
                                ?? RemoteID(rawValue: request.operation.rawValue),
                            etag: ETag(rawValue: request.operation.rawValue), json: [:])))
            }
            _ = try pass.settle(answers, in: place)
            guard forecast.writes.count > known else { return }
        }
    }

    private func write(
        of row: StoredResource, in place: RemoteCollection, as request: PushRequest
    ) throws -> PlannedWrite {
        let rules = try store.rulebook.rules(for: row.kind)
        let isMove = request.verb == .move
        var (fields, notified): ([String], [String]) = (isMove ? ["calendar"] : [], [])
        if !isMove, let live = row.live {
            fields = FieldChange.between(row.base, live, rules: rules).map(\.field)
        }
        if request.sendUpdates != .none {
            notified =
                isMove
                ? row.live.map(rules.notified(moving:)) ?? []
                : rules.notified(before: row.base, after: row.live)
        }
        let state = try store.resources.state(of: row)
        return PlannedWrite(
            resource: row,
            // Its intent is the plan's own.
            state: state == .pushing ? .dirty : state, place: place,
            destination: isMove ? try store.collections.find(row.collection) : nil,
            request: request, fields: fields, notified: notified)
    }

    // MARK: What waits

    private func addWaiting(
        in place: RemoteCollection, bar: Bar?, stoppedBefore: Set<ResourceID>,
        to forecast: inout SyncForecast
    ) throws {
        for row in try store.resources.waiting(in: place.id) {
            if row.hold == .pushHeld, !stoppedBefore.contains(row.id) {
                forecast.held.append(try heldDelete(row, in: place))
                continue
            }
            let why = try bar ?? self.bar(of: row)
            forecast.waiting.append(
                WaitingEdit(resource: row, place: place, reason: why.reason, until: why.until))
        }
    }

    private func heldDelete(
        _ row: StoredResource, in place: RemoteCollection
    ) throws -> PlannedWrite {
        let request = PushRequest(
            operation: store.environment.makeID(),
            collection: CollectionAddress(remoteID: place.remoteID, kind: place.kind),
            verb: .delete, target: row.remoteID, etag: row.etag, sendUpdates: row.sendUpdates)
        return PlannedWrite(
            resource: row, state: .dirty, place: place, request: request, fields: [], notified: [])
    }

    private func bar(of row: StoredResource) throws -> Bar {
        switch row.hold {
        case .pushHeld, .pullHeld: return Bar(reason: .held)
        case .conflict: return Bar(reason: .conflict)
        case .quarantined: return Bar(reason: .quarantined)
        case .unreachable: return Bar(reason: .unreachable)
        case nil: break
        }
        if try !store.intents.open(for: row.id).isEmpty { return Bar(reason: .unconfirmed) }
        if let moment = row.parkedUntil, moment > pass.now {
            return Bar(reason: .rests, until: moment)
        }
        return Bar(reason: .followsAnother)
    }
}
