import LosslessJSON
import TandemCore
import WebClient

/// Prints requests as they come.
struct RequestFollowing: Sendable {
    let control: EmulatorControl
    let choice: RequestChoice
    /// Of those that are there already only so many; `nil` for all.
    let last: Int?

    /// How long it waits before it asks again.
    private static let pause = Duration.seconds(1)

    /// Prints until Ctrl-C, which is how it is meant to end.
    func run(_ app: App) async throws {
        let (text, format) = (ItemText(zone: app.zone), app.options.format)
        do {
            try await follow {
                try app.write(Self.line($0, text, format), after: nil)
            } pause: {
                try await app.environment.clock.wait(for: Self.pause)
            }
        } catch is CancellationError {
            return
        } catch let error as WebError where error.code == .cancelled {
            return  // It ended while it asked.
        }
    }

    /// Hands over each request once, until the pause throws.
    func follow(
        _ show: (JSON) throws -> Void, pause: () async throws -> Void
    ) async throws {
        var number = 0
        var isFirst = true
        while true {
            let answer = try await control.ask("GET", "requests" + choice.query(after: number))
            var items = answer["items"]?.array ?? []
            if isFirst, let last { items = Array(items.suffix(last)) }
            for item in items { try show(item) }
            let newest = answer["last"]?.int.flatMap { Int($0) } ?? number
            isFirst = false
            // A reset counts from 1 again: what came since then has not been asked for.
            guard newest >= number else {
                number = 0
                continue
            }
            number = newest
            try await pause()
        }
    }

    /// One request on one line.
    static func line(_ item: JSON, _ text: ItemText, _ format: OutputFormat) -> [UInt8] {
        switch format {
        case .json: return TerminalText.json(item.serialized()) + [0x0A]
        case .plain:
            let row = EmulatorRequests.row(item, text.exact).map(TerminalText.oneLine)
            return Array((row.joined(separator: "\t") + "\n").utf8)
        case .text:
            let row = EmulatorRequests.row(item, text)
            let parts = [row[0], row[2], row[3] + " ms", row[1], row[5], row[6], row[7]]
            let line = parts.filter { !$0.isEmpty }.joined(separator: "  ")
            return Array((TerminalText.oneLine(line) + "\n").utf8)
        }
    }
}
