import LosslessJSON
import TandemCore
import TandemStore

/// Which names of an account's things follow from which others.
///
/// What is brought to life again gets a name that follows from the one that it had. So whoever knows
/// a copy and the original can tell that both are one, whichever machine made the copy.
struct Lineage {
    /// The name that each next one follows from.
    private var former: [RemoteID: RemoteID] = [:]

    /// Notes that a name follows from another one.
    mutating func note(_ next: RemoteID, after name: RemoteID) { former[next] = name }

    /// The names that one follows from, the nearest first.
    func names(before name: RemoteID?) -> [RemoteID] {
        var names: [RemoteID] = []
        var last = name
        while let name = last, names.count < Revivals.mostLives {
            last = former[name]
            if let last { names.append(last) }
        }
        return names
    }
}

extension PassTransaction {
    /// What follows from the names of all that the account has, or had, of a kind.
    ///
    /// Every name is gone through, so it is asked for only where something is brought to life.
    /// - Throws: ``StoreError``.
    func lineage(of kind: Kind, rules: any KindRules) throws -> Lineage {
        var lineage = Lineage()
        for place in try store.collections.list(of: context.account) where place.kind == kind {
            for name in try store.resources.names(in: place.id) {
                let next = store.revivals.nextName(after: name, of: [:], rules: rules)
                if let next { lineage.note(next, after: name) }
            }
        }
        return lineage
    }
}
