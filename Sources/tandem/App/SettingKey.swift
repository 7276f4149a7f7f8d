import GoogleAPI
import TandemStore

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
        case .agendaDays: "days that the agenda shows"
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
        case .agendaDays: Int(value).map { (1...3660).contains($0) } ?? false
        case .retentionDays: Int(value).map { Retention(days: $0).days == $0 } ?? false
        case .color: ColorChoice(rawValue: value) != nil
        case .progress: ProgressChoice(rawValue: value) != nil
        }
    }

    /// Refuses a value that makes no sense.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - origin: Where it comes from; `nil` where it is just being set.
    /// - Throws: ``CommandFailure`` with exit `configuration`.
    func check(_ value: String, from origin: Settings.Origin?) throws(CommandFailure) {
        guard !accepts(value) else { return }
        throw CommandFailure(
            .configuration, code: "badSetting", refusal(of: value, from: origin),
            remedy: remedy(from: origin))
    }

    /// Says that a value cannot be used, and where it comes from.
    func refusal(of value: String, from origin: Settings.Origin?) -> String {
        let place =
            switch origin {
            case .flag: "; it comes from a flag"
            case .variable: "; it comes from \(variable)"
            case .file: "; it comes from the settings file"
            case .standard, nil: ""
            }
        return "'\(TerminalText.cut(TerminalText.oneLine(value), to: 60))' cannot be used for "
            + "'\(rawValue)' (\(meaning))\(place)."
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
