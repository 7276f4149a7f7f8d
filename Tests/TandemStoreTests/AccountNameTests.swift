import TandemCore
import TandemTesting
import Testing

@testable import TandemStore

@Suite struct AccountNameTests {
    @Test(arguments: [
        "ada", "Ada Lovelace", "ada@example.com", "o'brien+x", "Änne", "work-2", "a.b", "日本",
        "👩", String(repeating: "x", count: 100),
    ])
    func `what a person would call an account is a name`(name: String) {
        #expect(AccountName.problem(of: name) == nil)
    }

    @Test(arguments: [
        "", " ", "a ", " a", ".", "..", "../../x", "a/b", "a\\b", "-x", "--account", "a\nb",
        "a\u{0}",
        "a\u{1B}[31m", "a\tb", "\u{202E}a", "a\u{2028}b", "\u{7F}", "\u{85}", "a\u{200B}",
        String(repeating: "x", count: 101), String(repeating: "x", count: 10_000),
        "e" + String(repeating: "\u{301}", count: 1_000),
    ])
    func `what could steer a terminal, a path or a command line is none`(name: String) throws {
        #expect(AccountName.problem(of: name) != nil)
        let store = try TestStore.inMemory()
        let error = #expect(throws: StoreError.self) {
            try store.writeBlocking { try $0.accounts.add(name: name, provider: "memory") }
        }
        #expect(error?.message.contains("name") == true)
        #expect(error?.message.contains("CHECK") == false)
        #expect(AccountName.problem(of: AccountName.make(of: name)) == nil)
    }

    @Test func `a name is made of an address, and what it cannot have is replaced`() {
        #expect(AccountName.make(of: "ada") == "ada")
        #expect(AccountName.make(of: "a/b c\n") == "a-b-c-")
        #expect(AccountName.make(of: "--") == "account")
        #expect(AccountName.make(of: "") == "account")
    }
}
