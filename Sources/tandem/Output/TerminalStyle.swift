import Foundation

/// Whether colours may be used.
enum ColorChoice: String, CaseIterable, Sendable {
    case auto
    case always
    case never
}

/// How a stream is drawn: colours and width.
struct TerminalStyle: Sendable {
    /// Whether escape sequences for colour may be written.
    var usesColor: Bool
    /// The width of the terminal in columns; `nil` where nothing needs to fit.
    var columns: Int?

    /// Neither colour nor a width: what a pipe gets.
    static let plain = Self(usesColor: false, columns: nil)

    /// Decides on colours as people expect it, and on the width: `COLUMNS` counts before the
    /// terminal's own, as for other programs.
    ///
    /// - SeeAlso: <https://no-color.org>; <https://bixense.com/clicolors/>.
    static func decide(
        _ choice: ColorChoice, isTerminal: Bool, columns: Int?, environment: [String: String]
    ) -> Self {
        let usesColor =
            switch choice {
            case .always: true
            case .never: false
            case .auto:
                (environment["NO_COLOR"] ?? "").isEmpty
                    && (isTerminal && environment["TERM"] != "dumb"
                        || !["", "0"].contains(environment["CLICOLOR_FORCE"] ?? ""))
            }
        let said = environment["COLUMNS"].flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil }
        return Self(usesColor: usesColor, columns: isTerminal ? said ?? columns : nil)
    }

    func bold(_ text: String) -> String { sgr("1", text) }
    func dim(_ text: String) -> String { sgr("2", text) }
    func red(_ text: String) -> String { sgr("31", text) }
    func cyan(_ text: String) -> String { sgr("36", text) }

    private func sgr(_ code: String, _ text: String) -> String {
        usesColor && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
