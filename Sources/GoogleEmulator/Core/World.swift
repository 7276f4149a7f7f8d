import LosslessJSON
import TandemFormats

/// Everything the local Google knows; only touched under the lock of ``LocalGoogle``.
///
/// A class, because its parts refer to each other and are changed in place: a copy of ten
/// thousand events per request would be absurd.
final class World {
    let configuration: LocalGoogleConfiguration
    let seed: UInt64
    let signer: TokenSigner
    var random: SplitMix64
    /// The time of the request being served, in milliseconds since 1970.
    var now: Int64
    /// What has to be added to the given clock, in milliseconds.
    var clockOffset: Int64 = 0
    var lastVersion: Int64 = 0
    private(set) var accounts: [String: Account] = [:]
    private(set) var accountOrder: [String] = []
    private(set) var calendars: [String: CalendarRecord] = [:]
    private(set) var calendarOrder: [String] = []
    var oauth: OAuthState
    var cursorFloors: [CursorFloor] = []
    var pendingConferences: [PendingConference] = []
    var mails = MailCount()

    init(
        configuration: LocalGoogleConfiguration, seed: UInt64, now: Int64, signer: TokenSigner
    ) {
        self.configuration = configuration
        self.seed = seed
        self.now = now
        self.signer = signer
        random = SplitMix64(seed: seed)
        oauth = OAuthState(configuration: configuration)
        let users = configuration.users.isEmpty ? ["ada@example.com"] : configuration.users
        for email in users + configuration.tokens.map(\.email) { ensureAccount(email) }
        for fixed in configuration.tokens {
            oauth.fixedTokens[fixed.token] = fixed.email.lowercased()
        }
    }

    /// The account that signs in when nobody else is named.
    var defaultAccount: Account? { accountOrder.first.flatMap { accounts[$0] } }

    /// The account of that address, compared without case.
    func account(_ email: String) -> Account? { accounts[email.lowercased()] }

    /// The account of that address; it is made, with its primary calendar, if need be.
    @discardableResult
    func ensureAccount(_ address: String, name: String? = nil) -> Account {
        let email = address.lowercased()
        if let known = accounts[email] { return known }
        let account = Account(
            email: email, subject: "1" + random.word(20, from: Alphabet.digits), name: name)
        accounts[email] = account
        accountOrder.append(email)
        // A seed may have given the address to a calendar before; then that one is the user's.
        let calendar =
            calendars[email]
            ?? CalendarRecord(
                id: email, owner: email, isPrimary: true,
                metadata: ["summary": .string(email), "timeZone": .string(account.timeZone)],
                created: now)
        if calendars[email] == nil { add(calendar) }
        calendar.rules.set(scopeType: "user", value: email, role: .owner, version: nextVersion())
        account.subscribe(to: calendar, color: account.listEntries.count, version: nextVersion())
        return account
    }

    /// The calendar of that id.
    func calendar(_ id: String) -> CalendarRecord? { calendars[id] }

    /// Takes a calendar in; its id must be new.
    func add(_ calendar: CalendarRecord) {
        precondition(calendars[calendar.id] == nil, "A calendar's id is taken.")
        calendar.version = nextVersion()
        calendars[calendar.id] = calendar
        calendarOrder.append(calendar.id)
    }

    /// Destroys a calendar and every account's entry of it.
    func remove(_ calendar: CalendarRecord) {
        calendars[calendar.id] = nil
        calendarOrder.removeAll { $0 == calendar.id }
        for email in accountOrder {
            accounts[email]?.unsubscribe(from: calendar.id, version: nextVersion())
        }
    }

    /// Replaces accounts and calendars, as a snapshot asks.
    func replace(accounts newAccounts: [Account], calendars newCalendars: [CalendarRecord]) {
        accounts = [:]
        accountOrder = newAccounts.map(\.email)
        for account in newAccounts { accounts[account.email] = account }
        calendars = [:]
        calendarOrder = newCalendars.map(\.id)
        for calendar in newCalendars { calendars[calendar.id] = calendar }
    }

    /// Calendars in the order of their making.
    var allCalendars: [CalendarRecord] { calendarOrder.compactMap { calendars[$0] } }

    /// Accounts in the order of their making.
    var allAccounts: [Account] { accountOrder.compactMap { accounts[$0] } }

    /// A number that grows with every change, near twice the microseconds since 1970, as
    /// Google's etags of events look.
    func nextVersion() -> Int64 {
        lastVersion = max(lastVersion + 2, now &* 2000)
        return lastVersion
    }

    /// An id as Google makes them for events.
    func nextEventID() -> String { random.word(26, from: Alphabet.base32Hex) }

    /// What an account may do with a calendar.
    func role(of account: Account, in calendar: CalendarRecord) -> AccessRole {
        calendar.rules.role(of: account.email)
    }
}

/// Mails that would have been sent to guests.
struct MailCount {
    /// One for each guest and each event.
    var total: Int64 = 0
    /// The same by the address they would have gone to, in order of the first one.
    var byAddress: [(address: String, count: Int64)] = []

    mutating func add(_ address: String) {
        total += 1
        if let index = byAddress.firstIndex(where: { $0.address == address }) {
            byAddress[index].count += 1
        } else {
            byAddress.append((address, 1))
        }
    }
}
