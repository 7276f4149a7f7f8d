import LosslessJSON

/// Reads members of a snapshot and says which one is wrong.
struct SnapshotFields {
    let json: JSON
    let place: String

    init(_ json: JSON, _ place: String) {
        self.json = json
        self.place = place
    }

    /// A service's part, which a snapshot must hold.
    static func required(
        _ part: SnapshotFields?, of service: String
    ) throws(LocalGoogleError) -> SnapshotFields {
        guard let part, part.json.object != nil else {
            throw SnapshotFields([:], "list of services").failure(service)
        }
        return part
    }

    func failure(_ name: String) -> LocalGoogleError {
        LocalGoogleError(
            code: .invalidSnapshot,
            message: "The snapshot's \(place) lacks a usable \"\(name)\"; take a new snapshot.")
    }

    func string(_ name: String) throws(LocalGoogleError) -> String {
        guard let value = json[name]?.string else { throw failure(name) }
        return value
    }

    /// An e-mail address, in small letters as it is kept.
    func address(_ name: String) throws(LocalGoogleError) -> String {
        let text = try string(name)
        guard EmailAddress.isUsable(text), text == text.lowercased() else { throw failure(name) }
        return text
    }

    func int(_ name: String) throws(LocalGoogleError) -> Int64 {
        // A number near the end of its type could overflow when the world counts on.
        guard let value = json[name]?.int, value.magnitude < 1 << 60 else { throw failure(name) }
        return value
    }

    func flag(_ name: String) -> Bool { json[name]?.bool ?? false }

    func strings(_ name: String) throws(LocalGoogleError) -> [String] {
        guard let array = json[name]?.array else { throw failure(name) }
        let texts = array.compactMap(\.string)
        guard texts.count == array.count else { throw failure(name) }
        return texts
    }

    func object(_ name: String) throws(LocalGoogleError) -> JSONObject {
        guard let value = json[name]?.object else { throw failure(name) }
        return value
    }

    /// The members of an array, each with its own place in messages.
    func parts(_ name: String) throws(LocalGoogleError) -> [SnapshotFields] {
        guard let array = json[name]?.array else { throw failure(name) }
        return array.map { SnapshotFields($0, name) }
    }
}

extension JSON {
    static func int(_ value: Int64) -> JSON { .number(JSONNumber(value)) }
    static func strings(_ values: [String]) -> JSON { .array(values.map { .string($0) }) }
}
