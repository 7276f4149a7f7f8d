/// What a person typed to search for, as words and nothing else.
///
/// Letters, digits and the marks upon them make words; everything between them divides words, so
/// no operator and no quote of the index's own language can be written.
struct SearchWords {
    /// The most words that are looked for; the rest is left out.
    static let mostWords = 32
    /// The longest word that is looked for, in Unicode scalars; the rest of it is left out.
    static let longestWord = 64

    let words: [String]

    init(_ text: String) {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if Self.isPartOfWord(scalar) {
                if word.count < Self.longestWord { word.append(scalar) }
            } else if !word.isEmpty {
                words.append(String(word))
                word = String.UnicodeScalarView()
            }
        }
        if !word.isEmpty { words.append(String(word)) }
        self.words = Array(words.prefix(Self.mostWords))
    }

    /// The text that the index understands: every word, or one that begins so; `nil` for none.
    var pattern: String? {
        guard !words.isEmpty else { return nil }
        return words.map { "\"\($0)\"*" }.joined(separator: " ")
    }

    private static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .spacingMark,
            .enclosingMark, .privateUse:
            true
        default: false
        }
    }
}
