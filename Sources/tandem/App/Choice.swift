import ArgumentParser

/// Words of which a person gives one.
enum Choice {
    /// `a`, `a or b`, or `a, b or c`.
    static func list(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }

    /// Says that what was typed is none of the words.
    ///
    /// - Parameters:
    ///   - typed: What was typed.
    ///   - name: What it was given to, such as `--color`.
    ///   - words: What may be given.
    /// - Returns: The words, and the nearest of them where one is near.
    static func refusal(of typed: String, for name: String, takes words: [String]) -> String {
        "\(name) takes \(list(words)), not \(Nearest.quoted(typed))."
            + Nearest.question(typed, among: words)
    }

    /// Refuses what is none of a type's words; `nil`, for nothing typed, is let through.
    ///
    /// - Throws: `ValidationError`, naming the words and the nearest of them.
    static func check<Value: CaseIterable & RawRepresentable<String>>(
        _ typed: String?, for name: String, as type: Value.Type
    ) throws {
        guard let typed, Value(rawValue: typed) == nil else { return }
        throw ValidationError(
            refusal(of: typed, for: name, takes: Value.allCases.map(\.rawValue)))
    }
}
