import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Section 4 of the Calendar contract: how long removed rules and entries are told of.
@Suite struct RemovalTests {
    let local = Local()
    private let acl = "calendars/primary/acl"
    private let lists = "users/me/calendarList"

    private func rule(_ number: Int, _ role: String) -> JSON {
        [
            "role": .string(role),
            "scope": ["type": "user", "value": .string("guest\(number)@example.net")],
        ]
    }

    /// Gives and takes away the roles of so many.
    private func remove(_ numbers: Range<Int>) {
        for role in ["reader", "none"] {
            let rules = numbers.map { rule($0, role) }
            let seed: JSON = [
                "calendars": [["owner": "ada@example.com", "acl": .array(rules)]]
            ]
            #expect(local.control("POST", "seed", seed).status == 200)
        }
    }

    private func token(_ list: String) -> String { local.get(list)["nextSyncToken"]?.string ?? "" }

    @Test func `a rule that changed many times is told as removed`() {
        let before = token(acl)
        let one = acl + "/user%3Agrace%40example.com"
        for role in Array(repeating: ["reader", "writer"], count: 30).joined() {
            share(local, with: "grace", as: role)
        }
        #expect(local.call("DELETE", one).status == 204)
        let delta = local.get("\(acl)?syncToken=\(before)")
        #expect(delta.items.map { $0["role"] } == ["none"])
    }

    @Test func `removed rules are bounded, and a cursor from before the forgotten ones is void`() {
        let first = token(acl)
        remove(0..<1000)
        #expect(local.get("\(acl)?syncToken=\(first)&maxResults=250").items.count == 250)
        let later = token(acl)
        let page = local.get("\(acl)?showDeleted=true&maxResults=2")["nextPageToken"]?.string
        remove(1000..<1001)
        let void = local.get("\(acl)?syncToken=\(first)")
        #expect(void.status == 410)
        #expect(void.reason == "fullSyncRequired")
        #expect(local.get("\(acl)?syncToken=\(later)").items.map { $0["role"] } == ["none"])
        let next = "\(acl)?showDeleted=true&maxResults=2&pageToken=\(page ?? "")"
        #expect(local.get(next).status == 400)
        #expect(local.get(acl).ids == ["user:ada@example.com"])
        #expect(local.get("\(acl)?syncToken=\(token(acl))").items.isEmpty)
    }

    @Test func `what is void stays so after a wrong seed, and other listings go on`() {
        let (rules, events) = (token(acl), token("calendars/primary/events"))
        let entries = token(lists)
        remove(0..<1001)
        // What a wrong seed did is undone by a snapshot.
        #expect(local.control("POST", "seed", ["calendars": [["events": [5]]]]).status == 400)
        #expect(local.get("\(acl)?syncToken=\(rules)").status == 410)
        #expect(local.get("\(lists)?syncToken=\(entries)").status == 200)
        #expect(local.get("calendars/primary/events?syncToken=\(events)").status == 200)
    }

    @Test func `removed entries of the list are bounded, too`() {
        let first = token(lists)
        func makeAndDelete() {
            let made = local.call("POST", "calendars", ["summary": "Short"])["id"]?.string ?? ""
            let path = "calendars/\(PercentCoding.encode(made))"
            #expect(local.call("DELETE", path).status == 204)
        }
        for _ in 0..<1000 { makeAndDelete() }
        #expect(local.get("\(lists)?syncToken=\(first)").status == 200)
        let later = token(lists)
        makeAndDelete()
        #expect(local.get("\(lists)?syncToken=\(first)").reason == "fullSyncRequired")
        let delta = local.get("\(lists)?syncToken=\(later)")
        #expect(delta.items.map { $0["deleted"] } == [true])
        #expect(local.get(lists).items.count == 1)
    }
}
