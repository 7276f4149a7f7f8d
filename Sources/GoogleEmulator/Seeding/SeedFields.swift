import LosslessJSON

/// Reads members of a seed and says where something is wrong, as in `calendars[0].events[2]`.
struct SeedFields {
    let json: JSON
    /// The way to it from the seed's top; empty for the seed itself.
    let path: String

    /// - Throws: `invalidSeed` for anything but an object, and for a member that nobody reads.
    init(_ json: JSON, _ path: String = "", allowed: [String]? = nil) throws(LocalGoogleError) {
        guard let object = json.object else {
            throw Self.wrong(path.isEmpty ? "The seed" : path, "a JSON object")
        }
        self.json = json
        self.path = path
        guard let allowed else { return }
        for member in object.members where !allowed.contains(member.key) {
            throw .invalidSeed(
                "\(place(member.key)) is unknown; known are \(allowed.joined(separator: ", ")).")
        }
    }

    /// The member as it came, unless it is missing or `null`.
    subscript(name: String) -> JSON? { json[name]?.nonNull }

    /// The way to a member.
    func place(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    /// Says what a member must be.
    func failure(_ name: String, _ wanted: String) -> LocalGoogleError {
        Self.wrong(place(name), wanted)
    }

    static func wrong(_ place: String, _ wanted: String) -> LocalGoogleError {
        .invalidSeed("\(place) must be \(wanted).")
    }

    func string(_ name: String) throws(LocalGoogleError) -> String? {
        guard let value = self[name] else { return nil }
        guard let text = value.string, !text.isEmpty else { throw failure(name, "a text") }
        return text
    }

    /// An e-mail address.
    func address(_ name: String) throws(LocalGoogleError) -> String? {
        guard let text = try string(name) else { return nil }
        guard EmailAddress.isUsable(text) else { throw failure(name, "an e-mail address") }
        return text
    }

    func int(_ name: String, _ range: ClosedRange<Int>) throws(LocalGoogleError) -> Int? {
        guard let value = self[name] else { return nil }
        guard let number = value.int.flatMap({ Int(exactly: $0) }), range.contains(number) else {
            throw failure(name, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// The elements of an array, each with the way to it; none where there is no such member.
    func array(_ name: String) throws(LocalGoogleError) -> [(json: JSON, place: String)] {
        guard let value = self[name] else { return [] }
        guard let array = value.array else { throw failure(name, "an array") }
        return array.enumerated().map { ($1, "\(place(name))[\($0)]") }
    }

    /// The objects of an array.
    func objects(
        _ name: String, allowed: [String]? = nil
    ) throws(LocalGoogleError) -> [SeedFields] {
        try array(name).map { element throws(LocalGoogleError) in
            try SeedFields(element.json, element.place, allowed: allowed)
        }
    }

    /// The texts of an array.
    func strings(_ name: String) throws(LocalGoogleError) -> [String] {
        try array(name).map { element throws(LocalGoogleError) in
            guard let text = element.json.string else { throw Self.wrong(element.place, "a text") }
            return text
        }
    }
}
