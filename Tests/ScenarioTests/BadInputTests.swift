import Foundation
import LosslessJSON
import Testing

@Suite(.serialized) struct BadInputTests {
    @Test(arguments: [
        ["bogus"], ["--bogus"], ["events", "bogus"], ["events", "list", "--state", "odd"],
        ["events", "list", "--limit", "0"], ["events", "list", "--limit", "many"],
        ["events", "list", "--limit", "9223372036854775807"], ["log", "--limit", "1000001"],
        ["calendars", "list", "--limit", "9223372036854775807"],
        ["agenda", "--limit", "9223372036854775807"], ["exit-codes", "--after", "x"],
        ["events", "get"], ["events", "add"], ["events", "add", "--title", "X"],
        ["events", "add", "--title", "X", "--when", "whenever"],
        ["events", "add", "--title", "X", "--when", "today", "--duration", "soon"],
        ["events", "add", "--data", "{}", "--title", "X", "--when", "today"],
        ["events", "add", "--data", "{"], ["events", "add", "--data", "[]"],
        ["events", "add", "--title", "X", "--when", "today", "--send-updates", "some"],
        ["events", "edit", "x", "--scope", "some"], ["events", "rsvp", "x", "perhaps"],
        ["events", "move", "x"], ["agenda", "--days", "0"], ["agenda", "--to", "x"],
        ["agenda", "--from", "2026-11-09", "--to", "2026-11-09"],
        ["agenda", "--from", "2000-01-01", "--to", "2026-11-09"],
        ["conflicts", "resolve", "x"], ["conflicts", "resolve", "x", "--use", "yours"],
        ["config", "get", "nothing"], ["config", "set", "nothing", "x"],
        ["emulator", "start", "--port", "70000"], ["emulator", "start", "--empty", "--seed", "1"],
        ["emulator", "start", "--events", "5"], ["emulator", "start", "--user", "nobody"],
        ["emulator", "start", "--token", "x"], ["emulator", "start", "--token", "=x"],
        ["emulator", "start", "--token", "ada@example.com="],
        ["emulator", "start", "--token", "ada@example.com=a\nb"],
        ["emulator", "start", "--token", "a@example.com=x", "--token", "b@example.com=x"],
        ["emulator", "start", "--seed", "1", "--contacts", "5"],
        ["emulator", "start", "--seed", "1", "--calendars", "0"],
        ["emulator", "seed", "x.json", "--events", "5"], ["emulator", "seed", "--files", "1"],
        ["emulator", "snapshot"], ["emulator", "restore"],
        ["emulator", "clock", "set", "tomorrow"], ["emulator", "clock", "advance", "soon"],
        ["emulator", "fault", "add"], ["emulator", "fault", "add", "--cut", "sideways"],
        ["emulator", "fault", "remove"], ["emulator", "expire"],
        ["emulator", "switches", "set", "x"], ["emulator", "requests", "--last", "0"],
        ["auth", "login", "--device", "--no-browser"],
        ["auth", "login", "--auth-host-port", "0"], ["auth", "login", "--logging_level", "LOUD"],
        ["auth", "login", "--account", ""], ["auth", "login", "--account", "../../x"],
        ["auth", "login", "--account", "a\nb"], ["auth", "login", "--account", "a\u{1B}[2J"],
        ["auth", "login", "--account", String(repeating: "x", count: 10_000)],
        ["auth", "import", "/nowhere.json", "--account", "a/b"], ["status", "--account", ""],
        ["sync", "--json", "--plain"], ["sync", "--dry-run", "--watch"],
        ["status", "--color", "blue"], ["status", "--progress", "loud"],
    ])
    func `arguments that make no sense exit with 64 and change nothing`(words: [String]) throws {
        let scene = try Scene()
        let run = try RunningBinary(
            words + (words.contains("--json") ? [] : ["--json"]),
            environment: scene.environment()
        ).finish()
        #expect(run.status == 64, "\(run.output)\(run.diagnostics)")
        #expect(run.output.isEmpty)
        #expect(try run.error()["message"]?.string?.isEmpty == false)
        #expect(run.diagnostics.utf8.count < 2_000)
        #expect(!run.diagnostics.contains("CHECK"))
    }

