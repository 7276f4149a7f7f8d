import GoogleConnector
import LosslessJSON
import TandemCore
import Testing

/// What events say about who did something to them.
@Suite struct EventAnswerTests {
    private static let bob: JSON = [
        "email": "bob@example.com", "displayName": "Bob", "responseStatus": "needsAction",
    ]
    private static let ada: JSON = ["email": "ada@example.com", "self": true]

    private func event(_ guests: JSON..., more: JSON = [:]) -> JSON {
        Sample.single.merging(["attendees": .array(guests)]).merging(more)
    }

    /// Who answered, by address.
    private func answers(from before: JSON, to after: JSON) -> [String]? {
        EventRules().answers(from: before, to: after)?.compactMap { $0["email"]?.string }
    }

    @Test(arguments: [
        ["responseStatus": "accepted"], ["responseStatus": "declined", "comment": "Ill"],
        ["responseStatus": "tentative", "additionalGuests": 2] as JSON,
        ["responseStatus": "accepted", "email": "BOB@example.com"],
    ])
    func `an answer is told from what else came with it`(answer: JSON) {
        let before = event(Self.ada, Self.bob)
        let after = event(
            Self.ada, Self.bob.merging(answer),
            more: ["etag": "\"2\"", "updated": "2026-11-04T09:14:27.018Z", "sequence": 1])
        #expect(answers(from: before, to: after) == ["bob@example.com"])
        #expect(answers(from: before, to: after.merging(["summary": "Other"])) == nil)
        #expect(answers(from: before, to: after.merging(["x-unknown": 1])) == nil)
        let properties: JSON = ["extendedProperties": ["other": "1"]]
        #expect(answers(from: before, to: after.merging(properties)) == nil)
    }

    @Test func `who comes, goes or changes in another way answers nothing`() {
        let before = event(Self.ada, Self.bob)
        let yes: JSON = ["responseStatus": "accepted"]
        #expect(answers(from: before, to: before) == nil)
        #expect(answers(from: before, to: event(Self.bob, Self.ada)) == nil)
        #expect(answers(from: before, to: event(Self.ada)) == nil)
        #expect(answers(from: before, to: Sample.single) == nil)
        #expect(answers(from: Sample.single, to: event(Self.bob.merging(yes))) == nil)
        let other = Self.bob.merging(yes).merging(["email": "eve@example.com"])
        #expect(answers(from: before, to: event(Self.ada, other)) == nil)
        #expect(
            answers(from: before, to: event(Self.ada, Self.bob.merging(["optional": true]))) == nil)
        let both = event(Self.ada.merging(yes), Self.bob.merging(yes))
        #expect(answers(from: before, to: both) == ["ada@example.com", "bob@example.com"])
    }

    @Test(arguments: [
        JSON.null, "no list", ["a"], [["no": "address"]], [["email": 1]],
        [["email": "a@x"], ["email": "a@x", "responseStatus": "accepted"]],
    ])
    func `odd lists of guests answer nothing, and trap nothing`(guests: JSON) {
        let (odd, plain) = (Sample.single.merging(["x": 1]), event(Self.bob))
        var broken = odd
        broken["attendees"] = guests
        for (before, after) in [(plain, broken), (broken, plain), (broken, odd), (odd, broken)] {
            #expect(answers(from: before, to: after) == nil)
        }
        #expect(EventRules().answers(from: guests, to: "text") == nil)
    }

    @Test func `a guest is an address and a name`() {
        let rules = EventRules()
        #expect(rules.person(Self.bob) == Person(name: "Bob", email: "bob@example.com"))
        #expect(rules.person(["displayName": "Bob"]) == Person(name: "Bob", email: nil))
        for odd: JSON in [[:], .null, "bob", ["email": 1]] { #expect(rules.person(odd) == nil) }
    }

    @Test func `an event tells who made it, an exception does not`() {
        let rules = EventRules()
        #expect(rules.maker(of: Sample.single) == Person(email: "ada@example.com"))
        #expect(rules.maker(of: Sample.allDay) == nil)
        let exception = Sample.exception.merging(["creator": ["email": "bob@example.com"]])
        #expect(rules.maker(of: exception) == nil)
        for odd: JSON in [["creator": "bob"], ["creator": .null], "text"] {
            #expect(rules.maker(of: odd) == nil)
        }
    }
}
