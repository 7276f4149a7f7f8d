import Foundation
import LosslessJSON
import Testing

/// The commands that act on a running local Google.
@Suite(.serialized) struct EmulatorTests {
    @Test func `faults are added with every field, listed, removed and cleared`() async throws {
        let scene = try Scene.withGoogle("--empty")
        let added = try scene.json(
            "emulator", "fault", "add", "--api", "calendar", "--method", "events.list", "--path",
            "/events$", "--nth", "2", "--times", "3", "--status", "429", "--reason",
            "rateLimitExceeded", "--retry-after", "7", "--delay-ms", "1")
        #expect(added == ["id": "fault-1"])
        try scene.expect(0, "emulator", "fault", "add", "--nth", "9", "--cut", "before")
        try scene.expect(
            0, "emulator", "fault", "add", "--nth", "9", "--truncate", "5", "--garbage")
        try scene.expect(
            0, "emulator", "fault", "add", "--data", #"{"nth":9,"status":200}"#, "--body", "{}")
        let list = try scene.json("emulator", "fault", "list")
        #expect(list["next"] == .some(.null))
        let items = try #require(list["items"]?.array)
        #expect(items.count == 4)
        #expect(items[0]["retryAfter"] == 7)
        #expect(items[1]["cut"] == "before")
        #expect(items[2]["garbage"] == true)
        #expect(items[3]["body"] == "{}")
        // Without a word the list is meant.
        #expect(try scene.json("emulator", "fault") == list)
        let table = try scene.expect(0, "emulator", "fault", "list").output
        #expect(table.contains("calendar events.list /events$"))
        try scene.expect(0, "emulator", "fault", "remove", "fault-1")
        try scene.expect(5, "emulator", "fault", "remove", "fault-1")
        try scene.expect(5, "emulator", "fault", "remove", "a/b c")
        try scene.expect(0, "emulator", "fault", "clear")
        #expect(try scene.json("emulator", "fault", "list")["items"] == [])
        let run = try scene.expect(64, "emulator", "fault", "add", "--status", "418", "--json")
        #expect(try run.error()["message"]?.string?.contains("418") == true)
    }

    @Test func `the clock is shown, set, advanced and made real`() throws {
        let scene = try Scene.withGoogle("--empty")
        #expect(try scene.json("emulator", "clock")["now"]?.string != nil)
        let set = try scene.json("emulator", "clock", "set", "2030-01-01T00:00:00Z")
        #expect(set["now"]?.string?.hasPrefix("2030-01-01T00:00:") == true)
        let moved = try scene.json("emulator", "clock", "advance", "2d")
        #expect(moved["now"]?.string?.hasPrefix("2030-01-03T00:0") == true)
        try scene.expect(0, "emulator", "clock", "advance", "3600")
        let run = try scene.expect(0, "emulator", "clock", "show")
        #expect(run.output.hasPrefix("It is 2030-01-03T01:0"))
        let real = try scene.json("emulator", "clock", "real")
        #expect(real["now"]?.string?.hasPrefix("2030") == false)
    }

    @Test func `a snapshot brings back what a reset took`() async throws {
        let scene = try Scene.withGoogle("--empty")
        let id = try await scene.remoteEvent("Kept")
        let file = scene.home.appending(path: "kept.json").path
        let answer = try scene.json("emulator", "snapshot", file)
        #expect(answer["file"]?.string == file)
        try scene.expect(0, "emulator", "reset")
        #expect(try scene.json("emulator", "counters")["events"] == 0)
        try scene.expect(0, "emulator", "restore", file)
        #expect(try await scene.remote(id)["summary"] == "Kept")
        let piped = try scene.shell(
            "\"$TANDEM\" emulator snapshot - | \"$TANDEM\" emulator restore - --json")
        #expect(piped.status == 0, "\(piped.diagnostics)")
        #expect(try scene.json("emulator", "counters")["events"] == 1)
        try scene.expect(5, "emulator", "restore", "/nowhere.json")
        try scene.expect(10, "emulator", "snapshot", "/nowhere/at/all.json")
        let other = try scene.write(["format": "another"], to: "other.json")
        try scene.expect(10, "emulator", "restore", other)
        #expect(try await scene.remote(id)["summary"] == "Kept")
    }

    @Test func `a seed is planted whole or not at all`() throws {
        let scene = try Scene.withGoogle("--empty")
        let event: JSON = [
            "id": "planted", "summary": "Planted", "start": ["date": "2026-11-09"],
            "end": ["date": "2026-11-10"],
        ]
        let good = try scene.write(["calendars": [["events": [event]]]], to: "good.json")
        #expect(try scene.json("emulator", "seed", good)["events"] == 1)
        let bad = try scene.write(
            [
                "accounts": ["mary@example.com"],
                "calendars": [["owner": "mary@example.com", "events": [event, ["summary": "x"]]]],
            ], to: "bad.json")
        let run = try scene.expect(10, "emulator", "seed", bad, "--json")
        #expect(
            try run.error()["message"]?.string?.hasPrefix("calendars[0].events[1]") == true)
        let broken = scene.home.appending(path: "broken.json")
        try Data("{".utf8).write(to: broken)
        let unread = try scene.expect(64, "emulator", "seed", broken.path, "--json")
        #expect(
            try unread.error()["message"]?.string?.contains("broken.json, line 1: ") == true)
        let start = try scene.expect(64, "emulator", "start", "--data", broken.path)
        #expect(start.diagnostics.contains("broken.json, line 1: "))
        #expect(try scene.json("emulator", "counters")["events"] == 1)
        let grown = try scene.json(
            "emulator", "seed", "--events", "20", "--calendars", "2", "--seed",
            "18446744073709551615")
        #expect(grown["events"] == 21)
        #expect(grown["calendars"] == 2)
        #expect(grown["planted"]?["events"] == 20)
    }

    @Test func `what a start was given is there again after a reset`() throws {
        let scene = try Scene()
        let event: JSON = [
            "summary": "Planted", "start": ["date": "2026-11-09"], "end": ["date": "2026-11-10"],
        ]
        let data = try scene.write(["calendars": [["events": [event]]]], to: "data.json")
        try scene.startGoogle(["--data", data])
        try scene.expect(0, "emulator", "seed", "--events", "3")
        #expect(try scene.json("emulator", "counters")["events"] == 4)
        try scene.expect(0, "emulator", "reset")
        #expect(try scene.json("emulator", "counters")["events"] == 1)
    }

    @Test func `requests and counters are shown and forgotten`() async throws {
        let scene = try Scene.withGoogle("--empty")
        _ = try await scene.remoteEvent("One")
        _ = try await scene.call("GET", "/calendar/v3/colors")
        let items = try #require(try scene.json("emulator", "requests")["items"]?.array)
        #expect(items.map { $0["apiMethod"] } == ["events.insert", "colors.get"])
        #expect(items[0]["durationMs"]?.double ?? -1 >= 0)
        for flags in [["--api", "foo"], ["--method", "event.list"]] {
            let run = try RunningBinary(
                ["emulator", "requests"] + flags, environment: scene.environment()
            ).finish()
            #expect(run.status == 64, "\(run.output)")
        }
        let last = try scene.json("emulator", "requests", "--last", "1")
        #expect(last["items"]?.array?.count == 1)
        let table = try scene.expect(0, "emulator", "requests").output
        #expect(table.contains("calendar events.insert"))
        #expect(!table.contains("FAULT"))
        let counters = try scene.expect(0, "emulator", "counters", "--plain").output
        #expect(counters.contains("requests calendar colors.get\t1\n"))
        try scene.expect(0, "emulator", "requests", "--clear")
        #expect(try scene.json("emulator", "requests")["items"] == [])
    }

    @Test func `cursors and tokens end, etags are renewed, switches are set`() async throws {
        let scene = try Scene.withGoogle("--empty")
        let id = try await scene.remoteEvent("One")
        let etag = try await scene.remote(id)["etag"]
        try scene.expect(
            0, "emulator", "churn", "--calendar", "primary", "--user", "ada@example.com")
        #expect(try await scene.remote(id)["etag"] != etag)
        try scene.expect(5, "emulator", "churn", "--user", "nobody@example.com")
        try scene.expect(0, "emulator", "expire", "calendar-cursors")
        let run = try scene.expect(64, "emulator", "expire", "milk", "--json")
        #expect(try run.error()["message"]?.string?.contains("calendar-cursors") == true)
        try scene.expect(
            0, "emulator", "switches", "set", "conferenceCreation=pending",
            "conferencePendingSeconds=null", "rotatesRefreshTokens=true")
        let switches = try #require(try scene.json("emulator", "switches")["items"]?.array)
        let values = Dictionary(
            uniqueKeysWithValues: switches.map { ($0["name"]?.string ?? "", $0["value"]) })
        #expect(values["conferenceCreation"] == .some("pending"))
        #expect(values["conferencePendingSeconds"] == .some(.null))
        #expect(values["rotatesRefreshTokens"] == .some(true))
        try scene.expect(64, "emulator", "switches", "set", "magic=true")
        let near = try scene.expect(64, "emulator", "switches", "set", "batchlimit=2")
        #expect(near.diagnostics.contains("Did you mean 'batchLimit'?"))
        let token = try scene.expect(0, "emulator", "token", "--user", "ada@example.com")
        #expect(!token.output.isEmpty)
    }

    @Test func `where no local Google is, the next step is told`() async throws {
        let scene = try Scene()
        let none = try scene.run("emulator", "clock", "--json")
        #expect(none.status == 10)
        #expect(try none.error()["remedy"]?.string?.contains("tandem emulator start") == true)
        let ended = try Scene.withGoogle("--empty")
        ended.stopGoogle()
        for words in [["clock"], ["requests"], ["fault"], ["counters"], ["switches"]] {
            let run = try RunningBinary(
                ["emulator"] + words + ["--json"], environment: ended.environment()
            ).finish()
            #expect(run.status == 8, "\(words): \(run.diagnostics)")
            #expect(try run.error()["code"] == "noLocalGoogle")
        }
        for words in [
            ["auth", "login", "--no-input"],
            ["emulator", "exec", "--url", ended.url, "--", "true"],
            ["emulator", "token"],
        ] {
            let run = try RunningBinary(
                Array(words.prefix(2)) + ["--json"] + Array(words.dropFirst(2)),
                environment: ended.environment()
            ).finish()
            #expect(run.status == 8, "\(words): \(run.diagnostics)")
            #expect(try run.error()["message"] == "No local Google runs at \(ended.url).")
        }
        let bare = try scene.run("emulator", "counters", "--url", "127.0.0.1:8092")
        #expect(bare.diagnostics.contains("Did you mean http://127.0.0.1:8092?"))
        let back = try scene.run("emulator", "clock", "advance", "-1d", "--json")
        #expect(try back.error()["message"]?.string?.contains("only goes forward") == true)
        let far = try scene.run("emulator", "clock", "--url", "http://192.0.2.1:80", "--json")
        #expect(far.status == 64)
    }

    @Test func `its page is where its address leads`() async throws {
        let scene = try Scene.withGoogle("--empty")
        let visit = try await Scene.visit(scene.url + "/")
        #expect(visit.address.path.hasPrefix("/_emulator"))
        #expect(visit.page.contains("<h1>Local Google</h1>"))
        #expect(visit.page.contains("ada@example.com"))
    }
}
