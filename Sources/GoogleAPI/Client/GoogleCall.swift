public import LosslessJSON
public import WebClient

/// One of Google's services.
public struct GoogleService: Hashable, Sendable, CustomStringConvertible {
    private enum Base: String { case calendar }
    private let base: Base

    /// Calendar API v3.
    public static let calendar = Self(base: .calendar)

    /// The service's name in lower case.
    public var description: String { base.rawValue }

    func url(in endpoints: GoogleEndpoints) -> WebURL {
        switch base {
        case .calendar: endpoints.calendar
        }
    }

    func batchURL(in endpoints: GoogleEndpoints) -> WebURL {
        switch base {
        case .calendar: endpoints.calendarBatch
        }
    }
}

/// One call of one of Google's services as a value: it can be sent alone or in a batch.
public struct GoogleCall: Hashable, Sendable {
    /// Whether a call changes something at Google.
    public enum Effect: Hashable, Sendable {
        /// Nothing changes; sending it twice is harmless.
        case read
        /// Something may change; an unanswered one may have been applied.
        case write
    }

    /// One field of the query, before encoding.
    public struct QueryField: Hashable, Sendable {
        /// The parameter's name.
        public let name: String
        /// Its value.
        public let value: String

        /// Makes a field.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The service asked.
    public var service: GoogleService
    /// Google's name of the method, for example `events.patch`.
    public var name: String
    /// The HTTP method.
    public var method: String
    /// The path below the service's own, percent-encoded, beginning with `/`.
    public var path: String
    /// The query's fields in order; `alt` and `prettyPrint` are added when it is sent.
    public var query: [QueryField]
    /// Conditions such as `If-Match`.
    public var headers: WebHeaders
    /// The body, JSON in UTF-8; `nil` for none.
    public var body: [UInt8]?
    /// Whether it changes something.
    public var effect: Effect
    /// Whether a successful answer carries JSON.
    public var answersJSON: Bool
    /// The most bytes of answer to take.
    public var maxResponseBytes: Int

    /// Makes a call.
    public init(
        service: GoogleService, name: String, method: String, path: String,
        query: [QueryField] = [], headers: WebHeaders = [:], body: JSON? = nil,
        effect: Effect, answersJSON: Bool = true,
        maxResponseBytes: Int = WebRequest.standardMaxResponseBytes
    ) {
        self.service = service
        self.name = name
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body?.serialized()
        self.effect = effect
        self.answersJSON = answersJSON
        self.maxResponseBytes = maxResponseBytes
    }

    /// Puts ids into a path, each as one percent-encoded segment.
    ///
    /// - Parameter parts: Constant parts and ids, alternating, beginning with a constant.
    /// - Returns: The path.
    /// - Throws: ``GoogleError`` with code `invalidCall` for an empty id, `.` or `..`: such a path
    ///   would name another resource.
    static func path(_ parts: PathPart...) throws(GoogleError) -> String {
        var path = ""
        for part in parts {
            switch part {
            case .fixed(let text): path += text
            case .id(let id):
                guard !id.isEmpty, id != ".", id != "..", id.utf8.count <= 2048 else {
                    throw GoogleError(
                        invalid: "An id is empty or not an id; nothing was sent to Google.")
                }
                path += "/" + PercentCoding.encode(id)
            }
        }
        return path
    }

    enum PathPart {
        case fixed(String)
        case id(String)
    }

    /// The query as it is sent: the call's own fields, then `alt=json&prettyPrint=false`.
    var sentQuery: [(String, String)] {
        query.map { ($0.name, $0.value) } + [("alt", "json"), ("prettyPrint", "false")]
    }
}

extension GoogleCall: CustomStringConvertible, CustomReflectable {
    /// Service and method; no id, no query, no body.
    public var description: String { "\(service) \(name)" }
    /// Nothing but the description.
    public var customMirror: Mirror { Mirror(self, children: ["call": description]) }
}
