import LosslessJSON

extension LocalGoogle {
    /// A failure on purpose.
    public struct Fault: Sendable {
        /// Which API: `calendar`, `people`, `drive`, `upload` or `oauth`; `nil` means any.
        public var api: String?
        /// The HTTP method, or Google's name of the method such as `events.list`.
        public var method: String?
        /// A regular expression that must match somewhere in the path.
        public var path: String?
        /// The first matching request that it hits, counted from 1.
        public var nth: Int
        /// How many matching requests in a row it hits.
        public var times: Int
        /// The HTTP status to answer with; `nil` lets the request pass.
        public var status: Int?
        /// Google's reason, for example `rateLimitExceeded`.
        public var reason: String?
        /// Seconds for a `Retry-After` header.
        public var retryAfter: Int?
        /// How long the answer is held back.
        public var delayMilliseconds: Int
        /// Whether the connection is cut, before or after the request is applied.
        public var cut: EmulatorResponse.Cut?
        /// A body that is sent instead of Google's.
        public var body: String?

        /// Describes a failure; without anything it delays nothing and refuses nothing.
        public init(
            api: String? = nil, method: String? = nil, path: String? = nil, nth: Int = 1,
            times: Int = 1, status: Int? = nil, reason: String? = nil, retryAfter: Int? = nil,
            delayMilliseconds: Int = 0, cut: EmulatorResponse.Cut? = nil, body: String? = nil
        ) {
            self.api = api
            self.method = method
            self.path = path
            self.nth = nth
            self.times = times
            self.status = status
            self.reason = reason
            self.retryAfter = retryAfter
            self.delayMilliseconds = delayMilliseconds
            self.cut = cut
            self.body = body
        }
    }
}

/// The failures that wait for their requests.
struct FaultList {
    private var faults: [Armed] = []
    private var lastID = 0

    /// A fault with what it has seen so far.
    struct Armed {
        let id: String
        let fault: LocalGoogle.Fault
        let pattern: Regex<AnyRegexOutput>?
        var seen = 0

        var cut: EmulatorResponse.Cut? { fault.cut }
        var delayMilliseconds: Int { fault.delayMilliseconds }

        func matches(_ call: APICall) -> Bool {
            if let api = fault.api, api != call.api { return false }
            if let method = fault.method, method.uppercased() != call.request.method,
                method != call.method
            {
                return false
            }
            return pattern.map { call.request.path.contains($0) } ?? true
        }

        /// The answer in the place of the real one; `nil` if there is none.
        func refusal(_ call: APICall) -> EmulatorResponse? {
            FaultAnswer.response(fault, isOAuth: call.api == "oauth")
        }
    }

    /// Takes a fault in.
    ///
    /// - Throws: ``LocalGoogleError`` with code `invalidCommand` for senseless values.
    mutating func add(_ fault: LocalGoogle.Fault) throws(LocalGoogleError) -> String {
        func refuse(_ text: String) -> LocalGoogleError {
            LocalGoogleError(code: .invalidCommand, message: text)
        }
        guard fault.nth >= 1, fault.times >= 1 else {
            throw refuse("A fault needs nth and times of at least 1.")
        }
        guard fault.status.map({ (200...599).contains($0) }) ?? true else {
            throw refuse("A fault's status must lie between 200 and 599.")
        }
        guard (0...600_000).contains(fault.delayMilliseconds) else {
            throw refuse("A fault's delay must lie between 0 and 600000 milliseconds.")
        }
        if let api = fault.api {
            guard ["calendar", "people", "drive", "upload", "oauth"].contains(api) else {
                throw refuse("A fault's api is calendar, people, drive, upload or oauth.")
            }
        }
        var pattern: Regex<AnyRegexOutput>?
        if let path = fault.path {
            do { pattern = try Regex(path) } catch {
                throw refuse("The path is not a regular expression: \(path)")
            }
        }
        lastID += 1
        faults.append(Armed(id: "fault-\(lastID)", fault: fault, pattern: pattern))
        return "fault-\(lastID)"
    }

    /// The fault that hits this request, if any; counts the request for every other one.
    mutating func take(_ call: APICall) -> Armed? {
        var hit: Armed?
        for index in faults.indices where faults[index].matches(call) {
            faults[index].seen += 1
            let armed = faults[index]
            let isDue =
                armed.seen >= armed.fault.nth
                && armed.seen - armed.fault.nth < armed.fault.times
            if isDue, hit == nil { hit = armed }
        }
        faults.removeAll { $0.seen - $0.fault.nth >= $0.fault.times - 1 && $0.seen >= $0.fault.nth }
        return hit
    }

    /// Forgets one fault, or all of them.
    mutating func remove(_ id: String?) -> Bool {
        let before = faults.count
        faults.removeAll { id == nil || $0.id == id }
        return id == nil || faults.count < before
    }

    /// How many wait.
    var count: Int { faults.count }
}
