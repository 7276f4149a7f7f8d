import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Asking for notification channels.
@Suite struct WatchTests {
    let local = Local()

    @Test func `a channel is answered as Google describes it`() {
        let made = local.watch(with: ["token": "secret"])
        #expect(made.status == 200)
        #expect(made["kind"] == "api#channel")
        #expect(made["id"] == "one")
        #expect(made["token"] == "secret")
        #expect(
            made["resourceUri"]
                == "https://www.googleapis.com/calendar/v3/calendars/ada@example.com/events?alt=json"
        )
        #expect(made["resourceId"]?.string?.utf8.count == 27)
        let week = StillClock.start + 7 * 86_400_000
        #expect(made["expiration"] == .string(String(week)))
    }

    @Test func `fields cut a channel down`() {
        let made = local.watch("calendars/primary/events?fields=id,expiration")
        #expect(made.json.object?.keys == ["id", "expiration"])
        #expect(local.watch("calendars/primary/events?fields=items", id: "two").status == 400)
    }

    @Test func `a resource has one id for everybody who asks in the same way`() {
        let calendar = local.calendar()
        local.share(calendar, with: "grace@example.com", "reader")
        let paths = [
            "calendars/primary/events", "calendars/ada%40example.com/events?alt=json&key=1",
            "calendars/\(calendar)/events", "calendars/\(calendar)/events?q=a&showDeleted=true",
            "calendars/\(calendar)/events?showDeleted=true&q=a", "calendars/\(calendar)/acl",
            "users/me/calendarList", "users/me/settings",
        ]
        let made = paths.enumerated().map { local.watch($1, id: "\($0)") }
        let ids = made.map { $0["resourceId"]?.string ?? $0.text }
        #expect(ids[0] == ids[1])
        #expect(ids[3] == ids[4])
        #expect(Set(ids).count == 6)
        let graces = local.watch("calendars/\(calendar)/events", as: "grace")
        #expect(graces["resourceId"]?.string == ids[2])
        let list = local.watch("users/me/calendarList", id: "list", as: "linus")
        #expect(list["resourceId"]?.string != ids[6])
        #expect(
            made[3]["resourceUri"]?.string?.hasSuffix("/events?q=a&showDeleted=true&alt=json")
                == true)
    }

    /// What is asked for, by ttl in seconds or by the end in seconds from now, and what is got.
    @Test(arguments: [
        ("ttl", "3600", 3600), ("ttl", "7776000", 604_800), ("ttl", "1", 1),
        ("ttl", "9223372036854775807", 604_800), ("expiration", "3600", 3600),
        ("expiration", "7776000", 604_800),
    ])
    func `a client may ask for a life of up to a week`(kind: String, asked: String, got: Int64) {
        var wish: JSONObject = ["params": ["ttl": .string(asked)]]
        if kind == "expiration" {
            wish = ["expiration": .string(String(StillClock.start + (Int64(asked) ?? 0) * 1000))]
        }
        let made = local.watch(with: wish)
        #expect(made["expiration"]?.string == String(StillClock.start + got * 1000))
    }

    @Test func `numbers may be numbers, and the earlier end counts`() {
        let made = local.watch(with: [
            "params": ["ttl": 7200], "expiration": .int(StillClock.start + 60_999),
        ])
        #expect(made["expiration"]?.string == String(StillClock.start + 60_000))
    }

    @Test(arguments: ["9223372036854775808", "99999999999999999999"])
    func `a life beyond all counting is the longest`(number: String) {
        let longest = String(StillClock.start + 7 * 86_400_000)
        let wishes = [
            "{\"params\":{\"ttl\":\(number)}}", "{\"params\":{\"ttl\":\"\(number)\"}}",
            "{\"expiration\":\(number)}", "{\"expiration\":\"\(number)\"}",
        ]
        for (index, wish) in wishes.enumerated() {
            let made = local.watch(id: "long\(index)", with: json(wish).object ?? [:])
            #expect(made["expiration"]?.string == longest)
        }
        #expect(
            local.watch(id: "past", with: ["params": ["ttl": "-9223372036854775809"]]).status == 400
        )
    }

    static let senseless: [(JSONObject, String)] = [
        (["id": ""], "required"), (["id": .null], "required"), (["id": 7], "invalid"),
        (["id": .string(String(repeating: "x", count: 65))], "invalid"),
        (["id": "with space"], "invalid"), (["id": "é"], "invalid"),
        (["type": .null], "required"), (["type": "pigeon"], "invalid"), (["type": 1], "invalid"),
        (["token": .string(String(repeating: "x", count: 257))], "invalid"),
        (["token": "a\r\nX-Goog-Channel-ID: b"], "invalid"), (["token": 1], "badRequest"),
        (["address": .null], "required"), (["address": ""], "required"),
        (["address": 1], "badRequest"), (["address": "nonsense"], "push.webhookUrlNotHttps"),
        (["address": "https://127.0.0.1:0/"], "invalid"),
        (["address": "https://127.0.0.1/\r\nX: y"], "invalid"),
        (["params": 1], "badRequest"), (["params": ["ttl": "soon"]], "invalid"),
        (["params": ["ttl": "0"]], "invalid"), (["params": ["ttl": "-1"]], "invalid"),
        (["expiration": "soon"], "invalid"), (["expiration": "0"], "invalid"),
        (["expiration": "-9223372036854775808"], "invalid"),
        (["expiration": .int(StillClock.start)], "invalid"),
        (["expiration": .int(StillClock.start + 999)], "invalid"),
    ]

    @Test(arguments: senseless.indices)
    func `a channel must make sense`(index: Int) {
        let (change, reason) = Self.senseless[index]
        let answer = local.watch(with: change)
        #expect(answer.status == 400)
        #expect(answer.reason == reason)
        #expect(local.google.waitingPosts.isEmpty)
    }

    @Test func `an id of 64 characters and a token of 256 are taken`() {
        let made = local.watch(with: [
            "id": .string("A-z_0+9/=" + String(repeating: "x", count: 55)), "type": "webhook",
            "token": .string(String(repeating: "é", count: 256)),
        ])
        #expect(made.status == 200)
    }

    @Test(arguments: ["http://garden.example/push", "http://192.0.2.7/push", "ftp://127.0.0.1/"])
    func `a hook elsewhere must be https`(address: String) {
        for google in [local, Local { $0.allowsForeignPosts = true }] {
            let answer = google.watch(with: ["address": .string(address)])
            #expect(answer.status == 400)
            #expect(answer.reason == "push.webhookUrlNotHttps")
            #expect(answer.message == "WebHook callback must be HTTPS: " + address)
        }
    }

    @Test func `a hook elsewhere is refused unless that is allowed`() {
        let address: JSONObject = ["address": "https://hooks.example/push"]
        let refused = local.watch(with: address)
        #expect(refused.status == 403)
        #expect(refused.reason == "forbidden")
        #expect(refused.message?.contains("https://hooks.example/push") == true)
        #expect(Local { $0.allowsForeignPosts = true }.watch(with: address).status == 200)
    }

    @Test(arguments: ["https://127.0.0.1/", "https://localhost:8443/a?b", "http://[::1]:8080/"])
    func `a hook on this machine is taken`(address: String) {
        #expect(local.watch(with: ["address": .string(address)]).status == 200)
    }

    @Test func `an id is used once, even after its channel has ended`() {
        let made = local.watch().json
        for status in [204, 404] {
            let answer = local.watch("users/me/settings", as: "grace")
            #expect(answer.status == 400)
            #expect(answer.reason == "channelIdNotUnique")
            #expect(answer.message == "Channel id one not unique")
            #expect(local.stop(made).status == status)
        }
    }

    @Test func `two projects do not share ids`() throws {
        let bearer = try local.google.accessToken(for: "ada@example.com")
        #expect(local.watch().status == 200)
        let answer = local.send(
            "POST", "/calendar/v3/users/me/settings/watch",
            headers: [("Authorization", "Bearer \(bearer)")],
            body: #"{"id":"one","type":"web_hook","address":"http://127.0.0.1:9/"}"#)
        #expect(answer.status == 200)
    }

    @Test func `only what can be read can be watched`() {
        let calendar = local.calendar()
        #expect(local.watch("calendars/\(calendar)/events", as: "grace").status == 404)
        local.share(calendar, with: "grace@example.com", "reader")
        #expect(local.watch("calendars/\(calendar)/events", as: "grace").status == 200)
        #expect(local.watch("calendars/\(calendar)/acl", id: "b", as: "grace").status == 403)
        #expect(local.watch("calendars/primary/events?orderBy=startTime", id: "c").status == 400)
        #expect(local.watch("users/me/settings?maxResults=x", id: "d").status == 400)
    }

    @Test func `narrow scopes suffice for their own lists`() throws {
        let scope = "https://www.googleapis.com/auth/calendar.settings.readonly"
        let bearer = try local.google.accessToken(for: "ada@example.com", scopes: [scope])
        let headers = [(name: "Authorization", value: "Bearer \(bearer)")]
        let body = #"{"id":"one","type":"web_hook","address":"http://127.0.0.1:9/"}"#
        let path = "/calendar/v3/users/me/"
        let settings = local.send("POST", path + "settings/watch", headers: headers, body: body)
        #expect(settings.status == 200)
        let list = local.send("POST", path + "calendarList/watch", headers: headers, body: body)
        #expect(list.status == 403)
        let stop = local.send(
            "POST", "/calendar/v3/channels/stop", headers: headers, body: settings.text)
        #expect(stop.status == 204)
    }

    @Test func `there are only so many channels`() {
        for index in 0..<PushLimits.channels {
            #expect(local.watch("users/me/settings", id: "c\(index)").status == 200)
        }
        let refused = local.watch("users/me/settings", id: "more")
        #expect(refused.status == 403)
        #expect(refused.reason == "quotaExceeded")
        local.clock.advance(seconds: 8 * 86_400)
        #expect(local.watch("users/me/settings", id: "more").status == 200)
        #expect(local.google.counters["channels"] == 1)
    }

    @Test func `of former ids only so many are remembered`() {
        var used = UsedTopics()
        for index in 0..<(2 * PushLimits.usedIDs) { used.add("\(index)") }
        #expect(used.order.count == PushLimits.usedIDs)
        #expect(!used.contains("0"))
        #expect(used.contains("\(2 * PushLimits.usedIDs - 1)"))
    }

    @Test(arguments: [
        ("123456789012-abc.apps.googleusercontent.com", "123456789012"),
        ("tandem-local", nil), ("123456789012", nil), ("12345-abc", nil),
    ])
    func `a project's number is in its clients' ids`(client: String, number: String?) {
        let made = ProjectNumber.of(clientID: client)
        if let number { #expect(made == number) }
        #expect(made.utf8.count == 12)
        #expect(made == ProjectNumber.of(clientID: client))
    }
}
