import Testing

@testable import LosslessJSON

struct FuzzTests {
    static let seeds: [[UInt8]] =
        (Samples.small + [Samples.event]).map { Array($0.utf8) }
        + SuiteCase.all.filter { $0.bytes.count < 200 }.map(\.bytes)

    static let scraps =
        [
            "\"", "\\", "\\u", "\\ud83d", "\\ude00", "{", "}", "[", "]", ",", ":", "null", "true",
            "-", "0", "1e5", ".", " ", "\n", "\u{0}", "\u{C}", "\u{1A}", "\u{1F}", "é", "😀",
            "\"\":",
            "[[[[[[[[", "        ", "\"abcdefghijklmnop\"",
        ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF0, 0x9F], [0x80]]

    /// Four times 25,000 inputs, none of them as it was written.
    @Test(arguments: 0..<4)
    func `no input traps, and what is accepted survives being written`(seed: UInt64) throws {
        var chance = SplitMix64(seed: seed)
        var accepted = 0
        for _ in 0..<25_000 {
            let original = Self.seeds[chance.below(Self.seeds.count)]
            let bytes = mutated(original, using: &chance)
            try #require(bytes != original)
            guard try judge(bytes) else { continue }
            accepted += 1
            let document = try JSONDocument(parsing: bytes)
            let tree = try JSON(parsing: bytes)
            try #require(document.root.value == tree)
            try #require(try JSON(parsing: tree.serialized()) == tree)
            try #require(try JSON(parsing: tree.serialized(.pretty)) == tree)
            try #require(try JSON(parsing: Array(document.root.rawBytes)) == tree)
            try #require(tree.canonical().digest == tree.digest)
            try #require(look(at: document.root) == look(at: tree))
        }
        // The mutations must be gentle enough for both paths to be tried.
        #expect((2_000..<20_000).contains(accepted))
    }

    /// Whether the input is accepted; the vector code and the portable one must agree on it.
    private func judge(_ bytes: [UInt8]) throws -> Bool {
        let outcomes = [false, true].map { portable in
            Swift.Result { () throws(JSONError) in
                try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) in
                    try TapeScanner.scan(buffer, limits: .standard, portable: portable)
                }
            }
        }
        switch (outcomes[0], outcomes[1]) {
        case (.success(let tape), .success(let other)):
            let same = tape.withUnsafeBytes { left in
                other.withUnsafeBytes { left.elementsEqual($0) }
            }
            try #require(same, "\(bytes)")
            return true
        case (.failure(let error), .failure(let other)):
            try #require(error == other, "\(bytes)")
            try #require((0...bytes.count).contains(error.offset))
            return false
        default:
            Issue.record("One accepts \(bytes), the other does not.")
            return false
        }
    }

    private func mutated(_ seed: [UInt8], using chance: inout SplitMix64) -> [UInt8] {
        var bytes = seed
        for _ in 0..<(1 + chance.below(3)) {
            let before = bytes
            // Some find nothing to change: an empty piece, the same byte again.
            while bytes == before { mutate(&bytes, using: &chance) }
        }
        // The last one may have undone the first.
        while bytes == seed { mutate(&bytes, using: &chance) }
        return bytes
    }

    /// Every second one is gentle: what was well formed mostly stays so.
    private func mutate(_ bytes: inout [UInt8], using chance: inout SplitMix64) {
        guard chance.below(2) == 0 else { return mutateGently(&bytes, using: &chance) }
        let place = chance.below(bytes.count + 1)
        let end = min(bytes.count, place + chance.below(9))
        switch chance.below(7) {
        case 0: bytes.replaceSubrange(place..<end, with: [])
        case 1: bytes.insert(contentsOf: bytes[place..<end], at: chance.below(bytes.count + 1))
        case 2: bytes.insert(UInt8(chance.below(256)), at: place)
        case 3 where place < bytes.count: bytes[place] ^= 1 << UInt8(chance.below(8))
        case 4: bytes.removeLast(chance.below(min(bytes.count, 8) + 1))
        case 5:
            bytes = Array("[".utf8) + bytes + Array(",".utf8)
            bytes += Self.seeds[chance.below(Self.seeds.count)] + Array("]".utf8)
        default:
            let scrap = Self.scraps[chance.below(Self.scraps.count)]
            bytes.insert(contentsOf: scrap, at: place)
        }
    }

    private func mutateGently(_ bytes: inout [UInt8], using chance: inout SplitMix64) {
        let place = chance.below(bytes.count + 1)
        switch chance.below(4) {
        case 0: bytes.insert(0x20, at: place)
        case 1: bytes = Array("[".utf8) + bytes + Array("]".utf8)
        case 2: bytes = Array("{\"k\":".utf8) + bytes + Array("}".utf8)
        default:
            // Another digit for a digit, another letter for a letter.
            guard place < bytes.count else { return }
            switch bytes[place] {
            case 0x30...0x39: bytes[place] = 0x31 + UInt8(chance.below(9))
            case 0x41...0x5A: bytes[place] = 0x41 + UInt8(chance.below(26))
            case 0x61...0x7A: bytes[place] = 0x61 + UInt8(chance.below(26))
            default: break
            }
        }
    }

    /// What the getters say of a node and all below it, for comparison with a tree.
    private func look(at node: JSONNode) -> JSON {
        switch node.kind {
        case .null: return .null
        case .bool: return node.bool.map(JSON.bool) ?? "no bool"
        case .number: return .string("\(String(describing: node.int)) \(node.numberText ?? "")")
        case .string: return node.string.map(JSON.string) ?? 0
        case .array: return .array(node.elements.map(look(at:)))
        case .object:
            let keys = node.members.map(\.key)
            return .object(JSONObject(keys.map { ($0, node[$0].map(look(at:)) ?? "no member") }))
        }
    }

    private func look(at tree: JSON) -> JSON {
        switch tree {
        case .null, .bool, .string: tree
        case .number(let number): .string("\(String(describing: number.int)) \(number.text)")
        case .array(let elements): .array(elements.map(look(at:)))
        case .object(let object):
            .object(JSONObject(object.map { ($0.key, look(at: $0.value)) }))
        }
    }
}
