import LosslessJSON

/// An error as Google's Calendar API words it.
///
/// - SeeAlso: Google Calendar API guide, "Handle API errors".
struct GoogleFailure: Error {
    var status: Int
    var domain: String
    var reason: String
    var message: String
    var locationType: String?
    var location: String?
    /// The word that newer stacks add, for example `UNAUTHENTICATED`.
    var statusWord: String?
    var details: [JSON] = []
    var headers: [(name: String, value: String)] = []
    /// The text of the entry in `errors`, where it differs from the outer message.
    var innerMessage: String?

    init(
        _ status: Int, _ domain: String, _ reason: String, _ message: String,
        locationType: String? = nil, location: String? = nil
    ) {
        self.status = status
        self.domain = domain
        self.reason = reason
        self.message = message
        self.locationType = locationType
        self.location = location
    }

    /// The body in Google's envelope.
    var envelope: JSON {
        var entry: JSONObject = [
            "domain": .string(domain), "reason": .string(reason),
            "message": .string(innerMessage ?? message),
        ]
        if let locationType { entry["locationType"] = .string(locationType) }
        if let location { entry["location"] = .string(location) }
        var error: JSONObject = [
            "errors": .array([.object(entry)]), "code": .number(JSONNumber(status)),
            "message": .string(message),
        ]
        if let statusWord { error["status"] = .string(statusWord) }
        if !details.isEmpty { error["details"] = .array(details) }
        return .object(["error": .object(error)])
    }
}

extension GoogleFailure {
    static func invalidParameter(_ name: String, _ message: String) -> Self {
        Self(
            400, "global", "invalidParameter", message, locationType: "parameter", location: name)
    }

    static func invalid(_ message: String, parameter: String? = nil) -> Self {
        Self(
            400, "global", "invalid", message,
            locationType: parameter == nil ? nil : "parameter", location: parameter)
    }

    static func required(_ message: String) -> Self {
        Self(400, "global", "required", message)
    }

    static func requiredParameter(_ name: String) -> Self {
        Self(
            400, "global", "required", "Required parameter: \(name)", locationType: "parameter",
            location: name)
    }

    static let badRequest = Self(400, "global", "badRequest", "Bad Request")
    static let parseError = Self(400, "global", "parseError", "Parse Error")
    static let notFound = Self(404, "global", "notFound", "Not Found")
    static let deleted = Self(410, "global", "deleted", "Resource has been deleted")
    static let duplicate = Self(
        409, "global", "duplicate", "The requested identifier already exists.")
    static let invalidId = Self.invalid("Invalid resource id value.")
    static let conditionNotMet = Self(
        412, "global", "conditionNotMet", "Precondition Failed", locationType: "header",
        location: "If-Match")
    static let fullSyncRequired = Self(
        410, "calendar", "fullSyncRequired",
        "Sync token is no longer valid, a full sync is required.", locationType: "parameter",
        location: "syncToken")
    static let timeRangeEmpty = Self(
        400, "calendar", "timeRangeEmpty", "The specified time range is empty.",
        locationType: "parameter", location: "timeMax")
    static let syncTokenRestrictions = Self(
        400, "global", "syncTokenWithRequestRestrictions",
        "Sync token cannot be used with other request restrictions.", locationType: "parameter",
        location: "syncToken")
    static let notOrganizer = Self(
        403, "calendar", "forbiddenForNonOrganizer",
        "Shared properties can only be changed by the organizer of the event.")
    static let usageLimitsExceeded = Self(
        403, "usageLimits", "quotaExceeded", "Calendar usage limits exceeded.")
    static let updatedMinTooLongAgo = Self(
        410, "calendar", "updatedMinTooLongAgo",
        "The requested minimum modification time lies too far in the past.",
        locationType: "parameter", location: "updatedMin")

    /// The caller's role in the calendar is too low.
    static func needs(_ access: String) -> Self {
        Self(
            403, "calendar", "requiredAccessLevel",
            "You need to have \(access) access to this calendar.")
    }
}

extension GoogleFailure {
    /// The answer in the envelope of the APIs.
    var reply: Reply {
        Reply(
            status: status, headers: headers,
            content: .other(
                "application/json; charset=UTF-8", Indenter.indented(envelope.serialized(.compact)))
        )
    }
}
