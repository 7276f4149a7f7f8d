import Foundation
import LosslessJSON
import Testing

/// Bad settings, and the way out of them.
@Suite(.serialized) struct MendingTests {
    private func scene(_ settings: String) throws -> Scene {
        let scene = try Scene()
        let folder = scene.home.appending(path: "config")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(settings.utf8).write(to: folder.appending(path: "config.json"))
        return scene
    }

    @Test(arguments: [
        ("color", "purple", "auto"), ("progress", "loud", "none"),
        ("time-zone", "Mars/Olympus", "Europe/Paris"), ("agenda-days", "0", "3"),
    ])
    func `a bad setting can be seen and mended by the commands for it`(
        key: String, bad: String, good: String
    ) throws {
        let scene = try scene(#"{"later":1,"\#(key)":"\#(bad)"}"#)
        let refused = try scene.expect(10, "agenda", "--json")
        #expect(
            try refused.error()["remedy"]?.string?.hasPrefix("tandem config set \(key)") == true)
        try scene.expect(0, "config", "path")
        try scene.expect(0, "exit-codes")
        let list = try scene.run("config", "list", "--origin", "--json").items()
        let shown = try #require(list.first { $0["key"]?.string == key })
        #expect(shown["value"]?.string == bad)
        #expect(shown["origin"] == "file")
        #expect(shown["usable"] == false)
        #expect(list.filter { $0["usable"] == false }.count == 1)
        #expect(try scene.json("config", "get", key)["value"]?.string == bad)
        try scene.expect(64, "config", "set", key, bad)
        try scene.expect(0, "config", "set", key, good)
        try scene.expect(0, "agenda")
        #expect(try scene.json("config", "get", key)["value"]?.string == good)
        try scene.expect(0, "config", "set", key)
        let file = try Data(contentsOf: scene.home.appending(path: "config/config.json"))
        #expect(try JSON(parsing: Array(file)) == ["later": 1])
    }

    @Test func `a bad variable is mended where it was set`() throws {
        let scene = try Scene()
        let environment = ["TANDEM_COLOR": "purple"]
        let refused = try scene.run("status", "--json", environment: environment)
        #expect(refused.status == 10)
        #expect(try refused.error()["remedy"]?.string?.contains("Unset TANDEM_COLOR") == true)
        for words in ["path", "list"] {
            #expect(try scene.run("config", words, environment: environment).status == 0)
        }
        #expect(try scene.run("exit-codes", environment: environment).status == 0)
        #expect(try scene.run("status", "--color", "never", environment: environment).status == 0)
    }

    @Test func `where the settings file is broken, its place can still be asked for`() throws {
        let scene = try scene("{")
        let path = try scene.json("config", "path")["file"]?.string
        #expect(path == scene.home.appending(path: "config/config.json").path)
        try scene.expect(0, "exit-codes")
        for words in [["list"], ["get", "color"], ["set", "color", "auto"]] {
            let run = try RunningBinary(
                ["config"] + words + ["--json"], environment: scene.environment()
            ).finish()
            #expect(run.status == 10)
            #expect(try run.error()["message"]?.string?.contains("config.json") == true)
        }
        let file = try Data(contentsOf: scene.home.appending(path: "config/config.json"))
        #expect(file == Data("{".utf8))
    }
}
