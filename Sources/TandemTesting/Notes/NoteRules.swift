public import LosslessJSON
public import TandemCore

/// The rules of a small made-up kind that has a field of every merging class.
///
/// A note is `{"id", "etag", "title", "body", "tags": {…}, "people": [{"email", "answer", "self"}],
/// "mine", "home", "uid", "from", "to", "seriesId", "slot", "slots": […], "until", "cancelled",
/// "author", "keeper", "deleted": true}`; anything else is kept. `home` names the collection it
/// belongs to, `author` the address of whoever made it, `keeper` whom all of it but one's own part
/// belongs to, `uid` is kept by copies, `from` and `to` are seconds since 1970 UTC. A note with
/// `slots` is a series, one with `seriesId` an exception of one.
public struct NoteRules: KindRules {
    /// The kind of notes.
    public static let kind = Kind(rawValue: "note")

    /// Makes the rules.
    public init() {}

    /// Always a note.
    public var kind: Kind { Self.kind }

    /// A field of every merging class.
    public var fields: [MergeField] { Self.mergeFields }

    private static let mergeFields = [
        MergeField("title", [member("title")], .whole),
        MergeField("body", [member("body")], .whole),
        MergeField("tags", [member("tags")], .keyedObject),
        MergeField(
            "people", [member("people")],
            .keyedList(by: "email", ownFlag: "self", ownMember: "answer")),
        MergeField("mine", [member("mine")], .ownSide),
        MergeField("time", [member("from"), member("to")], .whole),
        MergeField("series", [member("slots"), member("until")], .whole),
    ]

    /// The id, the etag, and the collection, which only a move changes.
    public var serverOwned: Set<String> { ["id", "etag", "home"] }

    /// Sorts the people, fills in an empty body, leaves out what the server owns.
    public func canonical(_ resource: JSON) -> JSON {
        guard resource.object != nil else { return resource.canonical() }
        var note = resource
        for member in serverOwned.sorted() { note[member] = nil }
        if note["body"] == nil { note["body"] = "" }
        if let people = note["people"]?.array {
            note["people"] =
                people.isEmpty
                ? nil
                : .array(
                    people.map { $0.canonical() }.sorted { Self.key(of: $0) < Self.key(of: $1) })
        }
        return note.canonical()
    }

    /// Refuses what is no object, a title that is no text, and an end before its start.
    public func validate(_ resource: JSON) throws(TandemError) {
        guard resource.object != nil else {
            throw TandemError(.invalid, "A note must be a JSON object.")
        }
        guard resource["title"]?.string != nil || resource["title"] == nil else {
            throw TandemError(.invalid, "A note's title must be a text.")
        }
        guard let from = resource["from"] else { return }
        guard let start = from.int, let end = resource["to"]?.int, start <= end else {
            throw TandemError(.invalid, "A note must end after it starts.")
        }
    }

    /// The title, the body's words, and the time.
    public func projection(of resource: JSON) -> Projection {
        let isSeries = resource["slots"] != nil
        let title = resource["title"]?.string ?? ""
        var projection = Projection(
            title: title, searchText: "\(title)\n\(resource["body"]?.string ?? "")",
            isSeries: isSeries, isCancelled: resource["cancelled"]?.bool == true,
            globalID: resource["uid"]?.string)
        if let start = resource["from"]?.int {
            let end = isSeries ? resource["until"]?.int ?? .max : resource["to"]?.int ?? start
            projection.span = start..<max(start, end)
        }
        if let series = resource["seriesId"]?.string, let slot = resource["slot"]?.string {
            projection.exception = ExceptionLink(series: RemoteID(rawValue: series), slot: slot)
        }
        return projection
    }

    /// A note that says it is deleted.
    public func isTombstone(_ resource: JSON) -> Bool { resource["deleted"]?.bool == true }

    /// The member `id`.
    public func remoteID(of resource: JSON) -> RemoteID? {
        resource["id"]?.string.flatMap { $0.isEmpty ? nil : RemoteID(rawValue: $0) }
    }

    /// The member `home`.
    public func home(of resource: JSON) -> RemoteID? {
        resource["home"]?.string.map(RemoteID.init(rawValue:))
    }

    /// The member `etag`.
    public func etag(of resource: JSON) -> ETag? {
        resource["etag"]?.string.map(ETag.init(rawValue:))
    }

