import Foundation
import LosslessJSON
import Testing

@Suite(.serialized) struct ContractTests {
    @Test func `the exit codes are those of the contract`() throws {
        let scene = try Scene()
        let codes = try scene.json("exit-codes")["items"]?.array?.compactMap { $0["code"]?.int }
        #expect(codes == [0, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 64, 130])
    }

    @Test func `an item has every member of the contract, unknown fields included`()
        async throws
    {
        let scene = try Scene.signedIn("--empty")
        let id = try await scene.remoteEvent(
            "Review", ["extendedProperties": ["private": ["x": "1"]]])
        try scene.expect(0, "sync")
        let item = try scene.json("events", "get", id)
        #expect(
            item.object?.keys.prefix(9) == [
                "id", "kind", "account", "collection", "remoteId", "etag", "state", "notifies",
                "data",
            ])
        #expect(item["data"] == (try await scene.remote(id)))
        #expect(item["id"]?.string?.utf8.count == 26)
        let all = try scene.json("events", "list")
        #expect(all["items"]?.array?.count == 1)
        #expect(all["items"]?[0] == item)
        #expect(all["next"] == .some(.null))
    }

    @Test func `a sync answers as the contract says`() throws {
        let scene = try Scene.signedIn("--empty")
        let sync = try scene.json("sync")
        expect(
            sync,
            hasMembers: [
                "run", "started", "finished", "halted", "exit", "requests", "bytes", "collections",
            ])
        for collection in sync["collections"]?.array ?? [] {
            expect(
                collection,
                hasMembers: [
                    "account", "kind", "name", "id", "listing", "requests", "pulled", "pushed",
                    "conflicts", "quarantined", "held", "unconfirmed", "error",
                ])
        }
        let status = try scene.json("status")["accounts"]?[0]
        #expect(status?["state"] == "fresh")
        for collection in status?["collections"]?.array ?? [] {
            expect(
                collection,
                hasMembers: [
                    "id", "kind", "name", "state", "lastSuccess", "parkedUntil", "reason", "items",
                    "dirty", "conflicts", "quarantined", "held",
                ])
            #expect(collection["state"] == "fresh")
        }
        let run = try #require(sync["run"]?.string)
        #expect(try scene.json("log", run)["summary"]?["run"]?.string == run)
        let runs = try scene.json("log", "--limit", "1")
        #expect(runs["items"]?[0]?["command"] == "sync")
        #expect(runs["next"]?.string != nil)
    }

    private func expect(_ json: JSON, hasMembers names: [String]) {
        let keys = json.object?.keys ?? []
        for name in names { #expect(keys.contains(name), "\(name)") }
    }

    @Test func `filters of events leave what they say`() async throws {
        let scene = try Scene.signedIn("--empty")
        _ = try await scene.remoteEvent("Pump inspection", ["location": "North plant"])
        _ = try await scene.remoteEvent(
            "Later",
            [
                "start": ["dateTime": "2026-12-09T10:00:00+01:00"],
                "end": ["dateTime": "2026-12-09T11:00:00+01:00"],
            ])
        try scene.expect(0, "sync")
        try scene.expect(0, "events", "add", "--title", "New", "--when", "2026-11-20 10:00")
        func titles(_ words: String...) throws -> [String] {
            let run = try RunningBinary(
                ["events", "list", "--json"] + words, environment: scene.environment()
            ).finish()
            return try run.items().compactMap { $0["data"]?["summary"]?.string }.sorted()
        }
        #expect(try titles() == ["Later", "New", "Pump inspection"])
        #expect(try titles("--query", "pump north") == ["Pump inspection"])
        #expect(try titles("--state", "dirty") == ["New"])
        #expect(try titles("--from", "2026-12-01") == ["Later"])
        #expect(try titles("--to", "2026-11-10") == ["Pump inspection"])
        let later = try #require(try scene.item("Later")["id"]?.string)
        try scene.expect(0, "events", "delete", later)
        #expect(try titles() == ["New", "Pump inspection"])
        #expect(try titles("--all").contains("Later"))
    }

    @Test func `data goes to standard output, everything else to standard error`() throws {
        let scene = try Scene.signedIn("--empty")
        let add = try scene.expect(
            0, "events", "add", "--title", "X", "--when", "tomorrow 10:00", "--plain")
        #expect(add.output.hasPrefix("field\tvalue\ntitle\tX\n"))
        #expect(add.diagnostics.contains("tandem sync"))
        let quiet = try scene.expect(
            0, "events", "add", "--title", "Y", "--when", "tomorrow 10:00", "-q")
        #expect(quiet.diagnostics.isEmpty)
        let plain = try scene.expect(0, "events", "list", "--plain")
        let lines = plain.output.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(
            Set(lines.map { $0.split(separator: "\t", omittingEmptySubsequences: false).count })
                .count == 1)
    }

    @Test func `with -q nothing is printed where all went well, wherever it stands`() throws {
        let scene = try Scene.signedIn("--empty")
        for words in [
            ["sync", "-q"], ["-q", "sync"], ["config", "set", "agenda-days", "3", "-q"],
        ] {
            let run = try RunningBinary(words, environment: scene.environment()).finish()
            #expect(run.status == 0, "\(words): \(run.diagnostics)")
            #expect(run.output.isEmpty && run.diagnostics.isEmpty, "\(words): \(run.output)")
        }
        // Data is what was asked for.
        #expect(try scene.expect(0, "-q", "sync", "--json").json()["exit"] == 0)
        #expect(try !scene.expect(0, "-q", "events", "list").output.isEmpty)
        let demo = try scene.run("demo", "--once", "-q", environment: ["TANDEM_HOME": ""])
        #expect(demo.status == 0, "\(demo.diagnostics)")
        #expect(demo.output.isEmpty && demo.diagnostics.isEmpty, "\(demo.output)")
        scene.stopGoogle()
        #expect(try !scene.expect(8, "sync", "-q").diagnostics.isEmpty)
    }

    @Test func `progress for programs comes one JSON value a line on standard error`() throws {
        let scene = try Scene.withGoogle("--seed", "1", "--events", "300")
        try scene.expect(0, "auth", "login", "--no-input")
        let run = try scene.expect(0, "sync", "--progress", "json", "--json")
        let steps = try run.diagnostics.split(separator: "\n").map { try JSON(parsing: String($0)) }
        #expect(!steps.isEmpty)
        #expect(steps.allSatisfy { $0["progress"]?["done"]?.int != nil })
        #expect(try run.json()["exit"] == 0)
        let silent = try scene.expect(0, "sync", "--json")
        #expect(silent.diagnostics.isEmpty)
    }

    @Test func `config says where each value comes from`() throws {
        let scene = try Scene()
        try scene.expect(0, "config", "set", "agenda-days", "3")
        #expect(try scene.json("config", "get", "agenda-days")["origin"] == "file")
        let run = try scene.run(
            "config", "list", "--origin", "--json", "--color", "never",
            environment: ["TANDEM_TIME_ZONE": "Asia/Tokyo"])
        let origins = try run.items().reduce(into: [String: String]()) { origins, item in
            origins[item["key"]?.string ?? ""] = item["origin"]?.string
        }
        #expect(origins["agenda-days"] == "file")
        #expect(origins["time-zone"] == "variable")
        #expect(origins["color"] == "flag")
        #expect(origins["progress"] == "default")
        try scene.expect(0, "config", "set", "agenda-days")
        #expect(try scene.json("config", "get", "agenda-days")["origin"] == "default")
        #expect(
            try scene.json("config", "path")["data"]?.string
                == scene.home.appending(path: "data").path)
    }

    @Test func `a port that is taken is said in words, with the way out`() throws {
        let scene = try Scene.withGoogle("--empty")
        let port = try #require(scene.url.split(separator: ":").last.map(String.init))
        let run = try scene.expect(10, "emulator", "start", "--port", port, "--json")
        let error = try run.error()
        #expect(error["code"] == "listen")
        #expect(
            error["message"]?.string == "Port \(port) is taken: another program listens there.")
        #expect(error["remedy"]?.string?.contains("--port 0") == true)
        #expect(!run.diagnostics.contains("errno"))
    }

    @Test func `a reset says that the sign-ins go with the rest, and they do`() throws {
        let scene = try Scene.signedIn("--empty")
        let help = try scene.expect(0, "emulator", "reset", "--help")
        #expect(help.output.contains("sign-ins"))
        let answer = try scene.json("emulator", "reset")
        #expect(answer["reset"] == true)
        let removed = answer["removed"]?.array?.compactMap(\.string)
        #expect(
            removed == [
                "changes", "sign-ins", "switches", "faults", "quotas", "lag", "requests", "clock",
            ])
        let run = try scene.expect(0, "emulator", "reset")
        #expect(run.output.contains("sign-ins"))
        #expect(run.output.contains("tandem auth login"))
        try scene.expect(4, "sync")
        try scene.expect(0, "auth", "login", "--no-input", "--account", "ada")
        try scene.expect(0, "sync")
    }

    @Test func `a local Google is reset by whoever started it last`() async throws {
        let scene = try Scene.withGoogle("--empty")
        _ = try await scene.remoteEvent("Gone soon")
        let run = try scene.run("emulator", "reset", environment: ["TANDEM_GOOGLE_URL": ""])
        #expect(run.status == 0, "\(run.diagnostics)")
        let counters = try await scene.call("GET", "/_emulator/counters")
        #expect(counters["events"] == 0)
        scene.stopGoogle()
        try scene.expect(8, "emulator", "reset")
    }

    @Test func `a local Google begins with a file's content and a client of one's own`()
        async throws
    {
        let scene = try Scene()
        let data = scene.home.appending(path: "seed.json")
        try Data(
            #"""
            {"users":["ada@example.com"],"calendars":[{"owner":"ada@example.com","events":[
            {"summary":"Planted","start":{"date":"2026-11-09"},"end":{"date":"2026-11-10"}}]}]}
            """#.utf8
        ).write(to: data)
        let secrets = scene.home.appending(path: "client.json")
        try Data(
            #"{"installed":{"client_id":"mine","client_secret":"s","redirect_uris":["http://localhost"]}}"#
                .utf8
        ).write(to: secrets)
        try scene.startGoogle([
            "--auto-consent", "--data", data.path, "--client", secrets.path, "--token",
            "ada@example.com=\(Scene.token)",
        ])
        let announced = try #require(scene.announcement["clientFile"]?.string)
        let own = try JSON(parsing: Array(Data(contentsOf: URL(filePath: announced))))["installed"]
        #expect(own?["client_id"] == "mine" && own?["client_secret"] == "s")
        #expect(own?["token_uri"]?.string?.hasPrefix("http://127.0.0.1:") == true)
        try scene.expect(0, "auth", "login", "--no-input", "--client-secrets", secrets.path)
        try scene.expect(0, "sync")
        #expect(try scene.item("Planted")["data"]?["start"] == ["date": "2026-11-09"])
        let end = scene.stopGoogle()
        #expect(end?.status == 0)
        #expect(end?.diagnostics == "")
    }

    @Test func `what began before the window stands on its first day`() throws {
        let scene = try Scene.signedIn("--empty")
        try scene.expect(
            0, "events", "add", "--title", "Fair", "--when", "2026-11-08", "--end", "2026-11-10")
        try scene.expect(
            0, "events", "add", "--title", "Night", "--when", "2026-11-08 22:00", "--duration",
            "8h")
        try scene.expect(
            0, "events", "add", "--title", "Call", "--when", "2026-11-09 10:00", "--duration",
            "30m")
        let run = try scene.expect(0, "agenda", "--from", "2026-11-09", "--days", "1")
        #expect(
            run.output == """
                Mon 9 Nov 2026
                  all day      Fair   ada@example.com · until Tue 10 Nov 2026 · [dirty]
                  …    –06:00  Night  ada@example.com · [dirty]
                  10:00–10:30  Call   ada@example.com · [dirty]

                """)
    }
}
