import Testing

/// The page of the examples, followed word by word with the built programs.
@Suite struct ExampleTests {
    @Test func `every example prints what its page says`() throws {
        let page = try FollowedGuide("Examples/README.md")
        let outputs = page.blocks.count { $0.output != nil }
        #expect(outputs >= 6)
        try page.follow(with: ["EmbeddedSync", "CalendarListing"])
        print("examples: \(outputs) outputs as their page says")
    }
}
