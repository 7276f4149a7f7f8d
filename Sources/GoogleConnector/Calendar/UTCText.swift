import TandemFormats

/// Instants as RFC 3339 writes them in UTC.
enum UTCText {
    static func text(of seconds: Int64) -> String {
        OffsetTime(utcSeconds: seconds, offsetSeconds: 0).rfc3339
    }
}
