/// What can be set, each by a flag, a variable, or the settings file.
enum SettingKey: String, CaseIterable, Sendable {
    case googleURL = "google-url"
    case clientSecrets = "client-secrets"
    case timeZone = "time-zone"
    case agendaDays = "agenda-days"
    case color
    case progress

    /// The environment variable of the same meaning.
    var variable: String { "TANDEM_" + rawValue.uppercased().replacing("-", with: "_") }

    /// What holds where nothing is said; `nil` for nothing.
    var standard: String? {
        switch self {
        case .googleURL, .clientSecrets, .timeZone: nil
        case .agendaDays: "7"
        case .color: "auto"
        case .progress: "auto"
        }
    }

    /// What it does, for `config list`.
    var meaning: String {
        switch self {
        case .googleURL: "address of a local Google, http on loopback only"
        case .clientSecrets: "path of the client-secrets file for sign-ins"
        case .timeZone: "zone that times are read and shown in; the system's without it"
        case .agendaDays: "days that the agenda shows"
        case .color: "auto, always or never"
        case .progress: "auto, json or none"
        }
    }

    /// Refuses a value that makes no sense.
    ///
    /// - Throws: ``CommandFailure`` with exit `configuration`.
    func check(_ value: String, origin: String) throws(CommandFailure) {
        let isGood: Bool
        switch self {
        case .googleURL: isGood = value.hasPrefix("http://") || value.hasPrefix("https://")
        case .clientSecrets: isGood = !value.isEmpty
        case .timeZone: isGood = ViewerZone.named(value) != nil
        case .agendaDays: isGood = Int(value).map { (1...3660).contains($0) } ?? false
        case .color: isGood = ColorChoice(rawValue: value) != nil
        case .progress: isGood = ProgressChoice(rawValue: value) != nil
        }
        guard isGood else {
            throw CommandFailure(
                .configuration, code: "badSetting",
                "'\(TerminalText.cut(TerminalText.oneLine(value), to: 60))' cannot be used for "
                    + "'\(rawValue)' (\(meaning)); it comes from \(origin).",
                remedy: "tandem config set \(rawValue) VALUE")
        }
    }
}
