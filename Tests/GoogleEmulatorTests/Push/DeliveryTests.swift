import LosslessJSON
import Testing

@testable import GoogleEmulator

/// How messages travel, and how channels end.
@Suite struct DeliveryTests {
    let local = Local()

    private func advance(_ seconds: Int64) throws {
        try local.google.advanceClock(milliseconds: seconds * 1000)
    }

    @Test(arguments: [500, 502, 503, 504])
    func `a hook in trouble is told again when the clock moves`(status: Int) throws {
        _ = local.watching()
        _ = local.event("A")
        #expect(local.messages(.answered(status)).map(\.number) == [2])
        #expect(local.messages().isEmpty)
        try advance(1)
        #expect(local.messages(.answered(status)).map(\.number) == [2])
        try advance(1)
        #expect(local.messages().isEmpty)
        try advance(1)
        let last = local.messages()
        #expect(last.map(\.number) == [2])
        #expect(last.map(\.post.attempt) == [3])
        #expect(local.google.waitingPosts.isEmpty)
    }

    @Test(arguments: [200, 201, 202, 204, 102, 301, 400, 404, 410, 501])
    func `other answers end the matter`(status: Int) {
        _ = local.watching()
        _ = local.event("A")
        #expect(local.messages(.answered(status)).map(\.number) == [2])
        #expect(local.google.waitingPosts.isEmpty)
        _ = local.event("B")
        #expect(local.messages().map(\.number) == [3])
    }

    @Test func `messages of a channel leave one after the other, in their order`() throws {
        _ = local.watch()
        for summary in ["A", "B"] { _ = local.event(summary) }
        var numbers: [Int] = []
        for _ in 0..<3 {
            let due = local.google.takeDuePosts()
            #expect(due.count == 1)
            let post = try #require(due.first)
            numbers += HookMessage(post: post).number.map { [$0] } ?? []
            local.google.settle(post.id, .answered(200))
        }
        #expect(numbers == [1, 2, 3])
    }

    @Test func `a message that failed does not hold up the next one`() throws {
        _ = local.watching()
        _ = local.event("A")
        #expect(local.messages(.failed("refused")).map(\.number) == [2])
        _ = local.event("B")
        #expect(local.messages().map(\.number) == [3])
        try advance(1)
        #expect(local.messages().map(\.number) == [2])
    }

