extension LocalGoogle {
    /// The two forms of a `Retry-After` header.
    ///
    /// - SeeAlso: RFC 9110 section 10.2.3.
    public enum RetryAfterForm: String, Sendable, CaseIterable {
        /// How many seconds to wait.
        case seconds
        /// Until when to wait, by the local Google's clock.
        case date
    }
}

/// Asks a client to come back later.
enum RetryAfter {
    /// The header field's value for a pause that begins now, in milliseconds since 1970.
    static func text(
        _ seconds: Int64, _ form: LocalGoogle.RetryAfterForm, now: Int64
    ) -> String {
        switch form {
        case .seconds: String(seconds)
        case .date: Stamp.http(now &+ seconds &* 1000)
        }
    }
}
