import TandemCore
import TandemFormats
import TandemStore

/// Says what a series has instead of an instance that it has not.
struct NearestInstances {
    private let series: StoredResource
    private let transaction: StoreTransaction

    /// How many instances are named.
    private static let most = 3
    /// How far they are looked for, in seconds: wider and wider, since a fast rule has more
    /// instances in a year than are ever followed.
    private static let distances: [Int64] = [600, 7200, 86_400, 691_200, 5_529_600, 316_224_000]

    /// Looks at a stored resource that an instance's id named.
    init(of series: StoredResource, in transaction: StoreTransaction) {
        self.series = series
        self.transaction = transaction
    }

    /// Why there is no instance in a slot, and which there are around it.
    ///
    /// - Parameter slot: As an id has it behind its `_`.
    /// - Returns: An error with code `notFound`.
    /// - Throws: `StoreError`; `TandemError` where the series cannot be read.
    func error(missing slot: String) throws -> TandemError {
        guard let live = series.live else {
            return TandemError(
                .notFound, "The event \(series.id), which '_\(slot)' follows, is deleted.",
                remedy: "tandem events list")
        }
        guard series.projection.isSeries, let remoteID = series.remoteID else {
            return TandemError(
                .notFound, "The event \(series.id) does not repeat, so it has no '_\(slot)'.",
                remedy: "tandem events get \(series.id)")
        }
        let zone = try transaction.collections.find(series.collection)?.timeZone ?? "UTC"
        let model = try SeriesModel(live, remoteID: remoteID.rawValue, fallbackZone: zone)
        let ids = try ids(of: model, remoteID: remoteID, around: slot)
        return TandemError(
            .notFound, "The series \(series.id) has no instance '_\(slot)'.",
            remedy: ids.isEmpty
                ? "tandem events get \(series.id)"
                : "The nearest it has: " + ids.joined(separator: ", "))
    }

    /// The ids of the nearest instances that are there, in order of their slots.
    private func ids(
        of model: SeriesModel, remoteID: RemoteID, around slot: String
    ) throws -> [String] {
        guard let wall = CompactTime(slot)?.wall else { return [] }
        let moment = ZoneRules.utc.utcSeconds(of: wall)
        let taken = try SeriesExceptions.all(of: series, remoteID: remoteID, in: transaction)
            .filter { $0.live == nil || $0.projection.isCancelled }
        let gone = Set(taken.compactMap { $0.projection.exception?.slot })
        var nearest: [RecurrenceSlot] = []
        for distance in Self.distances where nearest.count < Self.most {
            nearest = model.slots(overlapping: moment - distance..<moment + distance).slots
                .filter { !gone.contains($0.idSuffix) }
                .sorted { left, right in
                    let (first, second) = (left.distance(to: moment), right.distance(to: moment))
                    return first == second ? left < right : first < second
                }
        }
        return nearest.prefix(Self.most).sorted().map { "\(series.id)_\($0.idSuffix)" }
    }
}

extension RecurrenceSlot {
    /// How far it lies from a moment, in seconds.
    fileprivate func distance(to moment: Int64) -> Int64 { abs(utcSeconds - moment) }
}
