import LosslessJSON
import Testing

@testable import GoogleEmulator

/// How many rules a calendar has, and how many calendars a user lists.
@Suite struct ListLimitTests {
    private let local = Local()
    private let acl = "calendars/primary/acl"

    private func rule(_ name: String, _ role: String = "reader") -> JSON {
        [
            "role": .string(role),
            "scope": ["type": "user", "value": .string(name + "@example.net")],
        ]
    }

    /// Lets as many rules be in force as may, but for some.
    private func fillRules(but free: Int) {
        local.google.locked { state in
            guard let calendar = state.world.calendar("ada@example.com") else { return }
            var rules = calendar.rules.rules
            for number in rules.count..<(AccessRules.most - free) {
                rules.append(
                    .init(
                        scopeType: "user", value: "u\(number)@example.net", role: .reader,
                        sequence: Int64(number + 1), version: state.world.nextVersion()))
            }
            calendar.rules.restore(rules, sequence: Int64(rules.count))
        }
    }

    /// Lists as many calendars of ada's as may be, but for some.
    private func fillList(but free: Int) {
        local.google.locked { state in
            guard let account = state.world.account("ada@example.com") else { return }
            var entries = account.listEntries
            for number in entries.count..<(World.mostListed - free) {
                entries.append(ListEntry(calendarID: "c\(number)@group.calendar.google.com"))
            }
            account.replaceList(entries, sequence: account.listSequence)
        }
    }

    private func expectFull(_ answer: Answer) {
        #expect(answer.status == 403)
        #expect(answer.domain == "usageLimits")
        #expect(answer.reason == "quotaExceeded")
        #expect(answer.message == "Calendar usage limits exceeded.")
    }

    @Test func `a calendar has so many rules and no more`() {
        fillRules(but: 1)
        #expect(local.call("POST", acl, rule("last")).status == 200)
        expectFull(local.call("POST", acl, rule("more")))
        expectFull(local.call("POST", acl, ["role": "reader", "scope": ["type": "default"]]))
        #expect(local.get("\(acl)/user%3Amore%40example.net").status == 404)
        // What is there may change, and what goes makes room.
        #expect(local.call("POST", acl, rule("last", "writer")).status == 200)
        #expect(local.call("POST", acl, rule("nobody", "none")).status == 200)
        #expect(local.call("DELETE", "\(acl)/user%3Alast%40example.net").status == 204)
        #expect(local.call("POST", acl, rule("more")).status == 200)
        expectFull(local.call("POST", acl, rule("last")))
    }

    @Test func `a user lists so many calendars and no more`() {
        let team = local.call("POST", "calendars", ["summary": "Team"])["id"]?.string ?? ""
        let entry = "users/me/calendarList/\(PercentCoding.encode(team))"
        fillList(but: 0)
        let before = local.google.counters["calendars"]
        expectFull(local.call("POST", "calendars", ["summary": "More"]))
        #expect(local.google.counters["calendars"] == before)
        let again: JSON = ["id": .string(team)]
        #expect(local.call("POST", "users/me/calendarList", again).status == 200)
        #expect(local.call("DELETE", entry).status == 204)
        #expect(local.call("POST", "calendars", ["summary": "More"]).status == 200)
        expectFull(local.call("POST", "users/me/calendarList", again))
    }

    @Test func `a seed keeps to both, and plants nothing otherwise`() {
        fillRules(but: 1)
        fillList(but: 1)
        let before = local.google.counters
        let seeds: [(JSON, String)] = [
            (
                ["calendars": [["owner": "ada@example.com", "acl": [rule("a"), rule("b")]]]],
                "calendars[0].acl[1]"
            ),
            (["calendars": [["summary": "One"], ["summary": "Two"]]], "calendars[1]"),
            (
                ["calendars": [["owner": "ada@example.com", "subscribers": subscribers]]],
                "calendars[0].subscribers[1]"
            ),
            (["generate": ["events": 0, "calendars": 3]], "generate"),
        ]
        for (seed, place) in seeds {
            let answer = local.control("POST", "seed", seed)
            #expect(answer.status == 400)
            #expect(answer["error"]?["code"] == "invalidSeed")
            #expect(answer.message?.hasPrefix(place + ":") == true, "\(answer.text)")
        }
        #expect(local.google.counters == before)
        #expect(local.control("POST", "seed", ["calendars": [["summary": "One"]]]).status == 200)
    }

    private let subscribers: JSON = ["grace@example.com", "linus@example.org"]
}
