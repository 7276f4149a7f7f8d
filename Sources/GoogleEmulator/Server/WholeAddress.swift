import NIOHTTP1

/// Requests that name a whole address as their target: its host counts, whatever the field `Host`
/// says.
///
/// - SeeAlso: RFC 9112 section 3.2.2.
enum WholeAddress {
    /// The head with the target's host in the field; with several such fields it stays, to be
    /// refused.
    static func settled(_ head: HTTPRequestHead) -> HTTPRequestHead {
        guard let authority = authority(of: head.uri), head.headers["Host"].count <= 1 else {
            return head
        }
        var settled = head
        settled.headers.replaceOrAdd(name: "Host", value: authority)
        return settled
    }

    /// What stands between the scheme and the path; `nil` for a target that is only a path.
    static func authority(of target: String) -> String? {
        guard !target.hasPrefix("/"), let mark = target.firstRange(of: "://"),
            !target[..<mark.lowerBound].contains(where: { "/?#".contains($0) })
        else { return nil }
        return String(target[mark.upperBound...].prefix { !"/?#".contains($0) })
    }
}
