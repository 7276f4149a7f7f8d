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
    /// What is done to it: `reading`, `sending`.
    var phase: String
    /// How much is done of it.
    var done: Int
    /// How much there is in all, where that is known.
    var total: Int?
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
        var label = ""
        var labelBegan: Duration
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
        state = Mutex(State(labelBegan: uptime()))
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
                    "name": .string(step.label), "phase": .string(step.phase),
                    "done": .number(JSONNumber(step.done)),
                    "total": step.total.map { .number(JSONNumber($0)) } ?? .null,
                ]
            ]
            emit(Array(TerminalText.json(json.serialized())) + [0x0A])
        case .bar(let style):
            let now = uptime()
            let line: String? = state.withLock { state in
                if state.label != step.label {
                    state.label = step.label
                    state.labelBegan = now
                }
                if let last = state.lastDrawn, now - last < Self.interval { return nil }
                state.lastDrawn = now
                state.isDrawn = true
                return ProgressBar(step: step, elapsed: now - state.labelBegan)
                    .line(columns: stream.columns ?? 80, style: style)
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
struct ProgressBar {
    var step: ProgressStep
    var elapsed: Duration

    func line(columns: Int, style: TerminalStyle) -> String {
        let seconds = elapsed / .seconds(1)
        let rate = seconds > 0.2 ? Double(step.done) / seconds : nil
        var facts = ["\(step.done)" + (step.total.map { "/\($0)" } ?? "")]
        if let rate { facts.append("\(Int(rate.rounded()))/s") }
        if let total = step.total, let rate, rate > 0, total > step.done {
            facts.append("\(Self.clock(Double(total - step.done) / rate)) left")
        }
        let label = TerminalText.cut(
            TerminalText.oneLine("\(step.phase) \(step.label)"), to: max(12, columns / 3))
        let tail = facts.joined(separator: "  ")
        guard let total = step.total, total > 0 else { return "\(label)  \(style.dim(tail))" }
        let room = columns - TerminalText.width(label) - TerminalText.width(tail) - 7
        guard room >= 8 else { return "\(label)  \(tail)" }
        let filled = min(room, room * step.done / total)
        let bar =
            String(repeating: "#", count: filled) + String(repeating: "-", count: room - filled)
        return "\(label)  [\(style.cyan(bar))] \(style.dim(tail))"
    }

    static func clock(_ seconds: Double) -> String {
        let whole = Int(min(max(seconds, 0), 359_999).rounded(.up))
        let (minutes, rest) = (whole / 60, whole % 60)
        return "\(minutes):\(rest < 10 ? "0" : "")\(rest)"
    }
}