    @Test func `what is not there exits with 5`() throws {
        let scene = try Scene()
        for words in [
            ["events", "get", "x"], ["events", "edit", "x", "--title", "Y"],
            ["events", "delete", "x"], ["events", "rsvp", "x", "yes"],
            ["conflicts", "show", "x"], ["conflicts", "resolve", "x", "--use", "mine"],
            ["quarantine", "show", "x"], ["quarantine", "retry", "x"],
            ["quarantine", "drop", "x"], ["holds", "release", "x"], ["holds", "refuse", "x"],
            ["queue", "drop", "x"], ["queue", "retry", "x"], ["log", "x"],
            ["events", "list", "--calendar", "x"], ["agenda", "--calendar", "x"],
            ["status", "--account", "x"], ["leases", "release", "x"], ["auth", "logout"],
            ["events", "add", "--title", "X", "--when", "today"],
            ["emulator", "start", "--data", "/nowhere.json"],
        ] {
            let run = try RunningBinary(
                words + ["--json"], environment: scene.environment()
            ).finish()
            #expect(run.status == 5, "\(words): \(run.output)\(run.diagnostics)")
        }
    }

    @Test func `without any account every list is empty and a sync asks to sign in`() throws {
        let scene = try Scene()
        for words in [
            ["events", "list"], ["calendars", "list"], ["agenda"], ["queue", "list"],
            ["conflicts", "list"], ["quarantine", "list"], ["holds", "list"], ["leases", "list"],
            ["auth", "list"], ["log"],
        ] {
            let run = try RunningBinary(
                words + ["--json"], environment: scene.environment()
            ).finish()
            #expect(run.status == 0, "\(words): \(run.diagnostics)")
            #expect(run.output == "{\"items\":[],\"next\":null}\n")
        }
        #expect(try scene.json("status") == ["accounts": []])
        let run = try scene.expect(4, "sync", "--json")
        #expect(try run.error()["remedy"]?.string?.hasPrefix("tandem auth login") == true)
    }

    @Test func `without any account people are told how to get one, not shown an empty table`()
        throws
    {
        let scene = try Scene()
        for words in [
            ["events", "list"], ["calendars", "list"], ["agenda"], ["status"], ["auth", "list"],
            ["sync", "--dry-run"],
        ] {
            let run = try RunningBinary(words, environment: scene.environment()).finish()
            #expect(run.status == 0, "\(words): \(run.diagnostics)")
            #expect(run.output.contains("tandem auth login"), "\(words): \(run.output)")
            #expect(run.output.contains("tandem demo"), "\(words): \(run.output)")
        }
        let sync = try scene.expect(4, "sync")
        #expect(sync.diagnostics.contains("tandem auth login"))
        #expect(sync.diagnostics.contains("tandem demo"))
        let add = try scene.expect(5, "events", "add", "--title", "X", "--when", "today")
        #expect(add.diagnostics.contains("tandem auth login"))
    }

    @Test(arguments: [
        "{", "[]", "null", "{\"color\":\"blue\"}", "{\"agenda-days\":-1}", "\u{0}\u{1}",
        "{\"google-url\":\"gopher://x\"}", String(repeating: "[", count: 100_000),
    ])
    func `a broken settings file exits with 10 and names it`(text: String) throws {
        let scene = try Scene()
        let folder = scene.home.appending(path: "config")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: folder.appending(path: "config.json"))
        let run = try scene.run("agenda", "--json", environment: ["TANDEM_GOOGLE_URL": ""])
        #expect(run.status == (text.contains("google-url") ? 0 : 10), "\(run.diagnostics)")
        if run.status == 10 { #expect(try run.error()["message"]?.string?.isEmpty == false) }
    }

    @Test func `a bad variable is named, and a flag counts before it`() throws {
        let scene = try Scene()
        let bad = try scene.run(
            "agenda", "--json", environment: ["TANDEM_TIME_ZONE": "Mars/Olympus"])
        #expect(bad.status == 10)
        #expect(try bad.error()["message"]?.string?.contains("TANDEM_TIME_ZONE") == true)
        let good = try scene.run(
            "agenda", "--json", "--time-zone", "Asia/Tokyo",
            environment: ["TANDEM_TIME_ZONE": "Mars/Olympus"])
        #expect(good.status == 0)
    }

