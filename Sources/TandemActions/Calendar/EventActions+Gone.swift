import TandemCore
import TandemStore

extension EventActions {
    /// Refuses a change of what lies in a calendar that is gone at Google, and says what can be
    /// done with it.
    ///
    /// - Throws: `TandemError` with code `denied`; `StoreError`.
    func requireCalendar(of resource: StoredResource) throws {
        guard let collection = try transaction.collections.find(resource.collection),
            collection.isGone
        else { return }
        let waits =
            resource.isDirty ? " Give up what waits of it: tandem queue drop \(resource.id)" : ""
        throw TandemError(
            .denied,
            "The calendar '\(collection.name.shortened)' is gone at Google, or no longer shared, so "
                + "nothing in it can be changed, moved or deleted.",
            remedy: "Make the event anew in another calendar: tandem events add --calendar NAME "
                + "--data JSON, with the 'data' of: tandem events get \(resource.id) --json\n"
                + "Or have the calendar shared again, then: tandem sync\(waits)")
    }
}
