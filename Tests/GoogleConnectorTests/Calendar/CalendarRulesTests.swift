import LosslessJSON
import TandemCore
import Testing

@testable import GoogleConnector

struct CalendarRulesTests {
    let rules = CalendarRules()

    static let entry: JSON = [
        "kind": "calendar#calendarListEntry", "etag": "\"1700000000000000\"",
        "id": "team@group.calendar.example", "summary": "Team", "description": "Shifts",
        "location": "Lyon", "timeZone": "Europe/Paris", "summaryOverride": "My team",
        "colorId": "16", "backgroundColor": "#4986E7", "foregroundColor": "#000000",
        "selected": true, "accessRole": "writer",
        "defaultReminders": [
            ["method": "popup", "minutes": 10], ["method": "email", "minutes": 30],
        ],
        "notificationSettings": [
            "notifications": [["type": "eventCreation", "method": "email"]]
        ],
        "conferenceProperties": ["allowedConferenceSolutionTypes": ["hangoutsMeet"]],
        "dataOwner": "grace@example.com", "futureMember": 1.0,
    ]

    @Test func `equal entries look equal`() {
        let other = Self.entry.with([
            "etag": "\"2\"", "dataOwner": "bob@example.com", "backgroundColor": "#4986e7",
            "hidden": false,
            "notificationSettings": [
                "notifications": [["method": "email", "type": "eventCreation"]]
            ],
            "defaultReminders": [
                ["minutes": 30, "method": "email"], ["method": "popup", "minutes": 10],
            ],
            "autoAcceptInvitations": false,
        ])
        #expect(rules.canonical(other) == rules.canonical(Self.entry))
        #expect(rules.canonical(Self.entry)["futureMember"]?.text == "1.0")
        #expect(rules.canonical(rules.canonical(Self.entry)) == rules.canonical(Self.entry))
    }

    @Test(
        arguments: [
            ["summaryOverride": .null], ["selected": false], ["hidden": true], ["timeZone": "UTC"],
            ["defaultReminders": []], ["backgroundColor": "#000000"], ["futureMember": 1],
            ["notificationSettings": .null], ["accessRole": "reader"],
        ] as [JSON])
    func `different entries look different`(change: JSON) {
        #expect(rules.canonical(Self.entry.merging(change)) != rules.canonical(Self.entry))
    }

    @Test(
        arguments: [
            ("owner", .own), ("writer", .write), ("writerWithoutPrivateAccess", .write),
            ("reader", .read), ("freeBusyReader", .freeBusy), ("none", .freeBusy),
            ("somethingNew", .read), (nil, .read),
        ] as [(String?, CollectionAccess)])
    func `a role says what may be done`(role: String?, access: CollectionAccess) {
        let entry = Self.entry.with(["accessRole": role.map { .string($0) } ?? .null])
        #expect(
            rules.collection(for: entry)
                == CollectionDraft(
                    remoteID: RemoteID(rawValue: "team@group.calendar.example"), kind: .event,
                    name: "My team", access: access, timeZone: "Europe/Paris"))
    }

    @Test func `an entry that left the list stands for no collection`() {
        let gone: JSON = ["id": "x", "deleted": true]
        #expect(rules.isTombstone(gone) && rules.collection(for: gone) == nil)
        #expect(rules.collection(for: [:]) == nil && rules.collection(for: "x") == nil)
        #expect(!rules.isTombstone(Self.entry))
    }

    @Test func `its name is one's own, else the calendar's, else its id`() {
        #expect(rules.projection(of: Self.entry).title == "My team")
        #expect(rules.projection(of: ["id": "x", "summary": "S"]).title == "S")
        #expect(rules.projection(of: ["id": "x", "summary": ""]).title == "x")
        #expect(rules.projection(of: Self.entry).searchText.contains("Shifts"))
        #expect(rules.projection(of: Self.entry).span == nil)
    }

    @Test func `a new calendar is named by Google, a subscription by its id`() {
        let random = SeededRandom(seed: 1)
        #expect(rules.makeRemoteID(for: ["summary": "New"], random: random) == nil)
        #expect(rules.makeRemoteID(for: ["id": "a@b"], random: random)?.rawValue == "a@b")
    }

    @Test func `without rights on the calendar the own view is still changed`() {
        let edited = Self.entry.with([
            "summary": "Ours", "summaryOverride": .null, "colorId": "3", "selected": .null,
        ])
        let expected = Self.entry.with([
            "summaryOverride": .null, "colorId": "3", "selected": .null,
        ])
        #expect(rules.ownPart(of: edited, base: Self.entry) == expected)
        #expect(rules.ownPart(of: Self.entry.with(["summary": "X"]), base: Self.entry) == nil)
        #expect(!rules.mayRecreate(Self.entry))
    }

    @Test func `made again, it is a new calendar without what Google owned`() {
        let copy = rules.recreated(Self.entry, as: nil)
        #expect(CalendarRules.readOnlyMembers.isDisjoint(with: copy.object?.keys ?? []))
        #expect(copy["summary"] == "Team")
    }

    @Test(
        arguments: [
            entry, ["summary": "New"], ["id": "a@b"],
            entry.with(["timeZone": .null, "colorId": .null]),
        ] as [JSON])
    func `a good entry is accepted`(entry: JSON) {
        #expect(refusal(rules, entry) == nil)
    }

    @Test(
        arguments: [
            ([:], "summary"), (["summary": ""], "summary"), ("x", "object"),
            (entry.with(["timeZone": "Mars/Base"]), "IANA"),
            (entry.with(["summary": 5]), "summary"),
            (entry.with(["selected": "yes"]), "selected"),
            (entry.with(["backgroundColor": "red"]), "colour"),
            (entry.with(["foregroundColor": "#12345g"]), "colour"),
            (entry.with(["defaultReminders": [["method": "popup"]]]), "minutes"),
            (entry.with(["defaultReminders": 3]), "list"),
            (entry.with(["description": .string(String(repeating: "x", count: 9000))]), "8192"),
            (entry.with(["future": .string(String(repeating: "x", count: 1 << 20))]), "1 MiB"),
        ] as [(JSON, String)])
    func `a bad entry is refused with a reason`(entry: JSON, word: String) {
        let error = refusal(rules, entry)
        #expect(error?.code == .invalid)
        #expect(error?.message.contains(word) == true, "\(error?.message ?? "accepted")")
    }

    @Test func `shared parts and own parts are told apart`() {
        let own = rules.fields.filter { $0.merging == .ownSide }.flatMap(\.members)
            .compactMap(\.components.first)
        #expect(Set(own) == CalendarRules.viewMembers)
    }
}
