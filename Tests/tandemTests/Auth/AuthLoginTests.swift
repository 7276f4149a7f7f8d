import ArgumentParser
import Testing

@testable import tandem

@Suite struct AuthLoginTests {
    @Test(arguments: [
        ([], 0), (["--logging_level", "DEBUG"], 2), (["--logging_level", "info"], 1),
        (["--logging_level", "WARNING"], 0), (["--logging_level", "ERROR"], 0),
        (["--logging_level", "CRITICAL"], 0), (["--logging_level", "INFO", "-vv"], 2),
        (["-v", "--logging_level", "DEBUG"], 2),
    ])
    func `the sample's logging levels are as chatty as -v`(
        flags: [String], verbosity: Int
    ) throws {
        #expect(try AuthLogin.parse(flags).spokenOptions.verbose == verbosity)
    }

    @Test func `a level that does not exist is refused by all their names`() {
        let error = #expect(throws: (any Error).self) {
            try AuthLogin.parse(["--logging_level", "LOUD"])
        }
        #expect(
            error.map { AuthLogin.message(for: $0) }?
                .contains("DEBUG, INFO, WARNING, ERROR or CRITICAL") == true)
    }
}
