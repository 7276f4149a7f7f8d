public import TandemCore
public import TandemStore

/// Which activities are wanted; what is left empty does not narrow them.
public struct ActivityFilter: Hashable, Sendable {
    /// Only those of these verbs.
    public var verbs: Set<ChangeVerb> = []
    /// Only those of things of these kinds.
    public var kinds: Set<Kind> = []
    /// Only those of these accounts; `nil` for all.
    public var accounts: Set<AccountID>?
    /// Only those of whoever has this in their name or address, whatever its case.
    public var actor: String?
    /// Only those of this item.
    public var item: ResourceID?

    /// Wants all.
    public init() {}

    /// Whether an entry of the log is wanted.
    public func includes(_ entry: ChangeEntry) -> Bool {
        (verbs.isEmpty || verbs.contains(entry.verb))
            && (kinds.isEmpty || kinds.contains(entry.kind))
            && accounts?.contains(entry.account) != false
            && (item == nil || item == entry.resource)
            && isDone(by: entry.actor)
    }

    private func isDone(by someone: ChangeActor) -> Bool {
        guard let actor = actor?.lowercased() else { return true }
        return [someone.name, someone.email].contains { text in
            text?.lowercased().contains(actor) == true
        }
    }
}
