import ArgumentParser
import Testing

@testable import tandem

@Suite struct EventsListTests {
    @Test(arguments: ["", "  ", "***", "\u{7}"])
    func `a query without any word is refused, as it could mean all or nothing`(words: String) {
        let error = #expect(throws: (any Error).self) {
            try EventsList.parse(["--query", words])
        }
        let message = error.map { EventsList.message(for: $0) }
        #expect(message?.contains("leave it out to list every event") == true)
    }

    @Test(arguments: ["pump", "2026", "東京", "a***"])
    func `a query with a word is taken`(words: String) throws {
        #expect(try EventsList.parse(["--query", words]).query == words)
    }
}
