import Foundation
import GoogleAPI
import TandemStore

/// How many days an agenda may show.
enum AgendaDays {
    static let range = 1...3660
}

/// What can be set, each by a flag, a variable, or the settings file.
enum SettingKey: String, CaseIterable, Sendable {
    case googleURL = "google-url"
    case clientSecrets = "client-secrets"
    case timeZone = "time-zone"
    case agendaDays = "agenda-days"
    case retentionDays = "retention-days"
    case color
    case progress

    /// The environment variable of the same meaning.
    var variable: String { "TANDEM_" + rawValue.uppercased().replacing("-", with: "_") }

    /// What holds where nothing is said; `nil` for nothing.
    var standard: String? {
        switch self {
        case .googleURL, .clientSecrets, .timeZone: nil
        case .agendaDays: "7"
        case .retentionDays: String(Retention.fewestDays)
        case .color: "auto"
        case .progress: "auto"
        }
    }

    /// What it does, for `config list`.
    var meaning: String {
        switch self {
        case .googleURL: "address of a local Google on this machine, such as http://127.0.0.1:PORT"
        case .clientSecrets: "path of the client-secrets file for sign-ins"
        case .timeZone: "zone that times are read and shown in; the system's without it"
        case .agendaDays: "days that the agenda shows, up to \(AgendaDays.range.upperBound)"
        case .retentionDays:
            "days that the log, settled conflicts and deleted items are kept, 90 or more"
        case .color: "auto, always or never"
        case .progress: "auto, json or none"
        }
    }

    /// Whether a value makes sense.
    func accepts(_ value: String) -> Bool {
        switch self {
        // The reason is told by the setting's meaning; tokens must not travel to anybody else.
        case .googleURL: (try? GoogleEndpoints(loopback: value)) != nil
        case .clientSecrets: !value.isEmpty
        case .timeZone: ViewerZone.named(value) != nil
        case .agendaDays: Int(value).map(AgendaDays.range.contains) ?? false
        case .retentionDays: Int(value).map { Retention(days: $0).days == $0 } ?? false
        case .color: ColorChoice(rawValue: value) != nil
        case .progress: ProgressChoice(rawValue: value) != nil
        }
    }

    /// What a value has to be, to be read behind `takes`.
    private var wanted: String {
        switch self {
        case .googleURL:
            "the address of a local Google on this machine, such as http://127.0.0.1:PORT"
        case .clientSecrets: "the path of a client-secrets file"
        case .timeZone: "the name of a zone, such as Europe/Paris"
        case .agendaDays: Self.number(in: AgendaDays.range)
        case .retentionDays: Self.number(in: Retention.fewestDays...Retention.mostDays)
        case .color, .progress: Choice.list(words)
        }
    }

    private static func number(in range: ClosedRange<Int>) -> String {
        "a whole number from \(range.lowerBound) to \(range.upperBound)"
    }

    /// The words that a value may be, where it is one of some.
    private var words: [String] {
        switch self {
        case .timeZone: TimeZone.knownTimeZoneIdentifiers
        case .color: ColorChoice.allCases.map(\.rawValue)
        case .progress: ProgressChoice.allCases.map(\.rawValue)
        case .googleURL, .clientSecrets, .agendaDays, .retentionDays: []
        }
    }

    /// Refuses a value that makes no sense.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - origin: Where it comes from; `nil` where it is just being set.
    /// - Throws: ``CommandFailure`` with exit `usage` where it was typed just now, else with
    ///   `configuration`.
    func check(_ value: String, from origin: Settings.Origin?) throws(CommandFailure) {
        guard !accepts(value) else { return }
        let exit: ExitReason =
            switch origin {
            case .flag, nil: .usage
            case .variable, .file, .standard: .configuration
            }
        throw CommandFailure(
            exit, code: "badSetting", refusal(of: value, from: origin),
            remedy: remedy(from: origin))
    }

    /// Says what a value has to be, that this is another, and where it comes from.
    func refusal(of value: String, from origin: Settings.Origin?) -> String {
        // Of this one all commands have the same flag.
        let isOwnFlag = self == .googleURL && origin == .flag
        let place =
            switch origin {
            case .flag: isOwnFlag ? "" : "; it comes from a flag"
            case .variable: "; it comes from \(variable)"
            case .file: "; it comes from the settings file"
            case .standard, nil: ""
            }
        return "\(isOwnFlag ? "--url" : rawValue) takes \(wanted), not "
            + "\(Nearest.quoted(value))\(place)." + question(value)
    }

    /// What may have been meant.
    private func question(_ value: String) -> String {
        guard self == .googleURL else { return Nearest.question(value, among: words) }
        let address = "http://" + value
        return accepts(address) ? " Did you mean \(TerminalText.oneLine(address))?" : ""
    }

    /// What mends a bad value depends on who said it.
    private func remedy(from origin: Settings.Origin?) -> String {
        switch origin {
        case .flag: "Give the flag another value, or leave it out."
        case .variable: "Unset \(variable), or give it another value."
        case .file, .standard: "tandem config set \(rawValue) VALUE; without VALUE to take it out"
        case nil: "tandem config set \(rawValue) VALUE"
        }
    }
}
