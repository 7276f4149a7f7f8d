public import TandemCore

/// One user's sign-in at one provider.
public struct Account: Hashable, Sendable {
    /// Our id.
    public let id: AccountID
    /// Whose it is.
    public let user: UserID
    /// What the user calls it, such as `ada`; unique for the user.
    public var name: String
    /// Which connector reads it, such as `google`.
    public var provider: String
    /// The address it shows; not its identity, since addresses change.
    public var email: String?
    /// The provider's stable name for the person, `sub` in OpenID Connect.
    public var subject: String?
    /// What the user agreed to, in the provider's words.
    public var scopes: [String]
    /// Whether the provider still lets us in.
    public var state: AccountState
    /// When it was added.
    public let createdAt: Timestamp
    /// Until when nothing is sent; `nil` when nothing forbids it.
    public var parkedUntil: Timestamp?
    /// Why nothing is sent until then.
    public var parkReason: String?
}

/// Whether a provider lets an account in.
public enum AccountState: String, Hashable, Sendable, CaseIterable {
    /// It does.
    case ok
    /// The user has to sign in again.
    case needsConsent = "needs-consent"
}
