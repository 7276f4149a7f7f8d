import LosslessJSON
import Testing

struct SuiteTests {
    @Test func `the fixture holds every case`() {
        #expect(SuiteCase.all.count == 316)
    }

    @Test(arguments: SuiteCase.all)
    func `a case of the suite is judged as it must be`(sample: SuiteCase) {
        // Numbers of any size are kept; bad encodings, half surrogates, byte order marks are not.
        let isGood = sample.name.hasPrefix("y_") || sample.name.hasPrefix("i_number_")
        #expect(((try? JSON(parsing: sample.bytes)) != nil) == isGood)
        #expect(((try? JSONDocument(parsing: sample.bytes)) != nil) == isGood)
    }

    @Test func `five hundred levels pass if they are allowed`() throws {
        let sample = try #require(
            SuiteCase.all.first { $0.name == "i_structure_500_nested_arrays" })
        #expect(throws: JSONError.self) { try JSON(parsing: sample.bytes) }
        let tree = try JSON(parsing: sample.bytes, limits: JSONLimits(maxDepth: 500))
        #expect(tree.serialized() == sample.bytes)
    }

    @Test func `the deepest tree there can be survives every operation`() throws {
        let open = String(repeating: #"{"a":"#, count: 512)
        let close = String(repeating: "}", count: 512)
        let limits = JSONLimits(maxDepth: 512)
        let one = try JSON(parsing: open + "1" + close, limits: limits)
        let two = try JSON(parsing: open + "2" + close, limits: limits)
        let pointer = JSONPointer(components: Array(repeating: "a", count: 512))
        #expect(one[pointer] == 1)
        #expect(one != two)
        #expect(one.hashValue == one.canonical().hashValue)
        #expect(one.digest != two.digest)
        #expect(try JSON(parsing: one.serialized(.pretty), limits: limits) == one)
        #expect(one.merging(JSON.patch(from: one, to: two)) == two)
        #expect(
            two.differences(from: one) == [
                JSONDifference(pointer: pointer, before: 1, after: 2)
            ])
        var changed = one
        changed[pointer] = 2
        #expect(changed == two)
    }

    @Test(arguments: [(100_000, "["), (50_000, #"[{"":"#), (100_000, #"{"a":"#)])
    func `endless nesting is an error at the first level too deep`(
        count: Int, text: String
    ) throws {
        let bytes = Array(String(repeating: text, count: count).utf8)
        for limits in [JSONLimits.standard, JSONLimits(maxDepth: .max)] {
            let error = #expect(throws: JSONError.self) {
                try JSON(parsing: bytes, limits: limits)
            }
            #expect(error?.code == .depth)
            let levels = text.utf8.count { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") }
            let offset = min(limits.maxDepth, 512) / levels * text.utf8.count
            #expect(error?.offset == offset)
        }
    }
}
