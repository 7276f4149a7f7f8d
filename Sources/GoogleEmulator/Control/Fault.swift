extension LocalGoogle {
    /// A failure on purpose.
    public struct Fault: Sendable {
        /// Which API: `calendar`, `people`, `drive`, `upload` or `oauth`; `nil` means any.
        public var api: String?
        /// The HTTP method, or Google's name of the method such as `events.list`.
        public var method: String?
        /// A regular expression that must match somewhere in the path, as it was sent.
        ///
        /// It may hold `.`, `[…]`, `\d`, `\w`, `\s`, `\b` and their opposites, `^`, `$`, groups,
        /// `|`, and `*`, `+`, `?`, `{n,m}`, in at most 1,000 bytes; no backreferences, no
        /// lookaround, so that every search ends soon.
        public var path: String?
        /// The first matching request that it hits, counted from 1.
        public var nth: Int
        /// How many matching requests in a row it hits.
        public var times: Int
        /// The HTTP status to answer with; `nil` takes the reason's, or lets the request pass.
        ///
        /// Status and reason must be a pair that the API's documentation knows.
        public var status: Int?
        /// Google's reason, for example `rateLimitExceeded`.
        public var reason: String?
        /// Seconds for a `Retry-After` header.
        public var retryAfter: Int?
        /// Whether the header says so many seconds, or the moment when they are over.
        public var retryAfterForm: RetryAfterForm
        /// How long the answer is held back.
        public var delayMilliseconds: Int
        /// Whether and where the connection is cut.
        public var cut: EmulatorResponse.Cut?
        /// A body that is sent instead of Google's; any status may go with it.
        public var body: String?
        /// Whether the body is replaced by as many unreadable bytes.
        public var isGarbage: Bool
        /// What is wrong with a page of a listing; such a fault does nothing else, and counts only
        /// the pages that it can change.
        public var page: Page?

        /// Describes a failure.
        ///
        /// With no argument it does nothing.
        public init(
            api: String? = nil, method: String? = nil, path: String? = nil, nth: Int = 1,
            times: Int = 1, status: Int? = nil, reason: String? = nil, retryAfter: Int? = nil,
            delayMilliseconds: Int = 0, cut: EmulatorResponse.Cut? = nil, body: String? = nil,
            isGarbage: Bool = false, page: Page? = nil, retryAfterForm: RetryAfterForm = .seconds
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
            self.isGarbage = isGarbage
            self.page = page
            self.retryAfterForm = retryAfterForm
        }

        /// Whether it changes pages and does nothing else.
        var isOnlyAboutPages: Bool {
            status == nil && reason == nil && retryAfter == nil && delayMilliseconds == 0
                && cut == nil && body == nil && !isGarbage
        }

        /// Whether only a service that lists the error can answer with it.
        var needsKnowledge: Bool { reason != nil || status != nil && body == nil }
    }
}

extension FaultList.Armed {
    /// What the client gets: the answer that `real` would give, a refusal, or nothing.
    func response(
        to call: RouteCall, real: (RouteCall) -> EmulatorResponse
    ) -> EmulatorResponse {
        if fault.cut == .before {
            return EmulatorResponse(
                status: 0, delayMilliseconds: fault.delayMilliseconds, cut: .before)
        }
        var response = (fault.cut == .after ? nil : refusal(of: call)) ?? real(call)
        if fault.isGarbage { garble(&response) }
        if let cut = fault.cut { response.cut = cut }
        let delay = response.delayMilliseconds.addingReportingOverflow(fault.delayMilliseconds)
        response.delayMilliseconds = delay.overflow ? .max : delay.partialValue
        return response
    }

    /// The answer in the place of the real one; `nil` if there is none.
    private func refusal(of call: RouteCall) -> EmulatorResponse? {
        guard let status = fault.status ?? usualStatus(at: call) else {
            return fault.body.map { Self.response(200, body: $0) }
        }
        var response =
            fault.body.map { Self.response(status, body: $0) }
            ?? call.service.refusal(status, fault.reason, to: call)
        if let seconds = fault.retryAfter {
            let text = RetryAfter.text(
                Int64(seconds), fault.retryAfterForm, now: call.world.now)
            response.headers.append(("Retry-After", text))
        }
        return response
    }

    private func usualStatus(at call: RouteCall) -> Int? {
        guard let reason = fault.reason else { return nil }
        return call.service.knownFailures.first { $0.reason == reason }?.statuses.first
    }

    /// A body of the caller's own: JSON, unless it begins as a page does.
    private static func response(_ status: Int, body: String) -> EmulatorResponse {
        let type = body.hasPrefix("<") ? "text/html" : "application/json"
        return EmulatorResponse(
            status: status, headers: [("Content-Type", "\(type); charset=UTF-8")],
            body: Array(body.utf8))
    }

    /// Replaces the body by bytes that are neither UTF-8 nor JSON, and the same each time.
    private func garble(_ response: inout EmulatorResponse) {
        var random = SplitMix64(seed: seed)
        response.body = response.body.indices.map { index in
            index == 0 ? 0xFF : UInt8(truncatingIfNeeded: random.next())
        }
    }
}