    /// The series and the slot for an exception, else 26 characters of base32hex.
    public func makeRemoteID(for resource: JSON, random: any RandomSource) -> RemoteID? {
        if let series = resource["seriesId"]?.string, let slot = resource["slot"]?.string {
            return RemoteID(rawValue: "\(series)_\(slot)")
        }
        let digits = Array("0123456789abcdefghijklmnopqrstuv")
        var text = ""
        for _ in 0..<2 {
            var bits = random.next()
            for _ in 0..<13 {
                text.append(digits[Int(bits & 31)])
                bits >>= 5
            }
        }
        return RemoteID(rawValue: text)
    }

    /// Notes without guests may be made anew.
    public func mayRecreate(_ resource: JSON) -> Bool {
        resource["people"]?.array?.allSatisfy { $0["self"]?.bool == true } ?? true
    }

    /// The note under another name, no exception any more.
    public func recreated(_ resource: JSON, as remoteID: RemoteID?) -> JSON {
        var note = resource
        for member in ["id", "etag", "seriesId", "slot", "deleted"] { note[member] = nil }
        if let remoteID { note["id"] = .string(remoteID.rawValue) }
        return note
    }

    /// One's own answer, and what is one's own anyway.
    public func ownPart(of edited: JSON, base: JSON) -> JSON? {
        var part = base
        part["mine"] = edited["mine"]
        if let people = base["people"]?.array {
            part["people"] = .array(
                people.map { person in
                    guard person["self"]?.bool == true else { return person }
                    var own = person
                    own["answer"] =
                        edited["people"]?.array?
                        .first { $0["email"] == person["email"] }?["answer"]
                    return own
                })
        }
        return canonical(part) == canonical(base) ? nil : part
    }

    /// All but one's own part, of a note that names its keeper.
    public func refusal(of edited: JSON, base: JSON, series: JSON?) -> Refusal? {
        guard let keeper = (base["keeper"] ?? series?["keeper"])?.string else { return nil }
        let own = canonical(ownPart(of: edited, base: base) ?? base)
        let wanted = canonical(edited)
        let fields = allFields(of: [own, wanted]).filter {
            $0.value(in: own) != $0.value(in: wanted)
        }
        guard !fields.isEmpty else { return nil }
        return Refusal(
            fields: fields.map(\.name), reason: "Only the keeper can change this", keeper: keeper)
    }

    /// Whether the series names the slot.
    public func slotExists(for exception: JSON, in series: JSON) -> Bool {
        guard let slot = exception["slot"] else { return false }
        return series["slots"]?.array?.contains(slot) ?? false
    }

    /// The field of slots.
    public var slotFields: Set<String> { ["series"] }

    /// The note with the other series' name in it.
    public func exception(_ exception: JSON, of series: RemoteID) -> JSON? {
        guard let slot = exception["slot"]?.string else { return nil }
        var carried = exception
        carried["etag"] = nil
        carried["seriesId"] = .string(series.rawValue)
        carried["id"] = .string("\(series)_\(slot)")
        return carried
    }

    /// Its names, and that it is cancelled.
    public func cancelled(_ exception: JSON) -> JSON? {
        guard exception["seriesId"] != nil else { return nil }
        var cancelled: JSON = ["cancelled": true]
        for member in ["id", "seriesId", "slot"] { cancelled[member] = exception[member] }
        return cancelled
    }

    /// Everybody but oneself, where anything changed.
    public func notified(before: JSON?, after: JSON?) -> [String] {
        guard before.map(canonical) != after.map(canonical) else { return [] }
        let people = [before, after].flatMap { $0?["people"]?.array ?? [] }
        return Set(people.filter { $0["self"]?.bool != true }.compactMap { $0["email"]?.string })
            .sorted()
    }

    /// A note with a member `collection` stands for one of that name.
    public func collection(for resource: JSON) -> CollectionDraft? {
        resource["collection"]?.string.map {
            CollectionDraft(
                remoteID: RemoteID(rawValue: $0), kind: Self.kind, name: $0, access: .own)
        }
    }

    /// The member `author`.
    public func maker(of resource: JSON) -> Person? {
        resource["author"]?.string.map { Person(email: $0) }
    }

    /// One of the people, by address.
    public func person(_ element: JSON) -> Person? {
        element["email"]?.string.map { Person(email: $0) }
    }

    private static func member(_ name: String) -> JSONPointer { JSONPointer(components: [name]) }

    private static func key(of person: JSON) -> String {
        person["email"]?.string?.lowercased() ?? person.text
    }
}
