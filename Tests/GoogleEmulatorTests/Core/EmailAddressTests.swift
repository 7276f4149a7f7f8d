import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Which texts can be addresses.
@Suite struct EmailAddressTests {
    @Test(arguments: [
        "ada@example.com", "a.b+c_d'e@sub.example.co.uk", "x@localhost", "müller@bücher.example",
        "family1234@group.calendar.google.com", "en.uk#holiday@group.v.calendar.google.com",
    ])
    func `what people and calendars have is usable`(text: String) {
        #expect(EmailAddress.isUsable(text))
    }

    static let bad = [
        "", "@", "ada", "ada@", "@example.com", "a@b@c", "ada @example.com", "ada@exam ple.com",
        "ada@example.com\n", "ada@\u{a0}example.com", "ada@example..com", "ada@.com", "ada@com.",
        "Ada <ada@example.com>", "ada@example.com,bob@example.com", "a;b@example.com",
        "\"ada\"@example.com", "ada\u{0}@example.com", "mailto:ada@example.com", "ada@[::1]",
        String(repeating: "x", count: 243) + "@example.com",
    ]

    @Test(arguments: bad)
    func `anything else is refused, in seeds and commands too`(text: String) {
        #expect(!EmailAddress.isUsable(text))
        let local = Local()
        let before = local.google.users
        let seeds: [JSON] = [
            ["accounts": [.string(text)]], ["accounts": [["email": .string(text)]]],
            ["groups": [["email": .string(text), "members": []]]],
            ["groups": [["email": "team@example.com", "members": [.string(text)]]]],
            ["calendars": [["owner": .string(text), "summary": "Lab"]]],
        ]
        for seed in seeds { #expect(local.control("POST", "seed", seed).status == 400) }
        let error = #expect(throws: LocalGoogleError.self) { try local.google.addUser(text) }
        #expect(error?.code == .invalidCommand)
        #expect(local.google.users == before)
    }
}
