/// The names that `fields` may speak of in one API.
struct FieldSchema: Sendable {
    /// The schema of what a method answers, by the method's id.
    let answer: @Sendable (String) -> String
    /// The members of each schema and the schemas of these.
    let types: [String: [String: String]]

    /// Reads one schema a line, its name first, then its members.
    ///
    /// `member:Schema` names what is inside of a member; one without it is a `Scalar`, which has
    /// no members. `*Name` is a map whose values have the schema `Name`, and of `Any` everything
    /// may be asked for. A schema may go over several lines.
    init(_ text: String, answer: @escaping @Sendable (String) -> String) {
        var types: [String: [String: String]] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let name = words.first else { continue }
            for word in words.dropFirst() {
                let parts = word.split(separator: ":")
                types[String(name), default: [:]][String(parts[0])] =
                    parts.count > 1 ? String(parts[1]) : "Scalar"
            }
        }
        self.types = types
        self.answer = answer
    }

    /// The schema of a member; `nil` if the schema has no member of that name.
    func type(of name: String, in schema: String) -> String? {
        if schema == "Scalar" { return nil }
        if schema == "Any" || name == "*" { return "Any" }
        if schema.hasPrefix("*") { return String(schema.dropFirst()) }
        return types[schema]?[name]
    }
}
