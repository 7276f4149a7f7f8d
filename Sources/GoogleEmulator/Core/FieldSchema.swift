/// The names that `fields` may speak of in one API.
struct FieldSchema: Sendable {
    /// The schema of what a method answers, by the method's id.
    let answer: @Sendable (String) -> String
    private let types: [String: [String: String]]

    /// Reads one schema a line, its name first, then its members.
    ///
    /// `member:Schema` names what is inside of a member, of which else everything may be asked
    /// for. A schema may go over several lines.
    init(_ text: String, answer: @escaping @Sendable (String) -> String) {
        var types: [String: [String: String]] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let name = words.first else { continue }
            for word in words.dropFirst() {
                let parts = word.split(separator: ":")
                types[String(name), default: [:]][String(parts[0])] =
                    parts.count > 1 ? String(parts[1]) : "Any"
            }
        }
        self.types = types
        self.answer = answer
    }

    /// The schema of a member; `nil` if the schema has no member of that name.
    func type(of name: String, in schema: String) -> String? {
        if schema == "Any" || name == "*" { return "Any" }
        return types[schema]?[name]
    }
}
