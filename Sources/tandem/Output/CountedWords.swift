/// Counts in words, as a person would say them.
enum Counted {
    /// `1 calendar`, `2 calendars`.
    ///
    /// - Parameters:
    ///   - number: How many there are.
    ///   - one: What one of them is called.
    ///   - many: What several are called; `one` with an `s` unless it is given.
    /// - Returns: The number and the word that fits it.
    static func text(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(number) " + (number == 1 ? one : many ?? one + "s")
    }

    /// An amount of data: `812 bytes`, `28.9 kB`, `1.3 MB`; a kB has 1000 bytes.
    static func bytes(_ number: Int) -> String {
        guard number >= 1000 else { return text(number, "byte") }
        var (amount, unit) = (Double(number) / 1000, "kB")
        for larger in ["MB", "GB"] where amount >= 999.95 {
            (amount, unit) = (amount / 1000, larger)
        }
        return "\((amount * 10).rounded() / 10) \(unit)"
    }
}
