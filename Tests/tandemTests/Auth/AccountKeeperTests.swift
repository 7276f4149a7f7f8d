import GoogleAPI
import TandemCore
import TandemStore
import Testing

@testable import tandem

@Suite struct AccountKeeperTests {
    private let store: Store
    private let ada = SignedInIdentity(subject: "1", email: "ada@example.com")
    private let grace = SignedInIdentity(subject: "2", email: "grace@example.com")

    init() throws {
        store = try Store.inMemory(
            rulebook: Rulebook([]),
            environment: TandemEnvironment(clock: SystemClock(), random: SeededRandom(seed: 1)))
    }

    @discardableResult
    private func keep(
        _ identity: SignedInIdentity, _ name: String? = nil
    ) throws -> (account: Account, former: String?) {
        let grant = OAuthGrant(
            source: .user(client: OAuthClient(id: "c", secret: "s"), refreshToken: "1//x"))
        return try store.writeBlocking {
            try AccountKeeper(transaction: $0)
                .keep(identity, SealedGrant(grant: grant, isLocal: true), name: name)
        }
    }

    private func accounts() throws -> [Account] {
        try store.readBlocking { try $0.accounts.list() }
    }

    @Test func `one person gets one account, whatever it is to be called the next time`() throws {
        let first = try keep(ada).account
        #expect(first.name == "ada")
        let before = try accounts()
        let error = #expect(throws: CommandFailure.self) { try keep(ada, "work") }
        #expect(error?.exit == .denied && error?.code == "sameIdentity")
        #expect(error?.message.contains("'ada'") == true)
        #expect(error?.remedy == "Renew that account's sign-in: tandem auth login --account ada")
        #expect(try accounts() == before)
        // By its name, its address or no name it is renewed.
        for name in ["ada", "ADA@example.com", nil] {
            #expect(try keep(ada, name).account.id == first.id)
        }
        #expect(try accounts().count == 1)
    }

    @Test func `a person who is known by the address alone is the same`() throws {
        try keep(SignedInIdentity(subject: "ada@example.com", email: nil), "imported")
        let error = #expect(throws: CommandFailure.self) { try keep(ada, "work") }
        #expect(error?.code == "sameIdentity")
        #expect(try keep(ada).account.name == "imported")
    }

    @Test func `another person's account is not taken over by one who has an account`() throws {
        try keep(ada)
        try keep(grace)
        let before = try accounts()
        let error = #expect(throws: CommandFailure.self) { try keep(grace, "ada") }
        #expect(error?.code == "sameIdentity")
        #expect(try accounts() == before)
    }

    @Test func `an account that changes hands is told as such, and nothing of the former stays`()
        throws
    {
        let id = try keep(ada, "home").account.id
        let kept = try keep(SignedInIdentity(subject: "2", email: nil), "home")
        #expect(kept.account.id == id && kept.former == "ada@example.com")
        #expect(kept.account.subject == "2" && kept.account.email == nil)
        #expect(try keep(grace, "home").former == nil)
    }

    @Test func `who had two accounts before can still renew both`() throws {
        try store.writeBlocking { transaction in
            for name in ["ada", "work"] {
                _ = try transaction.accounts.add(
                    name: name, provider: "google", email: "ada@example.com", subject: "1")
            }
        }
        #expect(try keep(ada, "work").account.name == "work")
        #expect(try accounts().count == 2)
    }

    @Test func `an address that is no name gives one all the same`() throws {
        let odd = SignedInIdentity(subject: "3", email: "a/b\n@example.com")
        #expect(try keep(odd).account.name == "a-b-")
    }
}
