import LosslessJSON
import WebClient

/// One call of the Calendar API as a value: sent alone or in a batch, it is the same call.
///
/// Every maker refuses empty ids (code `invalidCall`), since such a path would name something
/// else. Writes never mail anybody unless their options say so.
///
/// - SeeAlso: Google Calendar API v3 reference.
public struct CalendarCall: Hashable, Sendable {
    /// The call as the client sends it.
    public let call: GoogleCall

    /// Wraps a call of the Calendar API.
    init(
        _ name: String, _ method: String, path: String, query: [GoogleCall.QueryField] = [],
        condition: CalendarCondition? = nil, body: JSON? = nil, effect: GoogleCall.Effect,
        answersJSON: Bool = true
    ) {
        var headers = WebHeaders()
        switch condition {
        case .ifMatch(let etag): headers["If-Match"] = etag
        case .ifNoneMatch(let etag): headers["If-None-Match"] = etag
        case nil: break
        }
        call = GoogleCall(
            service: .calendar, name: name, method: method, path: path, query: query,
            headers: headers, body: body, effect: effect, answersJSON: answersJSON)
    }
}

extension CalendarCall: CustomStringConvertible {
    /// Service and method; no id, no body.
    public var description: String { call.description }
}

/// Under which condition on the resource's etag a call is carried out.
public enum CalendarCondition: Hashable, Sendable {
    /// Only while the resource has this etag; else 412. Quotes are part of an etag.
    case ifMatch(String)
    /// Only if the resource has another etag; else 304.
    case ifNoneMatch(String)
}

/// Whom Google mails about a change of an event.
public enum SendUpdates: String, Hashable, Sendable, CaseIterable {
    /// Every guest.
    case everyone = "all"
    /// Guests who do not use Google Calendar.
    case externalOnly = "externalOnly"
    /// Nobody: what this library does unless told otherwise.
    case nobody = "none"
}

/// Options of calls that write an event.
///
/// - SeeAlso: Google Calendar API reference, `events.insert` and `events.patch`.
public struct EventWriteOptions: Hashable, Sendable {
    /// Whom Google mails.
    public var sendUpdates: SendUpdates
    /// 1 lets conference data be written; 0 (Google's default) leaves it as it is.
    public var conferenceDataVersion: Int?
    /// 1 lets event labels be written.
    public var eventLabelVersion: Int?
    /// The most guests in the answer.
    public var maxAttendees: Int?
    /// Whether attachments are written; Google's default is not.
    public var supportsAttachments: Bool?
    /// Which fields the answer holds; `nil` for all.
    public var fields: String?

    /// The standard options: nobody is mailed, everything else as Google does by default.
    public init(
        sendUpdates: SendUpdates = .nobody, conferenceDataVersion: Int? = nil,
        eventLabelVersion: Int? = nil, maxAttendees: Int? = nil,
        supportsAttachments: Bool? = nil, fields: String? = nil
    ) {
        self.sendUpdates = sendUpdates
        self.conferenceDataVersion = conferenceDataVersion
        self.eventLabelVersion = eventLabelVersion
        self.maxAttendees = maxAttendees
        self.supportsAttachments = supportsAttachments
        self.fields = fields
    }

    /// The options as query fields.
    ///
    /// - Parameter mails: Whether the method knows `sendUpdates`; `events.import` does not.
    /// - Returns: The fields, in a fixed order.
    func query(mails: Bool = true) -> [GoogleCall.QueryField] {
        var query = CalendarQuery()
        if mails { query.add("sendUpdates", sendUpdates.rawValue) }
        query.add("conferenceDataVersion", conferenceDataVersion)
        query.add("eventLabelVersion", eventLabelVersion)
        query.add("maxAttendees", maxAttendees)
        query.add("supportsAttachments", supportsAttachments)
        query.add("fields", fields)
        return query.fields
    }
}

/// Collects query fields, leaving out what is not given.
struct CalendarQuery {
    private(set) var fields: [GoogleCall.QueryField] = []

    mutating func add(_ name: String, _ value: String?) {
        if let value { fields.append(.init(name, value)) }
    }
    mutating func add(_ name: String, _ value: Int?) { add(name, value.map { String($0) }) }
    mutating func add(_ name: String, _ value: Bool?) { add(name, value.map { String($0) }) }
    mutating func add(_ name: String, _ values: [String]) {
        for value in values { add(name, value) }
    }
}
