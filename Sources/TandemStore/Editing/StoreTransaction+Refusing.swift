public import LosslessJSON
public import TandemCore

extension StoreTransaction {
    /// What of a version a resource's provider is known to keep from this account.
    ///
    /// - Parameters:
    ///   - version: The version that is to be written.
    ///   - resource: What it is a version of.
    /// - Returns: The parts and the reason; `nil` where all of it may be taken, as far as is known
    ///   here.
    /// - Throws: ``StoreError``; `TandemError` with code `unknownKind`.
    public func refusal(of version: JSON, for resource: StoredResource) throws -> Refusal? {
        guard let base = resource.base else { return nil }
        let series = try resource.projection.exception.flatMap {
            try resources.find(remoteID: $0.series, in: resource.collection)?.base
        }
        return try rulebook.rules(for: resource.kind)
            .refusal(of: version, base: base, series: series)
    }
}
