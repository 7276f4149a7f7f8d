import LosslessJSON
import Synchronization
import TandemCore

/// How progress is shown.
enum ProgressChoice: String, CaseIterable, Sendable {
    /// A bar, where standard error is a terminal.
    case auto
    /// One JSON object a line, for programs.
    case json
    /// Not at all.
    case none
}

/// One step of long work.
struct ProgressStep: Sendable, Equatable {
    /// What is worked on, such as a calendar's name.
    var label: String
    /// What is done to it.
    var phase: Phase
    /// How much is done of it.
    var done: Int
    /// How much there is in all, where that is known.
    var total: Int?
    /// What tells it from others with the same label.
    var id = ""
    /// Whether it is only the list of what is worked on.
    var isList = false

    /// What is done; programs read these words.
    enum Phase: String, Sendable {
        case reading
        case sending
        case done
    }
}

/// Shows on standard error how far long work has come.
final class ProgressReporter: Sendable {
    private let stream: OutputStreamHandle
    private let mode: Mode
    private let uptime: @Sendable () -> Duration
    private let state: Mutex<State>

    private enum Mode {
        case bar(TerminalStyle)
        case lines
        case silent
    }

    private struct State {
        var board = ProgressBoard()
        var name: String?
        var lastDrawn: Duration?
        var isDrawn = false
    }

    /// How often a bar is drawn at most.
    private static let interval = Duration.milliseconds(80)

    init(
        _ choice: ProgressChoice, stream: OutputStreamHandle, style: TerminalStyle, quiet: Bool,
        uptime: @escaping @Sendable () -> Duration = ProgressReporter.systemUptime
    ) {
        self.stream = stream
        self.uptime = uptime
        mode =
            switch choice {
            case .json: .lines
            case .none: .silent
            case .auto: stream.isTerminal && !quiet ? .bar(style) : .silent
            }
        state = Mutex(State())
    }

    /// Time on a clock that only goes forward.
    static let systemUptime: @Sendable () -> Duration = {
        let start = ContinuousClock.Instant.now
        return { @Sendable in ContinuousClock.Instant.now - start }
    }()

    /// Shows a step, unless the last one was shown a moment ago.
    func show(_ step: ProgressStep) {
        switch mode {
        case .silent: return
        case .lines:
            let json: JSON = [
                "progress": [
                    "name": .string(step.label), "phase": .string(step.phase.rawValue),
                    "done": .number(JSONNumber(step.done)),
                    "total": step.total.map { .number(JSONNumber($0)) } ?? .null,
                ]
            ]
            emit(Array(TerminalText.json(json.serialized())) + [0x0A])
        case .bar(let style):
            let now = uptime()
            let line: String? = state.withLock { state in
                guard let bar = state.board.take(step, at: now) else { return nil }
                // Another name is shown at once: nothing may follow it for a while.
                if let last = state.lastDrawn, now - last < Self.interval, state.name == bar.name {
                    return nil
                }
                (state.lastDrawn, state.name, state.isDrawn) = (now, bar.name, true)
                return bar.line(columns: stream.columns ?? 80, style: style)
            }
            if let line { emit(Array("\r\u{1B}[2K\(line)".utf8)) }
        }
    }

    /// Takes the bar off the terminal.
    func finish() {
        let wasDrawn = state.withLock { state in
            defer { state.isDrawn = false }
            return state.isDrawn
        }
        if wasDrawn { emit(Array("\r\u{1B}[2K".utf8)) }
    }

    /// Progress that cannot be shown is no reason to stop the work.
    private func emit(_ bytes: [UInt8]) {
        do { try stream.write(bytes) } catch { state.withLock { $0.isDrawn = false } }
    }
}

/// One line with a bar, a rate and the time left.
struct ProgressBar: Sendable {
    var step: ProgressStep
    var elapsed: Duration

    /// What is done, and to what.
    var name: String { TerminalText.oneLine("\(step.phase.rawValue) \(step.label)") }

    /// A bar shorter than this says nothing.
    private static let shortest = 8

    func line(columns: Int, style: TerminalStyle) -> String {
        let tail = facts.joined(separator: "  ")
        let label = TerminalText.cut(name, to: max(12, columns / 3))
        if let total = step.total, total > 0 {
            // On a narrow terminal the bar says more than the name.
            for label in [label, step.phase.rawValue] {
                let room = columns - TerminalText.width(label) - TerminalText.width(tail) - 7
                guard room >= Self.shortest else { continue }
                let filled = min(room, Int(Double(room) * (Double(step.done) / Double(total))))
                let bar =
                    String(repeating: "#", count: filled)
                    + String(repeating: "-", count: room - filled)
                return "\(label)  [\(style.cyan(bar))] \(style.dim(tail))"
            }
        }
        let text = "\(label)  \(tail)"
        // A line that the terminal broke in two could not be taken off it again.
        guard TerminalText.width(text) < columns else {
            return TerminalText.cut(text, to: max(columns - 1, 1))
        }
        return "\(label)  \(style.dim(tail))"
    }

    /// How much, how fast, and how long still.
    private var facts: [String] {
        var facts = ["\(step.done)" + (step.total.map { "/\($0)" } ?? "")]
        let seconds = elapsed / .seconds(1)
        guard seconds > 0.2, step.done > 0 else { return facts }
        let rate = Double(step.done) / seconds
        facts.append("\(Int(rate.rounded()))/s")
        if let total = step.total, total > step.done {
            facts.append("\(Self.clock(Double(total - step.done) / rate)) left")
        }
        return facts
    }

    static func clock(_ seconds: Double) -> String {
        let whole = Int(min(max(seconds, 0), 359_999).rounded(.up))
        let (minutes, rest) = (whole / 60, whole % 60)
        return "\(minutes):\(rest < 10 ? "0" : "")\(rest)"
    }
}
