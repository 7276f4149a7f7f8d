import Foundation
import LosslessJSON
import Testing

@testable import tandem

@Suite struct SettingsTests {
    private func file(_ text: String?) throws -> SettingsFile {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "tandem-settings-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = folder.appending(path: "config.json")
        if let text { try Data(text.utf8).write(to: url) }
        return try SettingsFile(url)
    }

    @Test func `a flag counts before a variable, that before the file, that before the default`()
        throws
    {
        let file = try file(#"{"agenda-days": 3, "color": "never", "time-zone": "Asia/Tokyo"}"#)
        let settings = Settings(
            flags: [.timeZone: "Europe/Paris"],
            environment: ["TANDEM_TIME_ZONE": "UTC", "TANDEM_COLOR": "always"], file: file)
        func origin(_ key: SettingKey) throws -> Settings.Origin? {
            try settings.lookUp(key)?.origin
        }
        #expect(try settings[.timeZone] == "Europe/Paris")
        #expect(try origin(.timeZone) == .flag)
        #expect(try settings[.color] == "always")
        #expect(try origin(.color) == .variable)
        #expect(try settings[.agendaDays] == "3")
        #expect(try origin(.agendaDays) == .file)
        #expect(try settings[.progress] == "auto")
        #expect(try origin(.progress) == .standard)
        #expect(try settings[.googleURL] == nil)
    }

    @Test func `a file that is not there says nothing`() throws {
        #expect(try file(nil).values.isEmpty)
    }

    @Test(arguments: ["", "{", "[]", "7", "{\"a\":}", "\u{0}", "{\"color\":\"never\"} x"])
    func `a broken file is named, never taken for an empty one`(text: String) throws {
        let error = #expect(throws: CommandFailure.self) { try file(text) }
        #expect(error?.exit == .configuration)
        #expect(error?.message.contains("config.json") == true)
    }

    @Test func `an endless file is not read to its end`() throws {
        let error = #expect(throws: CommandFailure.self) {
            try file(String(repeating: " ", count: SettingsFile.maxBytes + 10))
        }
        #expect(error?.message.contains("larger") == true)
    }

