import LosslessJSON

/// Which parts of an answer a client wants: the `fields` parameter.
///
/// - SeeAlso: Google Calendar API guide, "Performance tips", section "Partial response".
struct FieldSelection {
    /// Wanted members; empty means everything.
    private var children: [(name: String, selection: FieldSelection)] = []
    private var isEverything = true

    /// Reads `a,b(c,d),items/id,*` and checks the names.
    ///
    /// - Throws: 400 `invalidParameter` for a name that the schema lacks, and for a text that no
    ///   address could hold.
    init(_ text: String, schema: FieldSchema, root: String) throws(GoogleFailure) {
        guard text.utf8.count <= 8192 else { throw Self.failure("of that length") }
        var parser = FieldParser(text: Array(text.utf8), schema: schema)
        self = try parser.list(root, depth: 0)
        guard parser.isAtEnd else { throw Self.failure(text) }
    }

    fileprivate init(everything: Bool) {
        isEverything = everything
    }

    static func failure(_ name: String) -> GoogleFailure {
        .invalidParameter("fields", "Invalid field selection \(name)")
    }

    fileprivate mutating func add(_ name: String, _ selection: FieldSelection) {
        isEverything = false
        if let index = children.firstIndex(where: { $0.name == name }) {
            if children[index].selection.isEverything || selection.isEverything {
                children[index].selection = FieldSelection(everything: true)
            } else {
                for child in selection.children {
                    children[index].selection.add(child.name, child.selection)
                }
            }
        } else {
            children.append((name, selection))
        }
    }

    /// What is left of a document.
    func applied(to json: JSON) -> JSON {
        if isEverything { return json }
        if let array = json.array { return .array(array.map { applied(to: $0) }) }
        guard let object = json.object else { return json }
        var kept: [(String, JSON)] = []
        for member in object.members {
            guard
                let child = children.first(where: { $0.name == member.key || $0.name == "*" })
            else { continue }
            kept.append((member.key, child.selection.applied(to: member.value)))
        }
        return .object(JSONObject(kept))
    }
}

/// Reads the grammar of `fields`.
private struct FieldParser {
    let text: [UInt8]
    let schema: FieldSchema
    var position = 0

    /// Nested deeper than this is refused.
    static let maxDepth = 16

    init(text: [UInt8], schema: FieldSchema) {
        self.text = text
        self.schema = schema
    }

    var isAtEnd: Bool { position == text.count }

    private var next: UInt8 { position < text.count ? text[position] : 0 }

    mutating func list(_ type: String, depth: Int) throws(GoogleFailure) -> FieldSelection {
        var selection = FieldSelection(everything: false)
        while true {
            let (name, inner) = try item(type, depth: depth)
            selection.add(name, inner)
            guard next == UInt8(ascii: ",") else { return selection }
            position += 1
        }
    }

    private mutating func item(
        _ outer: String, depth: Int
    ) throws(GoogleFailure) -> (String, FieldSelection) {
        let name = try word()
        guard depth < Self.maxDepth, let type = schema.type(of: name, in: outer) else {
            throw FieldSelection.failure(name)
        }
        switch next {
        case UInt8(ascii: "/"):
            position += 1
            let (inner, selection) = try item(type, depth: depth + 1)
            var whole = FieldSelection(everything: false)
            whole.add(inner, selection)
            return (name, whole)
        case UInt8(ascii: "("):
            position += 1
            let selection = try list(type, depth: depth + 1)
            guard next == UInt8(ascii: ")") else { throw FieldSelection.failure(name) }
            position += 1
            return (name, selection)
        default:
            return (name, FieldSelection(everything: true))
        }
    }

    private mutating func word() throws(GoogleFailure) -> String {
        let start = position
        while position < text.count, !",/()".utf8.contains(text[position]) { position += 1 }
        let name = String(decoding: text[start..<position], as: UTF8.self)
            .filter { !$0.isWhitespace }
        guard !name.isEmpty else {
            throw FieldSelection.failure(String(decoding: text, as: UTF8.self))
        }
        return name
    }
}