    @Test(arguments: [
        (["evnts"], "events"), (["evnts", "list", "--all"], "events"),
        (["help", "evnts"], "events"), (["-q", "--account", "ada", "evnts"], "events"),
        (["evnts", "--help"], "events"), (["events", "lst"], "list"), (["auth", "logn"], "login"),
        (["agenda", "--calender", "x"], "--calendar"), (["agenda", "--jsn"], "--json"),
        (["status", "--color", "atuo"], "auto"),
        (["status", "--progress", "jsno"], "json"),
        (["events", "list", "--state", "drity"], "dirty"),
        (["events", "edit", "x", "--scope", "folowing"], "following"),
        (["events", "delete", "x", "--send-updates", "extrenal"], "external"),
        (["events", "rsvp", "x", "acepted"], "accepted"),
        (["conflicts", "resolve", "x", "--use", "mien"], "mine"),
        (["auth", "login", "--logging_level", "DEBG"], "DEBUG"),
        (["config", "get", "colr"], "color"),
        (["config", "set", "agenda-day", "3"], "agenda-days"),
        (["config", "set", "time-zone", "Europe/Pari"], "Europe/Paris"),
    ])
    func `who mistypes a word is asked whether they meant the nearest`(
        words: [String], meant: String
    ) throws {
        let scene = try Scene()
        let run = try RunningBinary(words, environment: scene.environment()).finish()
        #expect(run.status == 64, "\(run.output)\(run.diagnostics)")
        #expect(run.output.isEmpty)
        #expect(run.diagnostics.contains("Did you mean '\(meant)'?"), "\(run.diagnostics)")
    }

    @Test func `who mistypes a name is asked for the nearest that there is`() throws {
        let scene = try Scene.signedIn("--empty")
        for (words, meant) in [
            (["status", "--account", "adda"], "ada"),
            (["agenda", "--calendar", "primry"], "primary"),
            (["events", "list", "--calendar", "ada@exmaple.com"], "ada@example.com"),
        ] {
            let run = try RunningBinary(
                words + ["--json"], environment: scene.environment()
            ).finish()
            #expect(run.status == 5)
            let message = try run.error()["message"]?.string
            #expect(message?.hasSuffix("Did you mean '\(meant)'?") == true, "\(message ?? "")")
        }
    }

    @Test(arguments: [
        ("agenda-days", "x", "takes a whole number from 1 to 3660, not 'x'."),
        ("agenda-days", "3661", "takes a whole number from 1 to 3660, not '3661'."),
        ("retention-days", "30", "takes a whole number from 90 to 36525, not '30'."),
        ("color", "x", "takes auto, always or never, not 'x'."),
        ("progress", "x", "takes auto, json or none, not 'x'."),
        ("time-zone", "x", "takes the name of a zone, such as Europe/Paris, not 'x'."),
        ("client-secrets", "", "takes the path of a client-secrets file, not ''."),
        ("google-url", "x", "takes the address of a local Google on this machine"),
    ])
    func `a setting that is given something else says what it takes`(
        key: String, value: String, says: String
    ) throws {
        let scene = try Scene()
        let run = try scene.expect(64, "config", "set", key, value, "--json")
        let error = try run.error()
        #expect(error["code"] == "badSetting")
        #expect(error["message"]?.string?.hasPrefix("\(key) \(says)") == true, "\(error.text)")
        #expect(try scene.json("config", "get", key)["origin"] == "default")
    }

    @Test func `a store that is none, or broken, is refused and left as it is`() throws {
        let scene = try Scene()
        try scene.expect(0, "events", "list")
        let file = scene.home.appending(path: "data/tandem.sqlite")
        for content in [Data("not a database, and long enough to be one".utf8) + Data(count: 4096)]
        {
            try content.write(to: file)
            let run = try scene.expect(10, "events", "list", "--json")
            #expect(try run.error()["message"]?.string?.isEmpty == false)
            #expect(try Data(contentsOf: file) == content)
        }
    }