    @Test(arguments: [
        (SettingKey.timeZone, "Mars/Olympus"), (.agendaDays, "0"), (.agendaDays, "many"),
        (.color, "blue"), (.progress, "loud"), (.googleURL, "ftp://127.0.0.1"),
        (.clientSecrets, ""), (.retentionDays, "89"), (.retentionDays, "-90"),
        (.retentionDays, "90.5"), (.retentionDays, "for ever"), (.retentionDays, "36526"),
    ])
    func `a value that makes no sense is refused with its origin`(key: SettingKey, value: String)
        throws
    {
        let settings = Settings(flags: [key: value], environment: [:], file: try file(nil))
        let error = #expect(throws: CommandFailure.self) { try settings.lookUp(key) }
        #expect(error?.exit == .usage)
        let isOwnFlag = key == .googleURL
        #expect(
            error?.message.hasPrefix("\(isOwnFlag ? "--url" : key.rawValue) takes ") == true)
        let place = isOwnFlag ? "" : "; it comes from a flag"
        #expect(error?.message.contains("not '\(value)'\(place).") == true)
        guard !value.isEmpty else { return }  // An empty variable says nothing.
        let before = Settings(
            flags: [:], environment: [key.variable: value], file: try file(nil))
        let old = #expect(throws: CommandFailure.self) { try before.lookUp(key) }
        #expect(old?.exit == .configuration)
        #expect(old?.message.contains("it comes from \(key.variable).") == true)
    }

    @Test func `an address without its scheme is asked back`() {
        let text = SettingKey.googleURL.refusal(of: "127.0.0.1:8092", from: .flag)
        #expect(text.hasPrefix("--url takes "))
        #expect(text.hasSuffix(", not '127.0.0.1:8092'. Did you mean http://127.0.0.1:8092?"))
        #expect(!SettingKey.googleURL.refusal(of: "no place", from: .flag).contains("Did you"))
    }

    @Test func `what mends a bad value depends on where it comes from`() throws {
        func remedy(
            flags: [SettingKey: String] = [:], environment: [String: String] = [:],
            file text: String? = nil
        ) throws -> String? {
            let settings = Settings(flags: flags, environment: environment, file: try file(text))
            return #expect(throws: CommandFailure.self) { try settings.lookUp(.color) }?.remedy
        }
        #expect(try remedy(flags: [.color: "blue"])?.contains("flag") == true)
        #expect(
            try remedy(environment: ["TANDEM_COLOR": "blue"])?.hasPrefix("Unset TANDEM_COLOR")
                == true)
        #expect(
            try remedy(file: #"{"color":"blue"}"#)?.hasPrefix("tandem config set color") == true)
    }

    @Test func `a bad value can be seen, and what it hides counts until it is mended`() throws {
        let settings = Settings(
            flags: [:], environment: ["TANDEM_COLOR": "blue", "TANDEM_AGENDA_DAYS": "0"],
            file: try file(#"{"color": "never"}"#))
        #expect(settings.found(.color)?.value == "blue")
        #expect(settings.found(.color)?.origin == .variable)
        #expect(settings.usable(.color) == "never")
        #expect(settings.usable(.agendaDays) == "7")
        #expect(settings.usable(.googleURL) == nil)
        let shown = SettingValue(.color, in: settings)
        #expect(shown.json["usable"] == false)
        #expect(shown.problem?.contains("TANDEM_COLOR") == true)
    }

    @Test(arguments: ["90", "36525"])
    func `things are kept for ninety days, or for as long as is said`(days: String) throws {
        let settings = Settings(
            flags: [:], environment: ["TANDEM_RETENTION_DAYS": days], file: try file(nil))
        #expect(try settings[.retentionDays] == days)
        let usual = Settings(flags: [:], environment: [:], file: try file(nil))
        #expect(try usual[.retentionDays] == "90")
    }

    @Test func `what we do not know stays in the file when something is set`() throws {
        var file = try file(#"{"later": {"deep": [1.5]}, "color": "never"}"#)
        #expect(file.unknownKeys == ["later"])
        file.set(.color, to: nil)
        file.set(.agendaDays, to: "14")
        #expect(JSON.object(file.json) == ["later": ["deep": [1.5]], "agenda-days": "14"])
    }

    @Test func `TANDEM_HOME holds everything, XDG folders count only if absolute`() throws {
        let home = try Places(environment: ["TANDEM_HOME": "/tmp/x", "HOME": "/home/ada"])
        #expect(home.config.path == "/tmp/x/config")
        #expect(home.data.path == "/tmp/x/data")
        #expect(home.state.path == "/tmp/x/state")
        #expect(home.cache.path == "/tmp/x/cache")
        let xdg = try Places(
            environment: ["HOME": "/home/ada", "XDG_DATA_HOME": "/d", "XDG_CACHE_HOME": "c"])
        #expect(xdg.data.path == "/d/tandem")
        #expect(xdg.cache.path == "/home/ada/.cache/tandem")
        #expect(xdg.config.path == "/home/ada/.config/tandem")
        #expect(throws: CommandFailure.self) { try Places(environment: [:]) }
        #expect(throws: CommandFailure.self) { try Places(environment: ["HOME": "relative"]) }
    }

    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "tandem-places-\(UInt64.random(in: 0 ... .max))")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o755])
        try body(folder)
    }

    private func mode(_ url: URL) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int
    }

    @Test func `folders and files are for the owner alone, also those that were open before`()
        throws
    {
        try withFolder { folder in
            let file = folder.appending(path: "config.json")
            try Places.write(Array("{}".utf8), to: file)
            #expect(try mode(folder) == 0o700)
            #expect(try mode(file) == 0o600)
        }
    }

    @Test func `a settings file that was made by hand is its owner's alone from then on`() throws {
        try withFolder { folder in
            let file = folder.appending(path: "config.json")
            try Data("{}".utf8).write(to: file)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o644], ofItemAtPath: file.path)
            try Places.protect(file)
            #expect(try mode(file) == 0o600)
            try Places.protect(folder.appending(path: "none.json"))
            // What a link leads to is its owner's business.
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o644], ofItemAtPath: file.path)
            let link = folder.appending(path: "link.json")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
            try Places.protect(link)
            #expect(try mode(file) == 0o644)
        }
    }

    @Test func `a folder behind a link is refused, and keeps its rights`() throws {
        try withFolder { folder in
            let link = folder.appending(path: "data")
            let real = folder.appending(path: "real")
            try FileManager.default.createDirectory(
                at: real, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o755])
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: real)
            let error = #expect(throws: CommandFailure.self) { try Places.prepare(link) }
            #expect(error?.exit == .configuration && error?.code == "store.unsafeFile")
            #expect(try mode(real) == 0o755)
        }
    }
}
