/// Finds what looks like a secret or an e-mail address in free text.
///
/// It would rather mask a harmless word too many: the texts are messages for people, and come from
/// outside.
struct SecretFinder {
    private let scalars: [Unicode.Scalar]
    /// The same with ASCII letters in lower case.
    private let lowered: [Unicode.Scalar]
    private var isMasked: [Bool]

    /// How Google's tokens, codes and client secrets begin, also where they are percent-encoded.
    ///
    /// - SeeAlso: Google Identity guide, "Using OAuth 2.0 to Access Google APIs", section "Token
    ///   size"; the first characters are those of tokens as they are given out.
    private static let beginnings = [
        "ya29.", "1//", "1%2F%2F", "1%2f%2f", "4/0", "4%2F", "4%2f", "GOCSPX-", "AH-1Ng", "eyJ",
    ].map { Array($0.unicodeScalars) }

    /// Ways of authorization (RFC 7617, RFC 6750) behind which a secret follows.
    private static let schemes = ["bearer", "basic"].map { Array($0.unicodeScalars) }

    /// What names end with whose value is a secret: `access_token`, `client_secret`, `apiKey`.
    private static let names = ["token", "code", "secret", "key", "assertion", "password"]
        .map { Array($0.unicodeScalars) }

    private static let separators = ["=", ":", "%3d", "%3a"].map { Array($0.unicodeScalars) }

    init(_ scalars: [Unicode.Scalar]) {
        self.scalars = scalars
        lowered = scalars.map {
            ("A"..."Z").contains($0) ? Unicode.Scalar(UInt8($0.value) | 0x20) : $0
        }
        isMasked = Array(repeating: false, count: scalars.count)
        for index in scalars.indices where !isMasked[index] { look(at: index) }
        maskWords()
        maskRandom()
    }

    /// The text with the mask in the place of each secret.
    func masked() -> String {
        var shown = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            if !isMasked[index] {
                shown.append(scalar)
            } else if index == 0 || !isMasked[index - 1] {
                shown.append(contentsOf: Redaction.mask.unicodeScalars)
            }
        }
        return String(shown)
    }

    // MARK: - By beginning and by name

    private mutating func look(at index: Int) {
        if !isInsideWord(index) {
            if Self.beginnings.contains(where: { has($0, at: index) }) { maskWord(from: index) }
            for scheme in Self.schemes where has(scheme, at: index, anyCase: true) {
                maskValue(behindScheme: index + scheme.count)
            }
        }
        for name in Self.names where has(name, at: index, anyCase: true) {
            maskValue(behindName: index + name.count)
        }
    }

    /// `Bearer SECRET`, however the two are parted.
    private mutating func maskValue(behindScheme index: Int) {
        var start = index
        while start < scalars.count {
            if " =:+\"'".unicodeScalars.contains(scalars[start]) {
                start += 1
            } else if has(["%", "2", "0"], at: start) {
                start += 3
            } else {
                break
            }
        }
        if start > index { maskWord(from: start) }
    }

    /// `token=SECRET`, `"token": "SECRET"`, `token%3DSECRET`.
    private mutating func maskValue(behindName index: Int) {
        var start = index
        while start < scalars.count, isQuote(scalars[start]) || scalars[start] == " " { start += 1 }
        guard let separator = Self.separators.first(where: { has($0, at: start, anyCase: true) })
        else { return }
        start += separator.count
        while start < scalars.count, scalars[start] == " " { start += 1 }
        guard start < scalars.count, isQuote(scalars[start]) else { return maskWord(from: start) }
        // A quoted value may hold blanks.
        let quote = scalars[start]
        let end = scalars[(start + 1)...].firstIndex(of: quote) ?? scalars.count
        mask(start + 1..<end)
    }

    // MARK: - By looks

    /// Words that hold an e-mail address.
    private mutating func maskWords() {
        for word in scalars.indices.split(whereSeparator: { scalars[$0] == " " }) {
            let text = scalars[word.startIndex..<word.endIndex]
            guard text.contains("@"), text.contains(".") else { continue }
            mask(word.startIndex..<word.endIndex)
        }
    }

    /// Forty unbroken characters that mix letters with digits: no word of any message.
    private mutating func maskRandom() {
        func isPart(_ scalar: Unicode.Scalar) -> Bool {
            isASCIIWord(scalar) || scalar == "-" || scalar == "_"
        }
        for run in scalars.indices.split(whereSeparator: { !isPart(scalars[$0]) }) {
            let text = scalars[run.startIndex..<run.endIndex]
            guard text.count >= 40, text.contains(where: { ("0"..."9").contains($0) }),
                text.contains(where: { isASCIIWord($0) && !("0"..."9").contains($0) })
            else { continue }
            mask(run.startIndex..<run.endIndex)
        }
    }

    // MARK: - Places

    private mutating func mask(_ range: Range<Int>) {
        for index in range { isMasked[index] = true }
    }

    /// Masks up to the next blank, quote or angle bracket.
    private mutating func maskWord(from start: Int) {
        guard start < scalars.count else { return }
        let end = scalars[start...].firstIndex {
            $0 == " " || isQuote($0) || $0 == "<" || $0 == ">"
        }
        mask(start..<(end ?? scalars.count))
    }

    private func has(
        _ wanted: [Unicode.Scalar], at index: Int, anyCase: Bool = false
    ) -> Bool {
        guard scalars.count - index >= wanted.count else { return false }
        let text = anyCase ? lowered : scalars
        return wanted.indices.allSatisfy { text[index + $0] == wanted[$0] }
    }

    /// Whether a letter or digit stands before; the end of a percent escape is neither.
    private func isInsideWord(_ index: Int) -> Bool {
        guard index > 0,
            scalars[index - 1].properties.isAlphabetic || isASCIIWord(scalars[index - 1])
        else { return false }
        let isEscape =
            index > 2 && scalars[index - 3] == "%"
            && scalars[index - 2..<index].allSatisfy { $0.properties.isASCIIHexDigit }
        return !isEscape
    }

    private func isQuote(_ scalar: Unicode.Scalar) -> Bool {
        "\"'`".unicodeScalars.contains(scalar)
    }

    private func isASCIIWord(_ scalar: Unicode.Scalar) -> Bool {
        ("0"..."9").contains(scalar) || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }
}
