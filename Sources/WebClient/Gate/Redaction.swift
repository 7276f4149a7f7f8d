/// Masks secrets in whatever may be shown: headers, addresses, free text.
///
/// Headers and query fields pass by an allow-list of names known to be harmless; everything else
/// is masked.
public enum Redaction {
    /// What stands in the place of a secret.
    public static let mask = "•••"

    private static let plainHeaders: Set<String> = [
        "accept", "accept-encoding", "accept-language", "allow", "cache-control", "connection",
        "content-encoding", "content-length", "content-type", "date", "etag", "expires", "host",
        "if-match", "if-none-match", "last-modified", "range", "content-range", "retry-after",
        "server", "transfer-encoding", "user-agent", "vary", "x-http-method-override",
    ]

    private static let plainQueryFields: Set<String> = [
        "access_type", "alt", "code_challenge_method", "colorRgbFormat", "conferenceDataVersion",
        "eventLabelVersion", "eventTypes", "fields", "include_granted_scopes", "maxAttendees",
        "maxResults", "minAccessRole", "orderBy", "prettyPrint", "prompt", "response_type",
        "scope", "sendNotifications", "sendUpdates", "showDeleted", "showHidden",
        "showHiddenInvitations", "showOwnOrganizationOnly", "singleEvents", "supportsAttachments",
        "timeMax", "timeMin", "timeZone", "updatedMin", "error", "pageSize",
    ]

    /// A header's value, or the mask unless the header is known to hold nothing secret.
    public static func header(_ name: String, value: String) -> String {
        plainHeaders.contains(name.lowercased()) ? oneLine(value) : mask
    }

    /// An address: harmless query fields stay, other values and fields without a name are masked,
    /// and so are the local parts of e-mail addresses and secret segments in the path.
    public static func address(_ url: WebURL) -> String {
        var text = url.origin + path(url.path)
        if let query = url.query {
            let fields = query.split(separator: "&").map { field -> String in
                guard let equals = field.firstIndex(of: "=") else { return mask }
                let name = String(field[..<equals])
                if plainQueryFields.contains(name) {
                    return SecretFinder(Array(field.unicodeScalars)).masked()
                }
                return isHarmlessName(name) ? "\(name)=\(mask)" : mask
            }
            text += "?" + fields.joined(separator: "&")
        }
        return text
    }

    /// A path with e-mail addresses cut to their domain and long random segments masked.
    public static func path(_ path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).map { segment -> String in
            let plain = PercentCoding.decode(String(segment)) ?? String(segment)
            if let at = plain.lastIndex(of: "@") {
                return mask + PercentCoding.encode(String(plain[at...]))
            }
            if plain.hasPrefix("private-") || plain.utf8.count > 64 { return mask }
            return oneLine(String(segment))
        }.joined(separator: "/")
    }

    /// Free text from outside, for a message: one line, at most `limit` characters (Unicode
    /// scalars), and whatever looks like a token, a code, a client secret or an e-mail address
    /// masked.
    ///
    /// Looked for are the beginnings of Google's tokens, the word behind `Bearer` and `Basic`, and
    /// values behind a name that ends with token, code, secret, key, assertion or password.
    public static func text(_ text: String, limit: Int = 300) -> String {
        // Judged before it is cut, as half of a secret does not look like one. A longer one than
        // what is looked at here is told by its beginning.
        let seen = text.unicodeScalars.prefix(max(0, limit) + 16_384)
        let line = oneLine(String(String.UnicodeScalarView(seen)))
        let masked = SecretFinder(Array(line.unicodeScalars)).masked()
        return String(String.UnicodeScalarView(masked.unicodeScalars.prefix(max(0, limit))))
    }

    /// Text with control characters (line ends and escapes among them) replaced by blanks.
    public static func oneLine(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    let isControl =
                        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                        || (0x2028...0x202E).contains(scalar.value)
                        || (0x2066...0x2069).contains(scalar.value)
                    return isControl ? " " : scalar
                }))
    }

    private static func isHarmlessName(_ name: String) -> Bool {
        (1...40).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_")
            }
    }
}
