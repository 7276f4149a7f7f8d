/// Takes the words out of a description, which may be HTML.
///
/// Only for finding things: the result is never shown, so that broken markup does no harm.
enum PlainWords {
    /// Bytes a tag may have, from `<` to `>`.
    private static let tagBytes = 2048

    /// The words, at most `bytes` bytes of UTF-8; reads at most sixteen times as much.
    static func words(of text: String, bytes limit: Int) -> String {
        var text = text
        return text.withUTF8 { bytes in
            let bytes = UnsafeBufferPointer(rebasing: bytes.prefix(limit * 16))
            var writer = WordWriter(limit: limit)
            var place = 0
            var closing = -1  // The next `>`, looked for once only.
            while place < bytes.count, !writer.isFull {
                switch bytes[place] {
                case UInt8(ascii: "<") where opensTag(bytes, at: place):
                    if closing < place {
                        closing = bytes[place...].firstIndex(of: UInt8(ascii: ">")) ?? .max
                    }
                    place = closing - place < tagBytes ? closing + 1 : place + 1
                    writer.space()
                case UInt8(ascii: "&"):
                    place = writer.entity(bytes, at: place)
                case 0...0x20, 0x7F:
                    place += 1
                    writer.space()
                case let byte:
                    place += 1
                    writer.put(byte)
                }
            }
            return String(decoding: writer.whole, as: UTF8.self)
        }
    }

    /// The beginning of a text, at most `bytes` bytes, cut between characters.
    static func cut(_ text: String, bytes: Int) -> String {
        guard text.utf8.count > bytes else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: bytes)
        while end > text.startIndex, String.Index(end, within: text.unicodeScalars) == nil {
            end = text.utf8.index(before: end)
        }
        return String(text[..<end])
    }

    /// Whether a `<` begins a tag, not as in `a < b`.
    private static func opensTag(_ bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> Bool {
        guard place + 1 < bytes.count else { return false }
        return switch bytes[place + 1] {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "/"), UInt8(ascii: "!"):
            true
        default: false
        }
    }
}

/// Collects words with one blank between them.
private struct WordWriter {
    private var bytes: [UInt8] = []
    private var needsSpace = false
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    var isFull: Bool { bytes.count >= limit }

    /// What was collected, without a character that was cut at the end.
    var whole: ArraySlice<UInt8> {
        guard bytes.count >= limit else { return bytes[...] }
        var end = limit
        if end < bytes.count {
            while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        } else if let lead = bytes.lastIndex(where: { $0 & 0xC0 != 0x80 }) {
            let length = [0xC0, 0xE0, 0xF0].filter { bytes[lead] >= $0 }.count + 1
            if lead + length > end { end = lead }
        }
        return bytes[..<end]
    }

    mutating func space() { needsSpace = !bytes.isEmpty }

    mutating func put(_ byte: UInt8) {
        if needsSpace { bytes.append(0x20) }
        needsSpace = false
        bytes.append(byte)
    }

    /// Writes what an entity stands for, and tells the place behind it; an unknown one is text.
    mutating func entity(_ input: UnsafeBufferPointer<UInt8>, at place: Int) -> Int {
        let known: [(StaticString, UInt8)] = [
            ("&amp;", UInt8(ascii: "&")), ("&lt;", UInt8(ascii: "<")), ("&gt;", UInt8(ascii: ">")),
            ("&quot;", UInt8(ascii: "\"")), ("&#39;", UInt8(ascii: "'")), ("&nbsp;", 0x20),
        ]
        for (name, byte) in known where place + name.utf8CodeUnitCount <= input.count {
            let matches = (0..<name.utf8CodeUnitCount).allSatisfy {
                input[place + $0] == name.utf8Start[$0]
            }
            guard matches else { continue }
            if byte == 0x20 { space() } else { put(byte) }
            return place + name.utf8CodeUnitCount
        }
        put(UInt8(ascii: "&"))
        return place + 1
    }
}