    @Test func `a store behind a link is not trusted`() throws {
        let scene = try Scene()
        let elsewhere = scene.home.appending(path: "elsewhere.sqlite")
        try Data().write(to: elsewhere)
        let folder = scene.home.appending(path: "data")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: "tandem.sqlite"), withDestinationURL: elsewhere)
        let run = try scene.expect(10, "events", "list", "--json")
        #expect(try run.error()["code"]?.string?.contains("unsafe") == true)
        #expect(try Data(contentsOf: elsewhere).isEmpty)
    }

    @Test func `a data folder behind a link is refused before anything is changed`() throws {
        let scene = try Scene()
        let elsewhere = scene.home.appending(path: "elsewhere")
        try FileManager.default.createDirectory(
            at: elsewhere, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o755])
        try FileManager.default.createSymbolicLink(
            at: scene.home.appending(path: "data"), withDestinationURL: elsewhere)
        let run = try scene.expect(10, "events", "list", "--json")
        #expect(try run.error()["code"] == "store.unsafeFile")
        let attributes = try FileManager.default.attributesOfItem(atPath: elsewhere.path)
        #expect(attributes[.posixPermissions] as? Int == 0o755)
        #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere.path).isEmpty)
    }

    @Test func `a settings file that others may read is mended when the store is opened`() throws {
        let scene = try Scene()
        try scene.expect(0, "config", "set", "agenda-days", "3")
        let file = scene.home.appending(path: "config/config.json").path
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        try scene.expect(0, "events", "list")
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func `things cannot be set to be forgotten too soon`() throws {
        let scene = try Scene()
        let run = try scene.expect(64, "config", "set", "retention-days", "30", "--json")
        #expect(try run.error()["code"] == "badSetting")
        try scene.expect(0, "config", "set", "retention-days", "365")
        #expect(try scene.json("config", "get", "retention-days")["value"] == "365")
    }

    @Test func `a sealing key that is gone is told, and signing in again mends it`() throws {
        let scene = try Scene.signedIn("--empty")
        try FileManager.default.removeItem(at: scene.home.appending(path: "config/sealing.keys"))
        let run = try scene.expect(4, "sync", "--json")
        #expect(try run.error()["remedy"]?.string?.isEmpty == false)
        #expect(try scene.json("auth", "list")["items"]?[0]?["state"] == "unreadable")
        try scene.expect(0, "auth", "login", "--no-input", "--account", "ada")
        try scene.expect(0, "sync")
    }

    @Test func `hostile JSON is refused with a place, never with a trap`() throws {
        let scene = try Scene.signedIn("--empty")
        let hostile = [
            String(repeating: "[", count: 200_000), String(repeating: "{\"a\":", count: 5000),
            "{\"summary\":\"\\ud800\"}", "{\"summary\":1e999999}", "nul", "{\"a\":1}{\"a\":2}",
            "{\"start\":{\"dateTime\":\"2026-99-99T00:00:00Z\"},\"end\":{}}",
            "{\"summary\":\"X\",\"start\":{\"date\":\"2026-11-09\"},\"end\":{\"date\":\"2026-11-01\"}}",
            "{\"summary\":\"X\",\"recurrence\":[\"RRULE:FREQ=NEVER\"],"
                + "\"start\":{\"date\":\"2026-11-09\"},\"end\":{\"date\":\"2026-11-10\"}}",
        ]
        for text in hostile {
            let run = try scene.run("events", "add", "--json", "--data", "-", input: text)
            #expect(run.status == 64, "\(text.prefix(60)): \(run.output)\(run.diagnostics)")
        }
        #expect(try scene.json("queue", "list")["items"] == [])
    }

    @Test func `control characters of an event never reach the terminal`() async throws {
        let scene = try Scene.signedIn("--empty")
        _ = try await scene.remoteEvent(
            "Evil\u{1B}[2J\u{1B}]0;x\u{7}\u{9B}31m\u{202E}title",
            ["location": "a\tb\nc", "description": "line one\nline two\u{1B}[31m"])
        try scene.expect(0, "sync")
        let id = try #require(try scene.json("events", "list")["items"]?[0]?["id"]?.string)
        for words in [
            ["events", "list"], ["events", "list", "--plain"], ["events", "list", "--json"],
            ["events", "get", id], ["agenda", "--from", "2026-11-09"],
            ["agenda", "--from", "2026-11-09", "--plain"],
            ["agenda", "--from", "2026-11-09", "--json"],
        ] {
            let run = try RunningBinary(words, environment: scene.environment()).finish()
            #expect(run.status == 0)
            #expect(run.output.contains("Evil"))
            let bad = run.output.unicodeScalars.filter {
                ($0.value < 0x20 && $0 != "\n" && !($0 == "\t" && words.contains("--plain")))
                    || (0x7F..<0xA0).contains($0.value) || $0.value == 0x202E
            }
            #expect(bad.isEmpty, "\(words)")
        }
    }

    @Test func `an instance that is not there is answered with those that are`() throws {
        let scene = try Scene.signedIn("--empty")
        let series = try scene.json(
            "events", "add", "--title", "Standup", "--when", "2026-12-01T09:00:00Z", "--repeat",
            "FREQ=DAILY;COUNT=5")
        let id = try #require(series["id"]?.string)
        let missing = "\(id)_20261203T100000Z"
        for words in [
            ["get", missing], ["edit", missing, "--title", "X"], ["delete", missing],
            ["rsvp", missing, "accepted"],
        ] {
            let run = try RunningBinary(
                ["events"] + words + ["--json"], environment: scene.environment()
            ).finish()
            #expect(run.status == 5, "\(words)")
            let remedy = try #require(try run.error()["remedy"]?.string)
            for day in ["02", "03", "04"] {
                #expect(remedy.contains("\(id)_202612\(day)T090000Z"), "\(remedy)")
            }
        }
        try scene.expect(0, "events", "get", "\(id)_20261203T090000Z")
        let shown = try scene.expect(
            0, "agenda", "--ids", "--from", "2026-12-03", "--days", "1"
        ).output
        #expect(shown.contains("\(id)_20261203T090000Z"))
    }

    @Test func `a TZ that names no zone stops what shows or takes times, until it is mended`()
        throws
    {
        let scene = try Scene.signedIn("--empty")
        func run(_ words: String...) throws -> Run {
            try RunningBinary(words, environment: scene.environment(["TZ": "Foo/Bar"])).finish()
        }
        for words in [["agenda"], ["events", "add", "--title", "X", "--when", "2026-12-01 10:00"]] {
            let refused = try RunningBinary(
                words + ["--json"], environment: scene.environment(["TZ": "Foo/Bar"])
            ).finish()
            #expect(refused.status == 10 && refused.output.isEmpty)
            #expect(try refused.error()["message"]?.string?.contains("'Foo/Bar'") == true)
        }
        #expect(try scene.json("events", "list")["items"] == [])
        #expect(try run("config", "set", "time-zone", "Europe/Paris").status == 0)
        #expect(try run("agenda").status == 0)
    }

    @Test func `a time that clocks skip or show twice is taken in one way, and that is said`()
        throws
    {
        let scene = try Scene.signedIn("--empty")
        for (when, taken) in [
            ("2027-03-28 02:30", "2027-03-28T03:30:00+02:00"),
            ("2026-10-25 02:30", "2026-10-25T02:30:00+02:00"),
        ] {
            let add = ["events", "add", "--title", "X", "--when", when]
            let shown = try RunningBinary(add, environment: scene.environment()).finish()
            #expect(shown.status == 0 && shown.diagnostics.contains("taken as"))
            let json = try RunningBinary(add + ["--json"], environment: scene.environment())
                .finish()
            #expect(try json.json()["data"]?["start"]?["dateTime"] == .string(taken))
            let line = json.diagnostics.split(separator: "\n").map(String.init)
            #expect(line.count == 1)
            let warning = try JSON(parsing: try #require(line.first))["warning"]
            #expect(warning?["code"] == "time")
            #expect(warning?["message"]?.string?.contains(taken) == true)
            let quiet = try RunningBinary(add + ["-q"], environment: scene.environment()).finish()
            #expect(quiet.diagnostics.isEmpty)
            for list in [["agenda", "--from", when], ["events", "list", "--from", when]] {
                let run = try RunningBinary(list, environment: scene.environment()).finish()
                #expect(run.diagnostics.contains(taken), "\(list)")
            }
        }
    }
}
