import ArgumentParser
import Foundation
import LosslessJSON
import TandemFormats
import Testing

@testable import tandem

/// What commands show of a local Google, and of how much of it.
@Suite struct EmulatorWatchingTests {
    @Test(
        arguments: [
            ([], ""), (["--api", "calendar"], "?api=calendar"),
            (["--method", "a&b=c"], "?method=a%26b%3Dc"),
            (["--status", "410", "--api", "oauth"], "?api=oauth&status=410"),
        ] as [([String], String)])
    func `requests are chosen by api, method and status`(flags: [String], query: String) throws {
        let choice = try RequestChoice.parse(flags)
        #expect(choice.query == query)
        #expect(choice.isGiven == !flags.isEmpty)
    }

    @Test(arguments: [70, 80, 100])
    func `requests fit the terminal, and their paths can be told apart`(columns: Int) {
        let names = ["events.list", "calendarList.list", "events.insert"]
        let items: [JSON] = names.enumerated().map { index, name in
            [
                "at": "2026-11-09T08:00:07.250Z", "api": "calendar", "apiMethod": .string(name),
                "method": "GET", "status": 200, "durationMs": 12.345, "bytes": 12_345,
                "batch": true,
                "path": .string("/calendar/v3/calendars/ada%40example.com/events/number\(index)"),
            ]
        }
        let lines = EmulatorRequests.table(items, ItemText(zone: .utc))
            .aligned(TerminalStyle(usesColor: false, columns: columns), showsDetails: false)
            .split(separator: "\n")
        #expect(lines[0].hasPrefix("AT        WHAT"))
        for (index, line) in lines.dropFirst().enumerated() {
            #expect(line.hasPrefix("08:00:07  calendar "))
            #expect(line.hasSuffix("/number\(index)"))
            #expect(TerminalText.width(String(line)) <= columns, "\(line)")
        }
    }

    @Test func `forgetting some requests is refused, as all are forgotten`() {
        #expect(throws: (any Error).self) {
            try EmulatorRequests.parse(["--clear", "--status", "410"])
        }
    }

    @Test func `moments are shown to the second`() throws {
        let text = ItemText(zone: try ZoneRules.named("Europe/Paris"))
        let moment: JSON = "2026-11-09T08:00:07.250Z"
        #expect(text.second(moment) == "2026-11-09 09:00:07")
        #expect(text.exact.second(moment) == "2026-11-09T09:00:07+01:00")
        #expect(text.clock(moment) == "09:00:07")
        #expect(text.exact.clock(moment) == "2026-11-09T09:00:07+01:00")
        #expect(text.second(nil) == "")
        #expect(text.clock(nil) == "")
        #expect(text.second("soon") == "soon")
    }

    @Test func `channels are shown with what waits for them`() throws {
        let channel: JSON = [
            "id": "mine", "user": "ada@example.com", "address": "http://127.0.0.1:9/hook",
            "resourceUri": "https://www.googleapis.com/x", "resourceId": "r",
            "expires": "2026-11-16T08:00:00.000Z", "messages": 3, "waiting": 1,
        ]
        let post: JSON = ["due": "2026-11-09T08:00:07.000Z", "attempt": 2]
        let text = ItemText(zone: .utc)
        let waiting = EmulatorChannels.table(
            [channel.merging(["posts": .array([post])])], text
        ).aligned(.plain, showsDetails: false)
        #expect(waiting.contains("2026-11-16 08:00"))
        #expect(waiting.contains("2026-11-09 08:00:07"))
        let quiet = EmulatorChannels.table([channel.merging(["posts": []])], text)
            .aligned(.plain, showsDetails: false)
        #expect(!quiet.contains("NEXT POST"))
        #expect(EmulatorChannels.table([], text).emptyText == "No channels.")
    }

    @Test func `only switches that were set are answered`() {
        let answer: JSON = [
            "items": [
                ["name": "batchLimit", "value": 50], ["name": "idleDays", "value": .null],
                ["name": "grantSeconds", "value": 7],
            ]
        ]
        let named = EmulatorSwitchesSet.named(["idleDays": .null, "batchLimit": 50], in: answer)
        #expect(named.map { $0["name"] } == ["batchLimit", "idleDays"])
    }

    @Test func `a snapshot replaces no file unasked`() throws {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "snapshot-\(ProcessInfo.processInfo.globallyUniqueString)").path
        try EmulatorSnapshot.check(file, isForced: false)
        try Data("kept".utf8).write(to: URL(filePath: file))
        try EmulatorSnapshot.check(file, isForced: true)
        try EmulatorSnapshot.check("-", isForced: false)
        let failure = #expect(throws: CommandFailure.self) {
            try EmulatorSnapshot.check(file, isForced: false)
        }
        #expect(failure?.exit == .configuration)
        #expect(failure?.remedy?.contains("--force") == true)
        try FileManager.default.removeItem(atPath: file)
    }

    @Test func `a snapshot is not written where there is no folder`() {
        let failure = #expect(throws: CommandFailure.self) {
            try EmulatorSnapshot.write([0x7B], to: "/nonexistent/x.json")
        }
        #expect(
            failure?.message == "The file /nonexistent/x.json cannot be written: there is no "
                + "folder /nonexistent.")
    }

    @Test(
        arguments: [
            (
                ["events": 3, "calendars": 1, "accounts": ["carl@example.com"]],
                "Planted 3 events in 1 calendar; carl@example.com is new."
            ),
            (["events": 0, "calendars": 0, "accounts": []], "Planted 0 events in 0 calendars."),
            (
                ["events": 1, "calendars": 1, "accounts": ["a@b.c", "d@e.f"]],
                "Planted 1 event in 1 calendar; a@b.c, d@e.f are new."
            ),
        ] as [(JSON, String)])
    func `what was planted is told before what there is`(planted: JSON, words: String) {
        let answer: JSON = ["events": 378, "calendars": 5, "planted": planted]
        #expect(
            EmulatorSeed.words(answer) == words + " It holds 378 events in 5 calendars now.")
    }

    @Test(arguments: [true, false])
    func `the banner says how to sign in`(isUnattended: Bool) {
        let words = EmulatorAnnouncement.words(
            url: "http://127.0.0.1:8085", users: ["ada@example.com"],
            clientFile: "/tmp/client.json",
            isUnattended: isUnattended)
        #expect(words.contains("tandem auth login --no-input\n") == isUnattended)
        #expect(words.contains("--no-input"))
        #expect(words.contains("pysocks"))
        // A trial must not lead into a person's own store.
        #expect(words.contains("export TANDEM_HOME="))
        #expect(words.split(separator: "\n").allSatisfy { $0.count <= 90 })
    }
}
