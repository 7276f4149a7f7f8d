import GoogleAPI
import TandemCore
import TandemStore

/// Who signed in.
struct SignedInIdentity: Hashable, Sendable {
    /// The provider's stable name for the person.
    var subject: String
    var email: String?

    /// Whether an account belongs to the same person.
    ///
    /// An account that was imported without identity scopes is known by its primary calendar's
    /// id, which is the person's address.
    func fits(_ account: Account) -> Bool {
        guard let known = account.subject else { return true }
        if known == subject { return true }
        return known.lowercased() == email?.lowercased()
            || subject.lowercased() == account.email?.lowercased()
    }
}

/// Puts a sign-in into the store: a new account, or an old one signed in anew.
struct AccountKeeper {
    let transaction: StoreTransaction

    static let provider = "google"

    /// Keeps a sign-in.
    ///
    /// - Parameters:
    ///   - identity: Who signed in.
    ///   - sealed: What was granted.
    ///   - name: What the account is to be called; `nil` takes the account that the person has,
    ///     or a new one called after the address.
    /// - Returns: The account, and whose it was where it changed hands.
    /// - Throws: ``CommandFailure`` with exit `denied` where the person has another account, or where
    ///   edits of somebody else wait in this one; then nothing was changed.
    func keep(
        _ identity: SignedInIdentity, _ sealed: SealedGrant, name: String?
    ) throws -> (account: Account, former: String?) {
        let all = try transaction.accounts.list().filter { $0.provider == Self.provider }
        let found = account(for: identity, named: name, among: all)
        var former: String?
        if found.map(identity.fits) != true {
            try refuseSecond(for: identity, besides: found, among: all)
            if let found {
                try giveUp(found, to: identity)
                former = found.email ?? "somebody else"
            }
        }
        var account =
            try found
            ?? transaction.accounts.add(
                name: name ?? freeName(for: identity, besides: all), provider: Self.provider,
                email: identity.email, subject: identity.subject, scopes: sealed.grant.scopes)
        account.subject = identity.subject
        account.email = identity.email ?? (former == nil ? account.email : nil)
        account.scopes = sealed.grant.scopes
        account.state = .ok
        account.parkedUntil = nil
        account.parkReason = nil
        try transaction.accounts.update(account)
        try sealed.keep(for: account.id, in: transaction)
        return (account, former)
    }

    /// The account that is meant; `nil` for a new one.
    private func account(
        for identity: SignedInIdentity, named name: String?, among all: [Account]
    ) -> Account? {
        if let name { return all.first { $0.isCalled(name) } }
        return all.first { $0.subject != nil && identity.fits($0) }
    }

    /// Refuses a second account of one person: both would sync the same calendars into one store,
    /// so that everything is there twice.
    private func refuseSecond(
        for identity: SignedInIdentity, besides account: Account?, among all: [Account]
    ) throws {
        let other = all.first {
            $0.id != account?.id && $0.subject != nil && identity.fits($0)
        }
        guard let other else { return }
        throw CommandFailure(
            .denied, code: "sameIdentity",
            "\(identity.email ?? "This person") is signed in here already, as the account "
                + "'\(other.name)'; a second one would hold the same calendars once more.",
            remedy: "Renew that account's sign-in: tandem auth login --account "
                + other.name.shellWord)
    }

    /// `ada` for `ada@example.com`, unless another account is called so.
    private func freeName(for identity: SignedInIdentity, besides all: [Account]) -> String {
        let email = identity.email ?? identity.subject
        let short = AccountName.make(
            of: email.split(separator: "@").first.map(String.init) ?? email)
        let long = AccountName.make(of: email)
        let taken = Set(all.map(\.name))
        if !taken.contains(short) { return short }
        if !taken.contains(long) { return long }
        return (2...).lazy.map { "\(short)-\($0)" }.first { !taken.contains($0) } ?? long
    }

    /// Lets another person take an account over, unless edits of the former one wait in it.
    private func giveUp(_ account: Account, to identity: SignedInIdentity) throws {
        let collections = try transaction.collections.list(of: account.id)
        for collection in collections {
            let waits =
                try !transaction.resources.dirty(in: collection.id, limit: 1).isEmpty
                || transaction.conflicts.count(in: collection.id) > 0
            guard !waits else {
                let (owner, other) = (account.email ?? "somebody", identity.email ?? "another")
                throw CommandFailure(
                    .denied, code: "otherIdentity",
                    "The account '\(account.name)' belongs to \(owner) and has edits waiting; they "
                        + "would be sent as \(other).",
                    remedy: "Choose another name: tandem auth login --account NAME")
            }
        }
        for collection in collections { try transaction.collections.remove(collection.id) }
    }
}
