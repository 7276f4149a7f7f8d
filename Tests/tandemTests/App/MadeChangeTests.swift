import ArgumentParser
import Foundation
import LosslessJSON
import TandemCore
import Testing

@testable import tandem

/// What is said where a change was made and its answer cannot be printed.
@Suite struct MadeChangeTests {
    private let change = MadeChange(
        "events add", item: "01ITEM", run: RunID(rawValue: "01RUN"),
        undo: "tandem queue drop 01ITEM")
    private let full = CommandFailure(
        .other, code: "output", "The output could not be written: No space left on device.")

    @Test func `one line says that the change was made, how to see it and how to undo it`() throws {
        let lines = CommandFailure(full, butMade: change).lines(.plain)
        let line = try #require(lines.first)
        #expect(lines.count == 1)
        #expect(
            line == "tandem: The output could not be written: No space left on device. "
                + "The change was made all the same: events add of 01ITEM, run 01RUN. "
                + "See it: tandem log 01RUN; take it back: tandem queue drop 01ITEM")
    }

    @Test func `programs get the item and the run`() {
        let failure = CommandFailure(full, butMade: change)
        #expect(failure.exit == .other)
        let error = failure.json["error"]
        #expect(error?["code"] == "output")
        #expect(error?["changed"] == ["item": "01ITEM", "run": "01RUN"])
        #expect(error?["remedy"]?.string?.contains("tandem queue drop 01ITEM") == true)
        #expect(full.json["error"]?["changed"] == nil)
    }

    private static let hasFullDevice = FileManager.default.fileExists(atPath: "/dev/full")

    @Test(.enabled(if: hasFullDevice))
    func `what changes nothing says only that it could not be written`() throws {
        let app = try app(output: "/dev/full")
        let answer = Answer(json: ["a": 1]) { _ in ["a"] }
        #expect(app.tell(Outcome(answer))?.message == full.message)
        #expect(app.tell(Outcome(answer, change: change))?.change?["item"] == "01ITEM")
        #expect(app.tell(Outcome(nil, change: change)) == nil)
    }

    @Test(.enabled(if: hasFullDevice))
    func `a note that cannot be said does not make a command fail that did its work`() throws {
        let app = try app(output: "/dev/null", diagnostics: "/dev/full")
        let answer = Answer(json: ["a": 1], notes: ["Kept here."]) { _ in ["a"] }
        #expect(app.tell(Outcome(answer, change: change)) == nil)
    }

    /// An app that writes to files.
    private func app(output: String, diagnostics: String = "/dev/null") throws -> App {
        let home = FileManager.default.temporaryDirectory.path
        return try App(
            GlobalOptions.parse([]), settings: .none,
            process: App.Process(
                variables: ["TANDEM_HOME": home],
                console: Console(
                    output: OutputStreamHandle(descriptor: open(output, O_WRONLY)),
                    diagnostics: OutputStreamHandle(descriptor: open(diagnostics, O_WRONLY))),
                environment: App.Process.current.environment, interruption: Interruption()))
    }
}
