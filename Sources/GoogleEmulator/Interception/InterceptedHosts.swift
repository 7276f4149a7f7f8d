/// Whose connections are led to the local Google: everything that belongs to these domains.
///
/// - SeeAlso: The discovery documents of Google's APIs, `rootUrl` and `mtlsRootUrl`; Google
///   Identity, "Using OAuth 2.0 to Access Google APIs".
public enum InterceptedHosts {
    /// The domains, each with all names below it.
    ///
    /// - `googleapis.com`: the APIs (`www`, `people`, `driveactivity`, `calendar-json`), tokens
    ///   (`oauth2`), identity (`openidconnect`), and their `mtls` twins.
    /// - `google.com`: sign-in and consent (`accounts`), the device flow (`www`).
    /// - `googleusercontent.com`: photos and downloads that answers point to.
    public static let domains = ["google.com", "googleapis.com", "googleusercontent.com"]

    /// Whether a name in its canonical form belongs to Google.
    static func contains(_ host: String) -> Bool {
        domains.contains { host == $0 || host.hasSuffix("." + $0) }
    }

    /// A host name in lower case, without a dot at its end; `nil` if it is no name.
    ///
    /// - SeeAlso: RFC 1123 section 2.1; RFC 1035 section 2.3.4.
    static func canonical(_ name: some StringProtocol) -> String? {
        let host = name.hasSuffix(".") ? String(name.dropLast()) : String(name)
        guard (1...253).contains(host.utf8.count) else { return nil }
        let labels = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let areLabels = labels.allSatisfy { label in
            (1...63).contains(label.count) && label.first != UInt8(ascii: "-")
                && label.last != UInt8(ascii: "-") && label.allSatisfy(isLetterDigitHyphen)
        }
        return areLabels ? host.lowercased() : nil
    }

    private static func isLetterDigitHyphen(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
