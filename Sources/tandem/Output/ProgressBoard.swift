/// All that is under way at once, summed up.
///
/// Several calendars take turns: what is shown of each alone has neither a steady rate nor an end.
struct ProgressBoard: Sendable {
    /// How far one calendar is.
    private struct Part: Sendable {
        var done: Int
        var total: Int?
    }

    /// What is done to all of them.
    private struct Phase: Sendable {
        var began: Duration
        var label: String
        var parts: [String: Part] = [:]

        /// How much is done of all parts, and how much there is, where that is known of each.
        var sum: Part {
            var sum = Part(done: 0, total: 0)
            for part in parts.values {
                sum.done += part.done
                sum.total = sum.total.flatMap { total in part.total.map { total + $0 } }
            }
            return sum
        }
    }

    private var phases: [ProgressStep.Phase: Phase] = [:]

    /// Takes in one step.
    ///
    /// - Parameters:
    ///   - step: What happened last, and to what.
    ///   - now: The moment it is, on a clock that only goes forward.
    /// - Returns: The sum to show, and how long its phase has taken; `nil` where there is nothing
    ///   new to show.
    mutating func take(_ step: ProgressStep, at now: Duration) -> ProgressBar? {
        // The list of the calendars is none of them, and read at once.
        guard !step.isList else { return nil }
        guard step.phase != .done else {
            // Nothing more of it is read, even where it was never begun.
            guard let part = phases[.reading]?.parts[step.id] else { return nil }
            phases[.reading]?.parts[step.id]?.total = part.done
            return nil
        }
        var phase = phases[step.phase] ?? Phase(began: now, label: step.label)
        phase.parts[step.id] = Part(done: step.done, total: step.total)
        phases[step.phase] = phase
        let sum = phase.sum
        let label = phase.parts.count == 1 ? phase.label : "\(phase.parts.count) calendars"
        return ProgressBar(
            step: ProgressStep(
                label: label, phase: step.phase, done: sum.done, total: sum.total),
            elapsed: now - phase.began)
    }
}
