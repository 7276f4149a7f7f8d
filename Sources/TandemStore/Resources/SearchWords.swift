/// What a person typed to search for, as words and nothing else.
///
/// Letters, digits and the marks upon them make words; everything between them divides words, so
/// no operator and no quote of the index's own language can be written. Whatever is part of a word
/// here is part of a word to the index, too, which refuses one that it would divide: it knows
/// letters, numbers and marks up to Unicode 6.1, and takes what was not assigned then for parts of
/// words.
struct SearchWords {
    /// The most words that are looked for; the rest is left out.
    static let mostWords = 32
    /// The longest word that is looked for, in Unicode scalars; the rest of it is left out.
    static let longestWord = 64

    let words: [String]

    init(_ text: String) {
        words = Array(
            text.unicodeScalars.split { Part(of: $0) == .gap }
                .lazy.map { $0.prefix(Self.longestWord) }
                // The index folds some marks away: with nothing else in it, a word would be empty.
                .filter { $0.contains { Part(of: $0) == .letter } }
                .prefix(Self.mostWords).map { String($0) })
    }

    /// The text that the index understands: every word, or one that begins so; `nil` for none.
    var pattern: String? {
        guard !words.isEmpty else { return nil }
        return words.map { "\"\($0)\"*" }.joined(separator: " ")
    }

    /// What a scalar does to a word.
    private enum Part {
        /// Makes one, as digits do.
        case letter
        /// Belongs to the one it stands in.
        case mark
        /// Divides two.
        case gap

        init(of scalar: Unicode.Scalar) {
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter,
                .otherLetter, .decimalNumber, .letterNumber, .otherNumber, .privateUse:
                self = .letter
            case .nonspacingMark, .spacingMark, .enclosingMark: self = .mark
            default: self = .gap
            }
        }
    }
}
