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

    /// An address: harmless query fields stay, other values are masked, and so are the local
    /// parts of e-mail addresses and secret segments in the path.
    public static func address(_ url: WebURL) -> String {
        var text = url.origin + path(url.path)
        if let query = url.query {
            let fields = query.split(separator: "&").map { field -> String in
                let parts = field.split(separator: "=", maxSplits: 1)
                let name = parts.first.map(String.init) ?? ""
                if parts.count == 2, plainQueryFields.contains(name) { return String(field) }
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

    /// Free text from outside, for a message: one line, at most `limit` characters, and every
    /// word that looks like a token, a code, a client secret or an e-mail address masked.
    public static func text(_ text: String, limit: Int = 300) -> String {
        let cut = String(text.prefix(limit))
        return oneLine(cut).split(separator: " ", omittingEmptySubsequences: false)
            .map { looksSecret($0) ? mask : String($0) }.joined(separator: " ")
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

    private static let secretPrefixes = [
        "ya29.", "1//", "4/", "GOCSPX-", "AH-1Ng", "eyJ", "Bearer", "Basic",
    ]

    private static func looksSecret(_ word: Substring) -> Bool {
        let bare = word.drop { "\"'(<[{=:,;".contains($0) }
        if bare.contains("@") && bare.contains(".") { return true }
        if secretPrefixes.contains(where: { bare.hasPrefix($0) }) && bare.count > 6 { return true }
        if secretPrefixes.contains(where: { word.contains("=\($0)") || word.contains("\"\($0)") }) {
            return true
        }
        // Forty unbroken characters that mix letters with digits: no word of any message.
        return bare.utf8.count >= 40 && !bare.contains("/") && !bare.contains(".")
            && bare.contains(where: \.isNumber) && bare.contains(where: \.isLetter)
    }

    private static func isHarmlessName(_ name: String) -> Bool {
        name.utf8.count <= 40
            && name.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_")
            }
    }
}
