import Testing

@testable import tandem

@Suite struct CountedTests {
    @Test(arguments: [
        (0, "0 calendars"), (1, "1 calendar"), (2, "2 calendars"), (10_000, "10000 calendars"),
    ])
    func `one thing is called otherwise than several`(number: Int, text: String) {
        #expect(Counted.text(number, "calendar") == text)
    }

    @Test func `a word may have a plural of its own`() {
        #expect(Counted.text(1, "address", "addresses") == "1 address")
        #expect(Counted.text(3, "address", "addresses") == "3 addresses")
    }

    @Test(arguments: [
        (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 kB"),
        (289_681, "289.7 kB"), (999_949, "999.9 kB"), (999_950, "1.0 MB"),
        (1_250_000, "1.3 MB"), (5_000_000_000, "5.0 GB"),
    ])
    func `amounts of data are rounded`(number: Int, text: String) {
        #expect(Counted.bytes(number) == text)
    }
}
