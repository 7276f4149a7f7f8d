/// Writes trees as bytes.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private let isPretty: Bool
    private let isCanonical: Bool

    /// - Parameters:
    ///   - style: Where white space goes.
    ///   - isCanonical: Write what ``JSON/canonical()`` would make of the tree, without making it.
    init(style: JSONStyle, isCanonical: Bool = false) {
        isPretty = style == .pretty
        self.isCanonical = isCanonical
    }

    mutating func write(_ value: JSON, level: Int) {
        switch value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let bool): bytes.append(contentsOf: (bool ? "true" : "false").utf8)
        case .number(let number): append(isCanonical ? number.canonical().text : number.text)
        case .string(let string): write(string)
        case .array(let elements): write(elements, level: level)
        case .object(let object): write(object, level: level)
        }
    }

    private mutating func write(_ elements: [JSON], level: Int) {
        bytes.append(UInt8(ascii: "["))
        for (place, element) in elements.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            breakLine(level + 1)
            write(element, level: level + 1)
        }
        if !elements.isEmpty { breakLine(level) }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func write(_ object: JSONObject, level: Int) {
        bytes.append(UInt8(ascii: "{"))
        if isCanonical {
            for (rank, place) in object.canonicalOrder.enumerated() {
                write(object.members[place], rank: rank, level: level + 1)
            }
        } else {
            for (rank, member) in object.members.enumerated() {
                write(member, rank: rank, level: level + 1)
            }
        }
        if !object.isEmpty { breakLine(level) }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func write(_ member: JSONObject.Member, rank: Int, level: Int) {
        if rank > 0 { bytes.append(UInt8(ascii: ",")) }
        breakLine(level)
        write(member.key)
        bytes.append(UInt8(ascii: ":"))
        if isPretty { bytes.append(UInt8(ascii: " ")) }
        write(member.value, level: level)
    }

    private mutating func breakLine(_ level: Int) {
        guard isPretty else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * level))
    }

    private mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { bytes.append(contentsOf: $0) }
    }

    private mutating func write(_ string: String) {
        bytes.append(UInt8(ascii: "\""))
        var string = string
        string.withUTF8 { text in
            guard Self.anyNeedsEscape(text) else { return bytes.append(contentsOf: text) }
            var written = 0
            for place in text.indices where Self.needsEscape(text[place]) {
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[written..<place]))
                writeEscape(of: text[place])
                written = place + 1
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[written...]))
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Looks at 8 bytes at a time, since strings with something to escape are few.
    private static func anyNeedsEscape(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let raw = UnsafeRawBufferPointer(text)
        var place = 0
        while raw.count - place >= 8 {
            let word = raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            if anyNeedsEscape(word) { return true }
            place += 8
        }
        return text[place...].contains(where: needsEscape)
    }

    /// For each of the three, a byte's top bit comes out set if the byte is that small or is zero
    /// after taking away what is looked for; bytes above 0x7F never count.
    private static func anyNeedsEscape(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
        let slashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
        let found =
            (word &- ones &* 0x20) & ~word | (quotes &- ones) & ~quotes
            | (slashes &- ones) & ~slashes
        return found & (ones &* 0x80) != 0
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func writeEscape(of byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        default:
            let hex = Array("0123456789abcdef".utf8)
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(hex[Int(byte >> 4)])
            bytes.append(hex[Int(byte & 0xF)])
        }
    }
}
