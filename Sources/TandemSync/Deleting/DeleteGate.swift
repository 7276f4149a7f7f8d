/// The one gate that every delete passes, in both directions: a mass delete waits for a person.
///
/// Bars: a pass may delete fewer than ten, or at most a fifth of a collection, and never a hundred
/// nor the last of three or more. Emptied calendars and broken accounts look just like a mass
/// delete, and undoing one is far dearer than asking.
struct DeleteGate: Hashable, Sendable {
    /// From this many deletes on the share counts.
    var least = 10
    /// The share of a collection that may go without asking.
    var share = 0.2
    /// From this many deletes on a person is always asked.
    var most = 100
    /// A collection of at least this many is not emptied without asking.
    var smallest = 3

    /// Whether `deletes` out of `live` resources must wait for a person.
    func holds(deletes: Int, of live: Int) -> Bool {
        guard deletes > 0 else { return false }
        if deletes >= most { return true }
        if deletes >= least, Double(deletes) > share * Double(live) { return true }
        return live >= smallest && deletes >= live
    }

    /// The number of live resources from which on so many deletes pass, unless no number lets them:
    /// to count farther changes nothing.
    func enough(for deletes: Int) -> Int {
        max(deletes + 1, Int((Double(deletes) / share).rounded(.up)))
    }
}
