/// Everything the local Google knows; only touched under the lock of ``LocalGoogle``.
///
/// A class, because its parts refer to each other and are changed in place: a copy of ten
/// thousand events per request would be absurd.
final class World {
    let configuration: LocalGoogleConfiguration
    let services: ServiceList
    let seed: UInt64
    let signer: TokenSigner
    var random: SplitMix64
    /// The time of the request being served, in milliseconds since 1970.
    var now: Int64
    /// What has to be added to the given clock, in milliseconds.
    var clockOffset: Int64 = 0
    var lastVersion: Int64 = 0
    /// What was told before the world was put back, and still holds.
    var timeline: Timeline
    private(set) var accounts: [String: Account] = [:]
    private(set) var accountOrder: [String] = []
    /// Choices where Google's behaviour is uncertain.
    var switches: Switches
    /// What is to be sent to others.
    var outbox: Outbox
    var mails = MailCount()
    var groups = UserGroups()
    /// Who sends the request, where that was found out before; `nil` where its token tells.
    var sender: Result<Credential, GoogleFailure>?

    // Each service's own part, which only that service looks into.
    var oauth: OAuthState
    var calendarState = CalendarState()

    init(
        configuration: LocalGoogleConfiguration, services: ServiceList = .standard, seed: UInt64,
        now: Int64, signer: TokenSigner, lastPost: Int64 = 0, round: Int64 = 0
    ) {
        self.configuration = configuration
        self.services = services
        switches = configuration.switches
        outbox = Outbox(lastID: lastPost)
        self.seed = seed
        timeline = Timeline(seed: seed, now: now, round: round)
        self.now = now
        self.signer = signer
        random = SplitMix64(seed: seed)
        oauth = OAuthState(configuration: configuration)
        let users = configuration.users.isEmpty ? ["ada@example.com"] : configuration.users
        for email in users + configuration.tokens.map(\.email) { ensureAccount(email) }
        for fixed in configuration.tokens {
            oauth.fixedTokens[fixed.token] = fixed.email.lowercased()
        }
        for known in configuration.serviceAccounts { register(known) }
    }

    /// The account that signs in when nobody else is named.
    var defaultAccount: Account? { accountOrder.first.flatMap { accounts[$0] } }

    /// The account of that address, compared without case.
    func account(_ email: String) -> Account? { accounts[email.lowercased()] }

    /// The account of that address; it is made, with what everybody has, if need be.
    @discardableResult
    func ensureAccount(
        _ address: String, name: String? = nil, subject: String? = nil
    ) -> Account {
        let email = address.lowercased()
        if let known = accounts[email] { return known }
        let account = Account(
            email: email, subject: subject ?? "1" + random.word(20, from: Alphabet.digits),
            name: name)
        accounts[email] = account
        accountOrder.append(email)
        for service in services.all { service.welcome(account, to: self) }
        return account
    }

    /// Replaces the accounts, as a snapshot asks; services bring what belongs to each.
    func replace(accounts newAccounts: [Account]) {
        accountOrder = newAccounts.map(\.email)
        accounts = [:]
        for account in newAccounts { accounts[account.email] = account }
    }

    /// Accounts in the order of their making.
    var allAccounts: [Account] { accountOrder.compactMap { accounts[$0] } }

    /// A number that grows with every change, near twice the microseconds since 1970, as
    /// Google's etags of events look.
    func nextVersion() -> Int64 {
        timeline.write(after: lastVersion)
        lastVersion = max(lastVersion + 2, now &* 2000)
        return lastVersion
    }
}

/// Mails that would have been sent to guests.
struct MailCount {
    /// One for each guest and each event.
    var total: Int64 = 0
    /// The same by the address they would have gone to, in order of the first one.
    private(set) var byAddress: [(address: String, count: Int64)] = []
    private var places: [String: Int] = [:]

    /// Mails to addresses that are not told apart.
    var toOthers: Int64 { byAddress.reduce(total) { $0 - $1.count } }

    /// So many addresses are told apart; mails to further ones are only in the total.
    static let maxAddresses = 10_000

    /// Counts mails; those to nobody in particular are only in the total.
    mutating func add(_ address: String?, _ count: Int64 = 1) {
        total += count
        guard let address else { return }
        if let place = places[address] {
            byAddress[place].count += count
        } else if byAddress.count < Self.maxAddresses {
            places[address] = byAddress.count
            byAddress.append((address, count))
        }
    }
}
