/// Addresses of users, groups and guests.
public enum EmailAddress {
    /// Whether a text can be one: a name, an `@` and a domain, in at most 254 bytes, without blanks
    /// and the signs that stand between addresses.
    ///
    /// It says nothing of whether mails would arrive.
    /// - SeeAlso: RFC 5321 section 4.5.3.1.3; RFC 5322 section 3.4.
    public static func isUsable(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, text.utf8.count <= 254 else { return false }
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        return labels.allSatisfy { !$0.isEmpty }
            && text.unicodeScalars.allSatisfy { scalar in
                !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control
                    && !"<>()[],;:\\\"".unicodeScalars.contains(scalar)
            }
    }
}
