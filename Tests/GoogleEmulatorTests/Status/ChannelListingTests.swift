import LosslessJSON
import Testing

@testable import GoogleEmulator

/// The channels that are open, as commands list them and the page shows them.
@Suite struct ChannelListingTests {
    let local = Local()

    private var channels: [JSON] { local.control("GET", "channels").items }

    @Test func `where nobody watches, nothing is listed`() {
        #expect(channels.isEmpty)
    }

    @Test func `a channel is listed with whose it is, what it watches and when it ends`() {
        let made = local.watch()
        let listed = channels[0]
        #expect(channels.count == 1)
        for name in ["id", "resourceId", "resourceUri"] { #expect(listed[name] == made[name]) }
        #expect(listed["api"] == "calendar")
        #expect(listed["user"] == "ada@example.com")
        #expect(listed["address"] == .string(Local.hook))
        #expect(listed["expires"] == "2026-11-16T08:00:00.000Z")
    }

    @Test func `messages are counted, and those that have not arrived are shown`() {
        _ = local.watch()
        #expect(channels[0]["messages"] == 1)
        #expect(channels[0]["waiting"] == 1)
        #expect(channels[0]["posts"]?[0]?["state"] == "sync")
        #expect(channels[0]["posts"]?[0]?["attempt"] == 1)
        _ = local.messages()
        _ = local.event("One")
        _ = local.event("Two")
        // One is on its first way at a time.
        #expect(channels[0]["posts"]?.array?.count == 1)
        #expect(channels[0]["messages"] == 3)
        #expect(channels[0]["waiting"] == 2)
        let sent = local.google.takeDuePosts()
        #expect(channels[0]["posts"] == [])
        #expect(channels[0]["waiting"] == 2)
        for post in sent { local.google.settle(post.id, .answered(503)) }
        let again = channels[0]["posts"]?.array?.first { $0["attempt"] == 2 }
        #expect(again?["number"] == 2)
        #expect(again?["state"] == "exists")
        #expect(channels[0]["waiting"] == 2)
    }

    @Test func `a channel that is stopped is gone`() {
        let channel = local.watching()
        _ = local.stop(channel)
        #expect(channels.isEmpty)
    }

    @Test func `the page shows them, and marks those whose hook failed`() throws {
        _ = local.watch(id: "of-mine")
        func row() -> String? {
            local.control("GET", "").text.split(separator: "\n").first { $0.contains(">of-mine<") }
                .map(String.init)
        }
        #expect(row()?.contains("http://127.0.0.1:9/hook") == true)
        #expect(row()?.contains("marked") == false)
        for post in local.google.takeDuePosts() { local.google.settle(post.id, .answered(500)) }
        #expect(row()?.contains("class=\"marked\"") == true)
        #expect(row()?.contains(", try 2") == true)
    }

    @Test func `a hook elsewhere is refused with the flag that allows it`() {
        let made = local.watch(with: ["address": "https://hooks.example.com/x"])
        #expect(made.status == 403)
        #expect(made.text.contains("--foreign-push"))
    }
}
