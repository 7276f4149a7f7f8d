import LosslessJSON

extension LocalGoogle {
    /// How many requests an API serves; what is `nil` is not limited.
    ///
    /// Windows go by the local Google's clock. A request that is refused counts nowhere, the parts
    /// of a batch count each, and all clients count as one project.
    /// - SeeAlso: Google Calendar API guide, "Manage quotas".
    public struct Quota: Sendable, Hashable {
        /// Requests of one user in any 60 seconds; beyond it `userRateLimitExceeded`.
        public var perUserPerMinute: Int?
        /// Requests of all users in any 60 seconds; beyond it `rateLimitExceeded`.
        public var perProjectPerMinute: Int?
        /// Requests of all users between two midnights of the Pacific coast; beyond it
        /// `dailyLimitExceeded`.
        public var perProjectPerDay: Int?
        /// Writes of one user between two midnights of the Pacific coast; beyond it
        /// `quotaExceeded`, while reads go on.
        public var writesPerUserPerDay: Int?
        /// The status of the two limits by the minute and of `quotaExceeded`: 403 or 429.
        public var status: Int
        /// Whether and how a refusal says when to come back.
        public var retryAfter: RetryAfterForm?

        /// Limits what is given.
        public init(
            perUserPerMinute: Int? = nil, perProjectPerMinute: Int? = nil,
            perProjectPerDay: Int? = nil, writesPerUserPerDay: Int? = nil, status: Int = 403,
            retryAfter: RetryAfterForm? = nil
        ) {
            self.perUserPerMinute = perUserPerMinute
            self.perProjectPerMinute = perProjectPerMinute
            self.perProjectPerDay = perProjectPerDay
            self.writesPerUserPerDay = writesPerUserPerDay
            self.status = status
            self.retryAfter = retryAfter
        }

        /// Every limit with its name on the wire.
        fileprivate var limits: [(name: String, value: Int?)] {
            [
                ("perUserPerMinute", perUserPerMinute),
                ("perProjectPerMinute", perProjectPerMinute),
                ("perProjectPerDay", perProjectPerDay),
                ("writesPerUserPerDay", writesPerUserPerDay),
            ]
        }
    }
}

/// The quotas as the control API takes and lists them.
enum QuotaRequest {
    static let names = [
        "api", "perUserPerMinute", "perProjectPerMinute", "perProjectPerDay",
        "writesPerUserPerDay", "status", "retryAfter",
    ]

    static func quota(_ fields: ControlFields) throws(LocalGoogleError) -> LocalGoogle.Quota {
        LocalGoogle.Quota(
            perUserPerMinute: try fields.int("perUserPerMinute"),
            perProjectPerMinute: try fields.int("perProjectPerMinute"),
            perProjectPerDay: try fields.int("perProjectPerDay"),
            writesPerUserPerDay: try fields.int("writesPerUserPerDay"),
            status: try fields.int("status") ?? 403,
            retryAfter: try fields.word("retryAfter", of: LocalGoogle.RetryAfterForm.self))
    }

    /// - Throws: `invalidCommand` with what would be right.
    static func check(
        _ quota: LocalGoogle.Quota, api: String, among services: ServiceList
    ) throws(LocalGoogleError) {
        let able = services.all.filter { service in
            // What has no methods answers 404 before it counts.
            !service.routes.isEmpty
                && service.knownFailures.contains { $0.reason == "rateLimitExceeded" }
        }
        guard able.contains(where: { $0.name == api }) else {
            let names = able.map(\.name).joined(separator: ", ")
            throw .invalidCommand("Quotas are kept for \(names).")
        }
        for limit in quota.limits {
            guard limit.value.map({ (0...1_000_000_000).contains($0) }) ?? true else {
                throw ControlFields.wrong(limit.name, "from 0 to 1000000000, or null")
            }
        }
        guard quota.limits.contains(where: { $0.value != nil }) else {
            throw .invalidCommand("A quota needs one limit at least.")
        }
        guard quota.status == 403 || quota.status == 429 else {
            throw ControlFields.wrong("status", "403 or 429")
        }
    }

    static func json(_ quota: LocalGoogle.Quota, api: String) -> JSON {
        var document: JSONObject = ["api": .string(api)]
        for limit in quota.limits {
            document[limit.name] = limit.value.map { .number(JSONNumber($0)) }
        }
        document["status"] = .number(JSONNumber(quota.status))
        document["retryAfter"] = quota.retryAfter.map { .string($0.rawValue) }
        return .object(document)
    }
}
