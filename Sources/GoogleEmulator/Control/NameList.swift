/// Names in a sentence for people.
enum NameList {
    /// More names than these nobody reads.
    static let shown = 8

    /// The first few names, and how many more there are: `a, b, c and 12 more`; one name more than
    /// ``shown`` is written out.
    static func text(_ names: [String]) -> String {
        guard names.count > shown + 1 else { return names.joined(separator: ", ") }
        return names.prefix(shown).joined(separator: ", ") + " and \(names.count - shown) more"
    }

    /// Refuses a name: with the one that was meant, most likely, else with those that are known.
    static func refusal(of typed: String, knowing names: [String]) -> String {
        guard let question = question(typed, among: names) else {
            return "\"\(typed)\" is unknown here; known are \(text(names))."
        }
        return "\"\(typed)\" is unknown here." + question
    }

    /// ` Did you mean 'batchLimit'?`, to stand behind a sentence; `nil` where no name is near.
    static func question(_ typed: String, among names: [String]) -> String? {
        nearest(to: typed, among: names).map { " Did you mean '\($0)'?" }
    }

    /// The name that differs in the fewest letters from what was typed, in two at most.
    private static func nearest(to typed: String, among names: [String]) -> String? {
        // Of short words half would be near.
        guard (4...60).contains(typed.count) else { return nil }
        let distances = names.map { (name: $0, letters: lettersApart(typed, $0)) }
        return distances.filter { $0.letters <= 2 }.min { $0.letters < $1.letters }?.name
    }

    /// How many letters have to be put in, taken out or replaced; case does not count.
    private static func lettersApart(_ first: String, _ second: String) -> Int {
        let letters = Array(second.lowercased())
        var row = Array(0...letters.count)
        for letter in first.lowercased() {
            var diagonal = row[0]
            row[0] += 1
            for (index, other) in letters.enumerated() {
                let replaced = diagonal + (letter == other ? 0 : 1)
                diagonal = row[index + 1]
                row[index + 1] = min(replaced, min(diagonal, row[index]) + 1)
            }
        }
        return row[letters.count]
    }
}
