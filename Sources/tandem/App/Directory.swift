import LosslessJSON
import TandemActions
import TandemCore
import TandemStore

/// Finds accounts and calendars by what a person calls them.
struct Directory {
    let transaction: StoreTransaction
    let accounts: [Account]
    let collections: [RemoteCollection]
    /// Whether only some accounts were asked for.
    let isNarrowed: Bool

    /// - Parameters:
    ///   - transaction: The transaction that is under way.
    ///   - names: What `--account` said; empty for every account.
    /// - Throws: `TandemError` with code `notFound` for an account that is not there.
    init(_ transaction: StoreTransaction, accounts names: [String]) throws {
        self.transaction = transaction
        let all = try transaction.accounts.list()
        var chosen: Set<AccountID> = []
        for name in names {
            let found = all.filter { $0.isCalled(name) }
            guard !found.isEmpty else {
                let known = all.map(\.name) + all.compactMap(\.email)
                throw TandemError(
                    .notFound,
                    "There is no account \(Nearest.quoted(name))."
                        + Nearest.question(name, among: known), remedy: "tandem auth list")
            }
            chosen.formUnion(found.map(\.id))
        }
        isNarrowed = !names.isEmpty
        accounts = names.isEmpty ? all : all.filter { chosen.contains($0.id) }
        let ids = Set(accounts.map(\.id))
        collections = try transaction.collections.list().filter { ids.contains($0.account) }
    }

    /// What a list says where there is no account, so that nothing can be in it; `nil` with one.
    var emptyText: String? { accounts.isEmpty ? Self.noAccount : nil }

    /// There is no account; what to do about it.
    static let noAccount =
        "There is no account yet: sign in with 'tandem auth login', or look around with "
        + "'tandem demo'."

    /// The ids of the chosen accounts.
    var accountIDs: Set<AccountID> { Set(accounts.map(\.id)) }

    /// What an id stands for, in the chosen accounts.
    ///
    /// - Throws: `TandemError` with code `notFound` or `ambiguous`; `StoreError`.
    func item(_ id: String) throws -> ItemReference {
        try ItemLookup(transaction, accounts: isNarrowed ? accountIDs : []).find(id)
    }

    /// The calendars, those that are gone left out.
    var calendars: [RemoteCollection] {
        collections.filter { $0.kind == .event && !$0.isGone }
    }

    /// The calendars with one of these names, ids or addresses; all where none is named.
    ///
    /// - Throws: `TandemError` with code `notFound`.
    func calendars(named names: [String]) throws -> [RemoteCollection] {
        guard !names.isEmpty else { return calendars }
        return try names.flatMap { name in
            let found = try calendars.filter { try fits($0, name) }
            guard !found.isEmpty else {
                let remedy = accounts.isEmpty ? "tandem auth login" : "tandem calendars list"
                let why = accounts.isEmpty ? ", and no account that could have one" : ""
                let known = calendars.map(\.name) + (accounts.isEmpty ? [] : ["primary"])
                throw TandemError(
                    .notFound,
                    "There is no calendar \(Nearest.quoted(name))\(why)."
                        + Nearest.question(name, among: known),
                    remedy: remedy)
            }
            return found
        }
    }

    private func fits(_ calendar: RemoteCollection, _ name: String) throws -> Bool {
        if calendar.id.rawValue == name || calendar.remoteID.rawValue == name
            || calendar.name.lowercased() == name.lowercased()
        {
            return true
        }
        if calendar.resource?.rawValue == name { return true }
        return try name.lowercased() == "primary" && isPrimary(calendar)
    }

    private func isPrimary(_ calendar: RemoteCollection) throws -> Bool {
        guard let entry = calendar.resource else { return false }
        return try transaction.resources.find(entry)?.live?["primary"]?.bool == true
    }

    /// The one calendar of an account that something of its is moved to.
    ///
    /// - Throws: `TandemError` with code `notFound` or `ambiguous`; with `invalid` where only
    ///   other accounts have such a calendar.
    func destination(named name: String, of account: AccountID) throws -> RemoteCollection {
        let fitting = try calendars(named: [name]).filter { $0.account == account }
        guard let calendar = fitting.first else {
            throw TandemError(
                .invalid,
                "The calendar '\(name)' belongs to another account; an event can only be moved "
                    + "within one.")
        }
        guard fitting.count == 1 else {
            throw TandemError(
                .ambiguous, "Several calendars are called '\(name)'.",
                remedy: "Use the calendar's id: tandem calendars list")
        }
        return calendar
    }

    /// The one calendar that a new event goes to.
    ///
    /// - Parameter name: What was said; the primary calendar of the only account without it.
    /// - Returns: The calendar.
    /// - Throws: `TandemError` with code `notFound` or `ambiguous`.
    func calendar(named name: String?) throws -> RemoteCollection {
        let fitting = try calendars(named: [name ?? "primary"])
        guard fitting.count > 1 else { return fitting[0] }
        throw TandemError(
            .ambiguous,
            name == nil
                ? "There are several accounts, so say which one is meant."
                : "Several calendars are called '\(name ?? "")'.",
            remedy: "Add --account NAME, or the calendar's id: tandem calendars list")
    }
}

extension Account {
    /// Whether a person means it by `word`: its name, its address or its id.
    func isCalled(_ word: String) -> Bool {
        name == word || id.rawValue == word || email?.lowercased() == word.lowercased()
    }
}
