import LosslessJSON
import Testing

@testable import GoogleEmulator

/// What the local Google sends of its own accord, seen without a network.
@Suite struct OutboxTests {
    let local = Local.withNotes()
    private let hook = "http://127.0.0.1:9/hook?a=1"

    private func send(_ id: String = "0", to url: String? = nil, expires: Int? = nil) -> Answer {
        var body: JSON = ["to": .string(url ?? hook)]
        if let expires { body["expires"] = .number(JSONNumber(expires)) }
        return local.notes("POST", "notes/\(id):send", body)
    }

    private var posts: JSON? { local.control("GET", "counters")["posts"] }

    @Test func `a post waits until it is taken and counts when it arrived`() throws {
        #expect(send().status == 204)
        #expect(posts == ["waiting": 1, "delivered": 0, "dropped": 0])
        let taken = local.google.takeDuePosts()
        let post = try #require(taken.first)
        #expect(taken.count == 1)
        #expect(post.url == hook)
        #expect(post.headers.first?.name == "X-Note")
        #expect(post.service == "notes")
        #expect(local.google.takeDuePosts().isEmpty)
        local.google.settle(post.id, .answered(204))
        local.google.settle(post.id, .answered(204))
        #expect(posts == ["waiting": 0, "delivered": 1, "dropped": 0])
    }

    @Test func `a post that failed is tried again after growing pauses`() throws {
        #expect(send().status == 204)
        var pauses: [Int64] = []
        var before = local.google.clock
        for attempt in 1...PostSchedule.maxAttempts {
            let post = try #require(local.google.takeDuePosts().first)
            #expect(post.attempt == attempt)
            local.google.settle(post.id, attempt % 2 == 0 ? .answered(503) : .failed("cut"))
            guard let due = local.google.nextPostDue else { break }
            #expect(local.google.takeDuePosts().isEmpty)
            pauses.append((due - before) / 1000)
            try local.google.advanceClock(milliseconds: due - before)
            before = due
        }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 64])
        #expect(posts == ["waiting": 0, "delivered": 0, "dropped": 1])
    }

    @Test(arguments: [301, 400, 404, 410, 501])
    func `an answer that no repetition changes ends it`(status: Int) throws {
        _ = send()
        let post = try #require(local.google.takeDuePosts().first)
        local.google.settle(post.id, .answered(status))
        #expect(posts == ["waiting": 0, "delivered": 0, "dropped": 1])
    }

    @Test func `nothing leaves this machine unless that is allowed`() {
        let foreign = [
            "http://example.com/", "https://10.0.0.1/", "http://127.0.0.1@example.com/",
            "http://localhost.example.com/", "ftp://127.0.0.1/", "http://", "//127.0.0.1/",
            "http://127.0.0.1:0/", "http://127.0.0.1/\r\nX: y", "http://[::2]/",
        ]
        for url in foreign { #expect(send(to: url).status == 400, "\(url)") }
        for url in ["http://localhost:1", "https://[::1]:2/x", "HTTP://127.0.0.1?q"] {
            #expect(send(to: url).status == 204, "\(url)")
        }
        let open = Local.withNotes { $0.allowsForeignPosts = true }
        let answer = open.notes("POST", "notes/0:send", ["to": "http://example.com/"])
        #expect(answer.status == 204)
    }

    @Test(arguments: [
        ("http://h", "h", 80, "/"), ("https://h/a?b", "h", 443, "/a?b"),
        ("http://[::1]:8/x", "::1", 8, "/x"), ("http://h:7?q=1", "h", 7, "/?q=1"),
    ])
    func `an address is read into its parts`(url: String, host: String, port: Int, target: String) {
        let read = PostTarget(url)
        #expect(read?.host == host)
        #expect(read?.port == port)
        #expect(read?.target == target)
    }

    @Test func `only a few are on their way at once`() {
        for port in 1...40 { _ = send(to: "http://127.0.0.1:\(port)/") }
        let first = local.google.takeDuePosts()
        #expect(first.count == Outbox.maxOnTheirWay)
        #expect(local.google.nextPostDue == nil)
        for post in first.prefix(3) { local.google.settle(post.id, .answered(200)) }
        #expect(local.google.takeDuePosts().count == 3)
    }

    @Test func `a receiver that does not answer holds up nobody else`() {
        for name in ["127.0.0.1", "LOCALHOST", "localhost"] {
            for _ in 0..<20 { _ = send(to: "http://\(name):9/hook") }
        }
        _ = send(to: "http://127.0.0.1:10/hook")
        let first = local.google.takeDuePosts()
        #expect(
            first.map(\.receiver)
                == ["127.0.0.1:9", "127.0.0.1:9", "localhost:9", "localhost:9", "127.0.0.1:10"])
        #expect(local.google.nextPostDue == nil)
        _ = send(to: "http://127.0.0.1:11/hook")
        #expect(local.google.nextPostDue == local.google.clock)
        #expect(local.google.takeDuePosts().map(\.receiver) == ["127.0.0.1:11"])
        local.google.settle(first[0].id, .answered(200))
        #expect(local.google.takeDuePosts().map(\.receiver) == ["127.0.0.1:9"])
        #expect(local.google.takeDuePosts().isEmpty)
    }

    @Test func `what was on its way before a reset keeps no receiver busy`() {
        for _ in 0..<5 { _ = send() }
        #expect(local.google.takeDuePosts().count == Outbox.maxPerReceiver)
        local.google.reset()
        for _ in 0..<5 { _ = send() }
        #expect(local.google.takeDuePosts().count == Outbox.maxPerReceiver)
    }

    @Test func `a full outbox drops what expired first and then refuses`() {
        _ = send("0", expires: 1000)
        _ = send("1", expires: 500)
        for _ in 2..<Outbox.limit { _ = send("9") }
        #expect(send().status == 400)
        local.clock.advance(seconds: 1)
        #expect(send().status == 204)
        #expect(local.google.waitingPosts.first?.topic == "0")
        #expect(send().status == 204)
        #expect(send().status == 400)
        #expect(posts?["dropped"] == 2)
    }

    @Test func `what expired is not sent`() {
        _ = send(expires: 1000)
        local.clock.advance(seconds: 1)
        #expect(local.google.takeDuePosts().isEmpty)
        #expect(posts == ["waiting": 0, "delivered": 0, "dropped": 1])
    }

    @Test func `a post from before a reset settles nothing of the new world`() throws {
        _ = send()
        let old = try #require(local.google.takeDuePosts().first)
        local.google.reset()
        _ = send()
        let new = try #require(local.google.takeDuePosts().first)
        #expect(new.id != old.id)
        local.google.settle(old.id, .failed("late"))
        #expect(posts == ["waiting": 1, "delivered": 0, "dropped": 0])
    }

    @Test func `posts are taken by their time, not by their making`() {
        local.google.locked { state in
            var outbox = Outbox()
            for due: Int64 in [5, 3, 9, 3] {
                let post = OutgoingPost(
                    id: 0, service: "notes", topic: "\(due)",
                    url: "http://127.0.0.1:\(9000 + due)/hook", headers: [], body: [],
                    due: due, expires: nil, attempt: 1)
                do { _ = try outbox.add(post, now: 0) } catch { Issue.record(error) }
            }
            outbox.cancel { $0.topic == "5" }
            #expect(outbox.nextDue == 3)
            #expect(outbox.take(now: 8).map(\.id) == [2, 4])
            #expect(outbox.take(now: 9).map(\.id) == [3])
            state.world.outbox.clear()
        }
    }
}
