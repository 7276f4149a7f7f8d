import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Choices where Google is uncertain, each with both its ways.
@Suite struct SwitchTests {
    private func set(_ local: Local, _ switches: JSON) {
        #expect(local.control("POST", "switches", switches).status == 200)
    }

    private func value(_ local: Local, _ name: String) -> JSON? {
        local.control("GET", "switches").items.first { $0["name"]?.string == name }?["value"]
    }

    @Test func `switches are listed, set and put back by a reset`() {
        let local = Local { $0.switches.batchLimit = 50 }
        #expect(local.control("GET", "switches").items.count == SwitchTable.rows.count)
        set(local, ["testingGrants": true, "conferenceCreation": "pending"])
        #expect(value(local, "testingGrants") == true)
        #expect(value(local, "conferenceCreation") == "pending")
        #expect(value(local, "batchLimit") == 50)
        #expect(local.google.switches.testingGrants)
        set(local, ["conferencePendingSeconds": .null])
        #expect(value(local, "conferencePendingSeconds") == .null)
        _ = local.control("POST", "reset")
        #expect(value(local, "testingGrants") == false)
        #expect(value(local, "conferencePendingSeconds") == 10)
        #expect(value(local, "batchLimit") == 50)
    }

    static let refused = [
        "{\"testingGrants\":1}", "{\"testingGrants\":null}", "{\"batchLimit\":0}",
        "{\"batchLimit\":null}", "{\"conferenceCreation\":\"later\"}",
        "{\"conferencePendingSeconds\":-1}", "{\"lowSequence\":true}",
        "{\"refreshTokensPerClient\":0}", "{\"idleDays\":-1}", "{\"idleDays\":null}",
        "{\"grantSeconds\":9223372036854775807}", "{\"blockedScopes\":\"all\"}",
        "{\"withheldScopes\":[1]}", "{\"internalDomains\":[]}", "{\"internalDomains\":{\"c\":1}}",
    ]

    @Test(arguments: refused)
    func `a value that cannot be is refused and changes nothing`(text: String) {
        let local = Local()
        var body = json(text)
        body["rotatesRefreshTokens"] = true
        let answer = local.control("POST", "switches", body)
        #expect(answer.status == 400)
        #expect(answer["error"]?["message"]?.string?.contains("must be") == true)
        #expect(local.google.switches == Switches())
    }

    @Test func `every switch takes each word that it names`() {
        let local = Local()
        for row in SwitchTable.rows {
            let words: [JSON] =
                switch row.read(Switches()) {
                case .bool: [true, false]
                case .string: row.allowed.split(separator: ", ").map { .string(String($0)) }
                case .array: [["one", "two"], []]
                case .object: [["client": "example.com"], [:]]
                default: [1]
                }
            for word in words {
                set(local, .object([row.name: word]))
                #expect(value(local, row.name) == word)
            }
        }
    }

    @Test func `no credential at all is forbidden or unauthenticated`() {
        let local = Local()
        let before = local.send("GET", "/calendar/v3/colors")
        #expect(before.status == 403)
        set(local, ["missingCredential": "unauthenticated"])
        let after = local.send("GET", "/calendar/v3/colors")
        #expect(after.status == 401)
        #expect(after.reason == "required")
        #expect(after.raw.header("WWW-Authenticate") != nil)
    }

    @Test func `a corrupted sync token is invalid or gone`() {
        let local = Local()
        #expect(local.get("calendars/primary/events?syncToken=x").status == 400)
        set(local, ["corruptedSyncToken": "gone"])
        let gone = local.get("calendars/primary/events?syncToken=x")
        #expect(gone.status == 410)
        #expect(gone.reason == "fullSyncRequired")
    }

    @Test func `a filtered listing may hand out a sync token`() {
        let local = Local()
        let list = "calendars/primary/events?q=one"
        #expect(local.get(list)["nextSyncToken"] == nil)
        set(local, ["filteredListsGiveSyncTokens": true])
        let token = local.get(list)["nextSyncToken"]?.string ?? ""
        let id = local.event("Two")
        #expect(local.get("calendars/primary/events?syncToken=\(token)").ids == [id])
    }

    @Test func `a sync token tells changes outside of its window or hides them`() {
        let local = Local()
        let list = "calendars/primary/events?timeMax=2026-11-01T00:00:00Z"
        let token = local.get(list)["nextSyncToken"]?.string ?? ""
        let id = local.event("Outside")
        #expect(local.get("calendars/primary/events?syncToken=\(token)").ids == [id])
        set(local, ["syncTokensKeepWindow": true])
        #expect(local.get("calendars/primary/events?syncToken=\(token)").ids == [])
    }

    @Test(arguments: [true, false])
    func `a changed series drops exceptions or keeps them`(drops: Bool) {
        let local = Local { $0.switches.seriesChangeDropsExceptions = drops }
        let id = local.event(
            "Series",
            [
                "start": ["dateTime": "2026-11-10T10:00:00Z", "timeZone": "UTC"],
                "end": ["dateTime": "2026-11-10T11:00:00Z", "timeZone": "UTC"],
                "recurrence": ["RRULE:FREQ=DAILY;COUNT=3"],
            ])
        let path = "calendars/primary/events/"
        _ = local.call("PATCH", "\(path)\(id)_20261112T100000Z", ["summary": "Exception"])
        _ = local.call("PATCH", path + id, ["recurrence": ["RRULE:FREQ=DAILY;COUNT=2"]])
        let found = titled("Exception", in: local.get("calendars/primary/events").items)
        #expect((found == nil) == drops)
    }

    @Test func `a low sequence is refused or ignored`() {
        let local = Local()
        let path = "calendars/primary/events/\(local.event("One"))"
        _ = local.call("PATCH", path, ["sequence": 5])
        #expect(local.call("PATCH", path, ["sequence": 3, "summary": "Two"]).status == 400)
        set(local, ["lowSequence": "ignored"])
        let answer = local.call("PATCH", path, ["sequence": 3, "summary": "Two"])
        #expect(answer.status == 200)
        #expect(answer["sequence"]?.int ?? 0 >= 5)
    }
}
