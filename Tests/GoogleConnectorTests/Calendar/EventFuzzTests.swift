import LosslessJSON
import TandemCore
import Testing

@testable import GoogleConnector

/// Events that a careless or hostile hand has been at.
struct EventFuzzTests {
    static let seeds = 0..<20

    @Test(arguments: seeds)
    func `no event is too odd for the rules`(seed: Int) {
        let mutator = EventMutator(seed: UInt64(seed))
        let rules = EventRules()
        for _ in 0..<1_000 {
            let event = mutator.event()
            let other = mutator.event()
            let form = rules.canonical(event)
            #expect(rules.canonical(form) == form, "\(event.text)")
            #expect(rules.canonical(mutator.respelled(event)) == form, "\(event.text)")
            _ = rules.projection(of: event)
            _ = refusal(rules, event)
            _ = rules.isTombstone(event)
            _ = rules.makeRemoteID(for: event, random: mutator.random)
            _ = rules.slotExists(for: event, in: other)
            _ = rules.recreated(
                event, as: rules.mayRecreate(event) ? nil : rules.remoteID(of: other))
            #expect(rules.notified(before: event, after: event) == [])
            _ = rules.notified(before: event, after: other)
            if let own = rules.ownPart(of: other, base: event) { #expect(own != event) }
            #expect(rules.ownPart(of: event, base: event) == nil)
            let calendars = CalendarRules()
            let calendarForm = calendars.canonical(event)
            #expect(calendars.canonical(calendarForm) == calendarForm)
            _ = calendars.projection(of: event)
            _ = refusal(calendars, event)
            _ = calendars.collection(for: event)
        }
    }

    @Test(arguments: seeds)
    func `a mutated event is projected alike from a tree and from bytes`(seed: Int) throws {
        let mutator = EventMutator(seed: UInt64(seed) + 1_000)
        let rules = EventRules()
        for _ in 0..<200 {
            let event = mutator.event()
            let node = try JSONDocument(parsing: event.serialized()).root
            #expect(rules.projection(of: node) == rules.projection(of: event))
        }
    }

    @Test func `a valid event stays valid in its canonical form`() {
        let rules = EventRules()
        for event in Sample.all {
            var form = rules.canonical(event)
            for name in ["id", "etag", "recurringEventId", "originalStartTime"] {
                form[name] = event[name]
            }
            #expect(refusal(rules, form) == nil)
        }
    }
}
