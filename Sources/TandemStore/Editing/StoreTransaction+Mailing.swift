public import TandemCore

extension StoreTransaction {
    /// Widens whom the provider may mail about an edit that waits, as the edit itself could have
    /// said; a narrower circle changes nothing.
    ///
    /// - Parameters:
    ///   - resource: The resource; it is read anew.
    ///   - sendUpdates: Whom the provider may mail.
    /// - Returns: The resource as it is now; `nil` where no edit waits, or where it is on its way
    ///   and carries its own wish.
    /// - Throws: ``StoreError``.
    public func widenMailing(
        of resource: ResourceID, to sendUpdates: SendUpdates
    ) throws -> StoredResource? {
        guard var row = try resources.find(resource), row.isDirty,
            try intents.open(for: resource).isEmpty
        else { return nil }
        guard sendUpdates > row.sendUpdates else { return row }
        row.sendUpdates = sendUpdates
        return try resources.update(row)
    }
}
