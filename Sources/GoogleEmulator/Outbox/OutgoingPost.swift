/// A request that the local Google wants to send, such as a push notification.
///
/// The core has no network: whoever runs it takes posts that are due, sends them, and says what
/// became of them.
public struct OutgoingPost: Sendable {
    /// The post's number, which no other one has.
    public let id: Int64
    /// The service that sends it, and learns of its outcome.
    public let service: String
    /// What it is about in the service's words, for example a channel's id.
    public let topic: String
    /// Where it goes: an absolute http or https address.
    public let url: String
    /// Header fields in the order in which they are to be sent.
    public let headers: [(name: String, value: String)]
    /// The body, often empty.
    public let body: [UInt8]
    /// When it is to be sent, in milliseconds since 1970 on the local Google's clock.
    public internal(set) var due: Int64
    /// When nobody cares for it any more, in milliseconds since 1970; `nil` means never.
    public let expires: Int64?
    /// Which attempt this is, counted from 1.
    public internal(set) var attempt: Int
    /// Whom it goes to, as `host:port`.
    let receiver: String

    init(
        id: Int64, service: String, topic: String, url: String,
        headers: [(name: String, value: String)], body: [UInt8], due: Int64, expires: Int64?,
        attempt: Int
    ) {
        self.id = id
        self.service = service
        self.topic = topic
        self.url = url
        self.headers = headers
        self.body = body
        self.due = due
        self.expires = expires
        self.attempt = attempt
        receiver = PostTarget(url).map { "\($0.host.lowercased()):\($0.port)" } ?? url
    }
}

/// What became of an attempt to send a post.
public enum PostOutcome: Sendable, Hashable {
    /// The receiver answered with this status.
    case answered(Int)
    /// There was no answer, for the reason that the text gives.
    case failed(String)
}

/// When a post that failed is tried again.
///
/// - SeeAlso: Google Calendar API guide, "Push notifications", section "Respond to notifications".
enum PostSchedule {
    /// How often it is tried at most.
    static let maxAttempts = 8
    /// The next attempt after 500, 502, 503, 504 or no answer: after 1, 2, 4 … 64 seconds.
    ///
    /// - Returns: In milliseconds since 1970; `nil` if it arrived or is not worth another attempt.
    static func nextDue(after outcome: PostOutcome, attempt: Int, now: Int64) -> Int64? {
        switch outcome {
        case .failed, .answered(500), .answered(502...504):
            guard attempt < maxAttempts else { return nil }
            return now &+ (1000 << Int64(attempt - 1))
        case .answered:
            return nil
        }
    }

    /// Whether the receiver took it.
    static func isSuccess(_ outcome: PostOutcome) -> Bool {
        if case .answered(let status) = outcome {
            return [102, 200, 201, 202, 204].contains(status)
        }
        return false
    }
}

/// Where a post goes, read from its address.
struct PostTarget: Hashable {
    let isTLS: Bool
    /// The host's name or address, without the brackets of IPv6.
    let host: String
    let port: Int
    /// What the request line names: path and query.
    let target: String
    /// The host as the `Host` field wants it, with the port where it is unusual.
    let authority: String

    /// - Returns: `nil` for anything but an absolute http or https address without user and
    ///   fragment, of visible ASCII only.
    init?(_ url: String) {
        guard url.utf8.count <= 8192, url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            !url.contains("#"), let mark = url.firstRange(of: "://")
        else { return nil }
        switch url[..<mark.lowerBound].lowercased() {
        case "http": isTLS = false
        case "https": isTLS = true
        default: return nil
        }
        let rest = url[mark.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        authority = String(rest[..<end])
        let path = rest[end...]
        target = path.hasPrefix("/") ? String(path) : "/" + path
        guard !authority.contains("@"), let parts = Self.split(authority) else { return nil }
        guard !parts.host.isEmpty else { return nil }
        host = parts.host
        guard let text = parts.port else {
            port = isTLS ? 443 : 80
            return
        }
        // A sign would be taken for a part of the number.
        guard text.allSatisfy(\.isWholeNumber), let number = UInt16(text), number > 0 else {
            return nil
        }
        port = Int(number)
    }

    /// Whether it stays on this machine.
    var isLoopback: Bool { HostNames.isLoopback(authority) }

    private static func split(_ authority: String) -> (host: String, port: String?)? {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            let host = authority[authority.index(after: authority.startIndex)..<end]
            let rest = authority[authority.index(after: end)...]
            if rest.isEmpty { return (String(host), nil) }
            return rest.hasPrefix(":") ? (String(host), String(rest.dropFirst())) : nil
        }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2 else { return nil }
        return (String(parts[0]), parts.count == 2 ? String(parts[1]) : nil)
    }
}