    @Test func `a seed that is refused loses no message`() throws {
        _ = local.watching()
        for summary in ["A", "B", "C"] { _ = local.event(summary) }
        let first = try #require(local.google.takeDuePosts().first)
        local.google.settle(first.id, .failed("refused"))
        let underway = try #require(local.google.takeDuePosts().first)
        let seed = json(
            #"""
            {"accounts":["new@example.com"],"calendars":[{"owner":"ada@example.com",
              "events":[{"summary":"no times"}]}]}
            """#)
        #expect(local.control("POST", "seed", seed).status == 400)
        local.google.settle(underway.id, .answered(200))
        #expect(local.messages().map(\.number) == [4])
        try advance(1)
        #expect(local.messages().map(\.number) == [2])
        _ = local.event("D")
        #expect(local.messages().map(\.number) == [5])
    }

    @Test func `a channel whose hook is dead takes up little`() throws {
        _ = local.watching()
        for number in 0..<50 {
            _ = local.event("Event \(number)")
            _ = local.messages(.failed("refused"))
        }
        #expect(local.google.waitingPosts.count == PushLimits.retries)
        try advance(1)
        #expect(local.messages().count == PushLimits.retries)
        _ = local.event("Last")
        #expect(local.messages(.answered(503)).map(\.number) == [52])
        try advance(1)
        #expect(local.messages().map(\.number) == [52])
    }

    @Test func `of many messages that wait the last ones become one`() {
        _ = local.watching()
        for number in 0..<(PushLimits.waiting + 20) { _ = local.event("Event \(number)") }
        let numbers = local.messages().compactMap(\.number)
        #expect(numbers.count == PushLimits.waiting + 1)
        #expect(numbers.last == PushLimits.waiting + 21)
        #expect(numbers == Array(Set(numbers)).sorted())
    }

    @Test func `a stopped channel is silent at once`() {
        let stopped = local.watching(id: "stopped")
        _ = local.watching(id: "living")
        _ = local.event("A")
        let underway = local.google.takeDuePosts()
        #expect(underway.count == 2)
        #expect(local.stop(stopped).status == 204)
        #expect(local.stop(stopped).text.contains("not found for project"))
        for post in underway { local.google.settle(post.id, .answered(503)) }
        _ = local.event("B")
        #expect(Set(local.messages().map(\.channel)) == ["living"])
        #expect(!local.google.waitingPosts.contains { $0.topic.hasPrefix("stopped") })
        #expect(local.google.counters["channels"] == 1)
    }

    @Test func `nobody else can stop a channel`() throws {
        let made = local.watching()
        let wrong: [JSON] = [
            ["id": "two", "resourceId": made["resourceId"] ?? .null],
            ["id": "one", "resourceId": "unknown"],
        ]
        var answers = wrong.map { local.stop($0) } + [local.stop(made, as: "grace")]
        let bearer = try local.google.accessToken(for: "ada@example.com")
        answers.append(
            local.send(
                "POST", "/calendar/v3/channels/stop",
                headers: [("Authorization", "Bearer \(bearer)")], body: made.text))
        for answer in answers {
            #expect(answer.status == 404)
            #expect(answer.reason == "notFound")
        }
        let project = ProjectNumber.of(clientID: "fixed")
        #expect(answers[1].message == "Channel 'one' not found for project '\(project)'")
        for body: JSON in [[:], ["id": "one"], ["resourceId": "x"]] {
            #expect(local.call("POST", "channels/stop", body).status == 400)
        }
        #expect(local.stop(made).status == 204)
    }

    @Test func `a channel ends at its time, and what it had to say with it`() throws {
        let short = local.watching(id: "short", with: ["params": ["ttl": "60"]])
        _ = local.watching(id: "long")
        _ = local.event("A")
        #expect(local.messages(.answered(503)).count == 2)
        try advance(60)
        _ = local.event("B")
        #expect(Set(local.messages().map(\.channel)) == ["long"])
        #expect(local.stop(short).status == 404)
        #expect(local.google.counters["channels"] == 1)
        #expect(local.google.waitingPosts.isEmpty)
    }

    @Test func `a reset ends every channel`() {
        _ = local.watch()
        local.google.reset()
        _ = local.event("A")
        #expect(local.messages().isEmpty)
        #expect(local.google.counters["channels"] == 0)
        #expect(local.watch().status == 200)
    }

    @Test func `a snapshot brings channels back with their numbers`() throws {
        let made = local.watching(with: ["token": "secret"])
        let former = local.watching(id: "former")
        _ = local.stop(former)
        _ = local.event("A")
        #expect(local.messages().map(\.number) == [2])
        let snapshot = local.google.snapshot()
        let other = Local()
        try other.google.restore(try JSON(parsing: snapshot.serialized(.compact)))
        #expect(other.google.snapshot() == snapshot)
        #expect(other.messages().isEmpty)
        _ = other.event("B")
        let told = other.messages()
        #expect(told.map(\.number) == [3])
        #expect(told.first?["Channel-Token"] == "secret")
        #expect(other.watch(id: "former").reason == "channelIdNotUnique")
        #expect(other.stop(made).status == 204)
    }

    @Test func `a snapshot without channels ends them, and damaged ones are refused`() throws {
        _ = local.watch()
        var snapshot = local.control("GET", "snapshot").json
        for name in ["id", "kind", "holder", "expires", "lastNumber", "address", "resourceId"] {
            var channel = snapshot["services"]?["calendar"]?["channels"]?[0] ?? .null
            channel[name] = ["damaged"]
            var damaged = snapshot
            damaged["services"]?["calendar"]?["channels"] = [channel]
            #expect(local.control("PUT", "snapshot", damaged).status == 400, "\(name)")
        }
        #expect(local.google.counters["channels"] == 1)
        var calendar = snapshot["services"]?["calendar"]?.object ?? [:]
        calendar.removeValue(forKey: "channels")
        snapshot["services"]?["calendar"] = .object(calendar)
        #expect(local.control("PUT", "snapshot", snapshot).status == 200)
        #expect(local.google.counters["channels"] == 0)
    }

    @Test func `an address that is not allowed here gets nothing from a snapshot`() throws {
        let open = Local { $0.allowsForeignPosts = true }
        _ = open.watching(with: ["address": "https://hooks.example/push"])
        try local.google.restore(open.google.snapshot())
        _ = local.event("A")
        #expect(local.google.waitingPosts.isEmpty)
    }
}
