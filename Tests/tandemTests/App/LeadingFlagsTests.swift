import ArgumentParser
import Testing

@testable import tandem

@Suite struct LeadingFlagsTests {
    @Test(arguments: [
        (["-q", "sync"], ["sync", "-q"]),
        (["-qv", "--json", "events", "list"], ["events", "list", "-qv", "--json"]),
        (["--account", "ada", "status"], ["status", "--account", "ada"]),
        (["--color=never", "log", "x"], ["log", "x", "--color=never"]),
        (
            ["--color", "never", "events", "get", "x", "--color", "always"],
            ["events", "get", "x", "--color", "never", "--color", "always"]
        ),
        (["-v", "run", "--", "-x"], ["run", "-v", "--", "-x"]),
    ])
    func `global flags in front of the command count as if they stood behind it`(
        typed: [String], parsed: [String]
    ) {
        #expect(LeadingFlags.moved(behind: typed) == parsed)
    }

    @Test func `a duration that goes back is told what to type`() throws {
        let typed = ["emulator", "clock", "advance", "-1d", "--json"]
        #expect(
            LeadingFlags.shielding(typed)
                == ["emulator", "clock", "advance", "--json", "--", "-1d"])
        for others in [
            ["emulator", "clock", "set", "-1d"], ["emulator", "clock", "advance", "-v"],
        ] {
            #expect(LeadingFlags.shielding(others) == others)
        }
        let error = #expect(throws: (any Error).self) {
            try EmulatorClockAdvance.parse(["--", "-1d"])
        }
        let message = error.map { EmulatorClockAdvance.message(for: $0) } ?? ""
        #expect(message.contains("only goes forward"))
        #expect(message.contains("tandem emulator clock set TIME"))
    }

    @Test(arguments: [
        [], ["-q"], ["--account", "sync"], ["--account"], ["-n", "sync"], ["-q", "-n", "sync"],
        ["sync", "-q"], ["-"], ["--", "sync"], ["--bogus"], ["-q", "--help"], ["--version"],
    ])
    func `everything else is left to the parser`(typed: [String]) {
        #expect(LeadingFlags.moved(behind: typed) == typed)
    }
}
