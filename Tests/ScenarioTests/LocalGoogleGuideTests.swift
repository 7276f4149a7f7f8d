import Testing

/// The guide to the local Google, followed word by word.
@Suite(.serialized) struct LocalGoogleGuideTests {
    @Test func `every command of the guide does what the guide says`() throws {
        let guide = try FollowedGuide("Documentation/Guides/LocalGoogle.md")
        #expect(guide.blocks.count > 8)
        try guide.follow()
    }

    @Test func `a printed line fits its pattern, and no other one`() {
        #expect(FollowedGuide.fits(["a 12 b"], ["a … b"]))
        #expect(FollowedGuide.fits(["a 12"], ["a …"]))
        #expect(!FollowedGuide.fits(["x a 12 b"], ["a … b"]))
        #expect(!FollowedGuide.fits(["a 12 bc"], ["a … b"]))
        #expect(!FollowedGuide.fits([], ["a"]))
    }
}
