extension WebURL {
    /// The address that a reference means when it is found at this one.
    ///
    /// - Parameter reference: An absolute address, or one that leaves out scheme, host or more.
    /// - Returns: The absolute address, without `.` and `..` segments.
    /// - Throws: ``WebError`` with code `malformed`.
    /// - SeeAlso: RFC 3986 section 5.
    public func resolving(_ reference: String) throws(WebError) -> WebURL {
        let bare = reference.prefix { $0 != "#" }
        if let colon = bare.firstIndex(of: ":"),
            !bare[..<colon].contains(where: { "/?".contains($0) })
        {
            return try WebURL(String(bare))
        }
        if bare.hasPrefix("//") { return try WebURL("\(scheme):\(bare)") }
        if bare.isEmpty { return self }
        if bare.hasPrefix("?") { return try WebURL(origin + path + bare) }
        let pathEnd = bare.firstIndex(of: "?") ?? bare.endIndex
        let query = bare[pathEnd...]
        let given = bare[..<pathEnd]
        let folder = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
        let joined = given.hasPrefix("/") ? String(given) : String(folder + given)
        return try WebURL(origin + Self.withoutDots(joined) + query)
    }

    /// Removes `.` and `..` segments.
    private static func withoutDots(_ path: String) -> String {
        var kept: [Substring] = []
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            switch segment {
            case ".": if isLast { kept.append("") }
            case "..":
                if !kept.isEmpty { kept.removeLast() }
                if isLast { kept.append("") }
            default: kept.append(segment)
            }
        }
        return "/" + kept.joined(separator: "/")
    }
}
