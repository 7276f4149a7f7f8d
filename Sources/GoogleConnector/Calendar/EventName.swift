import TandemCore

/// The texts that name events and their instances.
///
/// - SeeAlso: Google Calendar API reference, "Events", `id`: 5 to 1024 characters of base32hex
///   (RFC 4648, section 7, in lower case); guide, "Recurring events", for instances.
enum EventName {
    private static let base32hex = Array("0123456789abcdefghijklmnopqrstuv".utf8)

    /// Whether Google takes `id` from a client that creates an event.
    static func isClientChoosable(_ id: String) -> Bool {
        (5...1024).contains(id.utf8.count) && id.utf8.allSatisfy { base32hex.contains($0) }
    }

    /// A new id: 26 characters of five random bits each, as many as Google's own have.
    static func makeID(_ random: any RandomSource) -> String {
        let words = [random.next(), random.next(), random.next()]
        let bytes = (0..<26).map { place in
            base32hex[Int((words[place / 12] >> UInt64(5 * (place % 12))) & 31)]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What the instance ids of a series begin with.
    ///
    /// That is the series' own id, without the `_R20261109T090000` that Google appends when a
    /// person splits a series in its pages: instances keep the ids they had before the split.
    /// (Observed; the reference is silent.)
    static func stem(ofSeries id: String) -> String {
        guard let (stem, suffix) = parts(of: id), suffix.first == "R",
            isSlot(suffix.dropFirst())
        else { return id }
        return String(stem)
    }

    /// The series and the slot in the id of an instance; `nil` for other ids.
    static func instanceParts(of id: String) -> (stem: String, slot: String)? {
        guard let (stem, suffix) = parts(of: id), !stem.isEmpty, isSlot(suffix) else { return nil }
        return (String(stem), String(suffix))
    }

    private static func parts(of id: String) -> (stem: Substring, suffix: Substring)? {
        guard let cut = id.lastIndex(of: "_") else { return nil }
        return (id[..<cut], id[id.index(after: cut)...])
    }

    /// `20261109`, `20261109T090000Z`, or the latter without its `Z`.
    private static func isSlot(_ text: Substring) -> Bool {
        let bytes = text.utf8.prefix(17)
        guard [8, 15, 16].contains(bytes.count) else { return false }
        return bytes.enumerated().allSatisfy { place, byte in
            switch place {
            case 8: byte == UInt8(ascii: "T")
            case 15: byte == UInt8(ascii: "Z")
            default: (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
        }
    }
}
