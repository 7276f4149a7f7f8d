public import LosslessJSON
public import TandemCore

/// A name under which a thing lived that was brought to life again, or under which it lives now.
///
/// What was believed gone may be met again: moved back by somebody, or seen late. Then it is there
/// twice, and the store has to know that both are one.
public struct Revival: Hashable, Sendable {
    /// What was brought to life again.
    public let resource: ResourceID
    /// One of its names at the provider: those it had, and the one it got.
    public let remoteID: RemoteID
    /// The last version under that name that is part of what lives on; `nil` where none was known.
    public var agreed: JSON?
    /// What was met under that name, to which it gives way, or which gives way to it.
    public var adopted: ResourceID?

    /// Describes a name of a resource.
    public init(
        of resource: ResourceID, named remoteID: RemoteID, agreed: JSON?,
        adopted: ResourceID? = nil
    ) {
        self.resource = resource
        self.remoteID = remoteID
        self.agreed = agreed
        self.adopted = adopted
    }
}
