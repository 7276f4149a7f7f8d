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
    /// - Returns: The account.
    /// - Throws: ``CommandFailure`` with exit `denied` where edits of somebody else wait in the
    ///   account; then nothing was changed.
    func keep(
        _ identity: SignedInIdentity, _ sealed: SealedGrant, name: String?
    ) throws -> Account {
        var account = try account(for: identity, named: name, scopes: sealed.grant.scopes)
        if !identity.fits(account) { try giveUp(account, to: identity) }
        account.subject = identity.subject
        account.email = identity.email ?? account.email
        account.scopes = sealed.grant.scopes
        account.state = .ok
        account.parkedUntil = nil
        account.parkReason = nil
        try transaction.accounts.update(account)
        try sealed.keep(for: account.id, in: transaction)
        return account
    }

    private func account(
        for identity: SignedInIdentity, named name: String?, scopes: [String]
    ) throws -> Account {
        let all = try transaction.accounts.list().filter { $0.provider == Self.provider }
        if let name {
            if let found = all.first(where: { $0.isCalled(name) }) { return found }
        } else if let found = all.first(where: { $0.subject != nil && identity.fits($0) }) {
            return found
        }
        return try transaction.accounts.add(
            name: name ?? freeName(for: identity, besides: all), provider: Self.provider,
            email: identity.email, subject: identity.subject, scopes: scopes)
    }

    /// `ada` for `ada@example.com`, unless another account is called so.
    private func freeName(for identity: SignedInIdentity, besides all: [Account]) -> String {
        let email = identity.email ?? identity.subject
        let short = email.split(separator: "@").first.map(String.init) ?? email
        let taken = Set(all.map(\.name))
        if !taken.contains(short) { return short }
        if !taken.contains(email) { return email }
        return (2...).lazy.map { "\(short)-\($0)" }.first { !taken.contains($0) } ?? email
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
