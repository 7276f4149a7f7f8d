/// What the query of a writing method says beside the body.
struct WriteOptions {
    var conferenceVersion = 0
    var labelVersion = 0
    var supportsAttachments = false
    var notify = Notify.nobody

    /// Who is to be told by mail.
    enum Notify {
        case nobody
        /// Guests who have no calendar here.
        case external
        case everybody
    }

    init() {}

    /// - Throws: 400 `invalidParameter`.
    init(_ query: Parameters) throws(GoogleFailure) {
        conferenceVersion = try Self.version(query, "conferenceDataVersion")
        labelVersion = try Self.version(query, "eventLabelVersion")
        supportsAttachments = try query.flag("supportsAttachments")
        let told = try query.choice("sendUpdates", of: ["all", "externalOnly", "none"])
        switch told {
        case "all": notify = .everybody
        case "externalOnly": notify = .external
        case nil where try query.flag("sendNotifications"): notify = .everybody
        default: notify = .nobody
        }
    }

    private static func version(
        _ query: Parameters, _ name: String
    ) throws(GoogleFailure) -> Int {
        guard let text = query.nonEmpty(name) else { return 0 }
        guard let value = Int(text), (0...1).contains(value) else {
            throw .invalidParameter(
                name, "Invalid value '\(text)'. Values must be within the range: [0, 1]")
        }
        return value
    }
}
