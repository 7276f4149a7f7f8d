import LosslessJSON

/// One command of the control API.
struct ControlRoute: Routed, Sendable {
    let method: String?
    let template: PathTemplate
    let run: @Sendable (ControlCall) throws(LocalGoogleError) -> Reply

    /// A command at a path below `/_emulator/`, in which `{name}` stands for any one part.
    init(
        _ method: String, _ path: String,
        _ run: @escaping @Sendable (ControlCall) throws(LocalGoogleError) -> Reply
    ) {
        self.method = method
        self.run = run
        template = PathTemplate("/_emulator/" + path)
    }
}

/// One command that came over HTTP.
struct ControlCall {
    let state: EmulatorState
    let request: EmulatorRequest
    /// What the path held in the place of each `{name}`, decoded.
    let path: [String: String]

    var world: World { state.world }
    var commands: ControlCommands { ControlCommands(state: state) }

    /// The body as an object; an empty one counts as `{}`.
    ///
    /// - Throws: `invalidCommand` for anything else.
    func document() throws(LocalGoogleError) -> JSON {
        if request.body.isEmpty { return [:] }
        let json: JSON
        do { json = try JSON(parsing: request.body, limits: LocalGoogle.dataLimits) } catch {
            throw .invalidCommand("The body is not JSON: \(error.message)")
        }
        guard json.object != nil else { throw .invalidCommand("The body must be a JSON object.") }
        return json
    }

    /// The body's members; one that is not allowed is refused by its name.
    ///
    /// - Parameters:
    ///   - allowed: The names of members.
    ///   - listing: The command that lists them.
    /// - Returns: The members.
    /// - Throws: `invalidCommand`.
    func fields(
        _ allowed: [String], listing: String? = nil
    ) throws(LocalGoogleError) -> ControlFields {
        try ControlFields(try document(), allowed: allowed, listing: listing)
    }
}

/// Reads the members of a command and says which one is wrong.
struct ControlFields {
    private let json: JSON

    /// - Throws: `invalidCommand` with the name of a member that nobody asked for.
    init(_ json: JSON, allowed: [String], listing: String? = nil) throws(LocalGoogleError) {
        for member in json.object?.members ?? [] where !allowed.contains(member.key) {
            throw .invalidCommand(
                NameList.refusal(of: member.key, knowing: allowed)
                    + (listing.map { " '\($0)' lists them all." } ?? ""))
        }
        self.json = json
    }

    /// The member as it came, unless it is missing or `null`.
    subscript(name: String) -> JSON? { json[name]?.nonNull }

    /// Whether the member came at all, if only as `null`.
    func has(_ name: String) -> Bool { json[name] != nil }

    func string(_ name: String) throws(LocalGoogleError) -> String? {
        guard let value = self[name] else { return nil }
        guard let text = value.string else { throw Self.wrong(name, "a text") }
        return text
    }

    func int(_ name: String) throws(LocalGoogleError) -> Int? {
        guard let value = self[name] else { return nil }
        guard let number = value.int, let small = Int(exactly: number) else {
            throw Self.wrong(name, "a whole number")
        }
        return small
    }

    func flag(_ name: String) throws(LocalGoogleError) -> Bool? {
        guard let value = self[name] else { return nil }
        guard let flag = value.bool else { throw Self.wrong(name, "true or false") }
        return flag
    }

    func texts(_ name: String) throws(LocalGoogleError) -> [String]? {
        guard let value = self[name] else { return nil }
        let texts = value.array?.compactMap(\.string)
        guard let texts, texts.count == value.array?.count else {
            throw Self.wrong(name, "a list of texts")
        }
        return texts
    }

    func textsByName(_ name: String) throws(LocalGoogleError) -> [String: String]? {
        guard let value = self[name] else { return nil }
        guard let members = value.object?.members else { throw Self.wrong(name, "an object") }
        var texts: [String: String] = [:]
        for member in members {
            guard let text = member.value.string else {
                throw Self.wrong(name, "an object of texts")
            }
            texts[member.key] = text
        }
        return texts
    }

    /// One of a few words.
    func word<Word: RawRepresentable & CaseIterable>(
        _ name: String, of type: Word.Type
    ) throws(LocalGoogleError) -> Word? where Word.RawValue == String {
        guard let value = self[name] else { return nil }
        guard let word = value.string.flatMap(Word.init(rawValue:)) else {
            let words = Word.allCases.map(\.rawValue)
            throw Self.wrong(name, "one of \(words.joined(separator: ", "))")
        }
        return word
    }

    static func wrong(_ name: String, _ wanted: String) -> LocalGoogleError {
        .invalidCommand("\"\(name)\" must be \(wanted).")
    }
}

/// What a command is aimed at.
struct ControlTarget {
    /// The account; `nil` stands for all.
    let account: Account?
    /// Parts of a service by the names that it gives them, such as `calendar`.
    let parts: [(name: String, value: String)]

    subscript(name: String) -> String? { parts.first { $0.name == name }?.value }
}
