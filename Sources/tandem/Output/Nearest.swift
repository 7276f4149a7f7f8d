/// Finds what a person may have meant by a word that is none of those that are known.
enum Nearest {
    /// Longer words are not compared: nobody mistypes so much, and it would take long.
    static let longest = 60

    /// The known name that is nearest to what was typed; `nil` where none is near enough.
    ///
    /// Case does not count. A name is near where it differs in at most two letters (one, where no
    /// more than four were typed; a swap of neighbours counts as one), or where it alone begins
    /// with what was typed, two letters at least. Of equally near ones the first is taken.
    static func name(to typed: String, among names: [String]) -> String? {
        let word = Array(typed.lowercased())
        guard (2...longest).contains(word.count) else { return nil }
        let allowed = word.count <= 4 ? 1 : 2
        var best: (name: String, distance: Int)?
        for name in names {
            let letters = Array(name.lowercased())
            guard !letters.isEmpty, abs(letters.count - word.count) <= allowed else { continue }
            let distance = distance(word, letters)
            if distance <= min(allowed, best.map { $0.distance - 1 } ?? allowed) {
                best = (name, distance)
            }
        }
        if let best { return best.name }
        let longer = names.filter { $0.lowercased().hasPrefix(typed.lowercased()) }
        return Set(longer).count == 1 ? longer[0] : nil
    }

    /// ` Did you mean 'name'?`, to be put behind a sentence; nothing where no name is near.
    static func question(_ typed: String, among names: [String]) -> String {
        guard let name = name(to: typed, among: names) else { return "" }
        return " Did you mean '\(TerminalText.oneLine(name))'?"
    }

    /// What was typed, as a message quotes it.
    static func quoted(_ typed: String) -> String {
        "'\(TerminalText.cut(TerminalText.oneLine(typed), to: longest))'"
    }

    /// How many letters have to be put in, taken out, replaced, or swapped with their neighbour.
    ///
    /// - SeeAlso: Damerau, "A technique for computer detection and correction of spelling errors",
    ///   Communications of the ACM 7(3), 1964; no letter is changed twice here.
    static func distance(_ first: [Character], _ second: [Character]) -> Int {
        var (older, old) = ([Int](), Array(0...second.count))
        for row in first.indices {
            var new = [row + 1]
            for column in second.indices {
                let isSame = first[row] == second[column]
                var least = min(
                    old[column + 1] + 1, new[column] + 1, old[column] + (isSame ? 0 : 1))
                if row > 0, column > 0, first[row] == second[column - 1],
                    first[row - 1] == second[column]
                {
                    least = min(least, older[column - 1] + 1)
                }
                new.append(least)
            }
            (older, old) = (old, new)
        }
        return old[second.count]
    }
}
