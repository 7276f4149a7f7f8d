import LosslessJSON
import Testing

struct NumberTests {
    @Test(arguments: [
        "1.0", "1e400", "123456789012345678901234567890", "-0", "0", "-0.0E+00", "1E5", "0.10",
        "9223372036854775807", "1e-400", "5e-324",
    ])
    func `the text of a number is kept`(text: String) throws {
        let tree = try JSON(parsing: "[\(text)]")
        #expect(tree[0]?.number?.text == text)
        #expect(tree.text == "[\(text)]")
        #expect(try JSONDocument(parsing: Array(text.utf8)).root.numberText == text)
        #expect(JSONNumber(text: text)?.text == text)
    }

    @Test(arguments: [
        "", "-", "+1", "01", "-01", "1.", ".1", "1e", "1e+", "0x1", "1 ", " 1", "1_0", "NaN",
        "Infinity", "١", "1e5.0", "--1", "1\u{301}",
    ])
    func `what is no number is refused`(text: String) {
        #expect(JSONNumber(text: text) == nil)
    }

    @Test(arguments: [
        ("0", 0), ("-0", 0), ("5.0", 5), ("1e2", 100), ("-1.50e1", -15), ("100e-2", 1),
        ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
        ("-9.223372036854775808E+18", Int64.min), ("0e99999999999999999999", 0),
        ("1e18", 1_000_000_000_000_000_000), ("0.00000000000000000001e20", 1),
    ])
    func `whole numbers are read however they are written`(text: String, value: Int64) throws {
        #expect(JSONNumber(text: text)?.int == value)
        #expect(try JSON(parsing: text).int == value)
        #expect(try JSONDocument(parsing: Array(text.utf8)).root.int == value)
    }

    @Test(arguments: [
        "0.5", "1e-1", "9223372036854775808", "-9223372036854775809", "1e19", "1e400", "1e-400",
        "1e99999999999999999999", "1e-99999999999999999999", "123456789012345678901234567890",
    ])
    func `other numbers are no whole numbers`(text: String) throws {
        #expect(try #require(JSONNumber(text: text)).int == nil)
    }

    @Test func `doubles are read, but not beyond their range`() throws {
        #expect(JSONNumber(text: "0.1")?.double == 0.1)
        #expect(JSONNumber(text: "-1e3")?.double == -1000)
        #expect(JSONNumber(text: "1e400")?.double == nil)
        #expect(JSONNumber(text: "1e-400")?.double == 0)
        #expect(try JSONDocument(parsing: Array("2.5".utf8)).root.double == 2.5)
    }

    @Test(arguments: [
        0.1, 1, -0.0, 1e22, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 123_456.789, 1e-7,
    ])
    func `a double becomes a number that gives it back`(value: Double) throws {
        let number = try #require(JSONNumber(value))
        #expect(JSONNumber(text: number.text) == number)
        #expect(number.double == value)
    }

    @Test func `JSON has no infinity`() {
        #expect(JSONNumber(Double.infinity) == nil)
        #expect(JSONNumber(-Double.infinity) == nil)
        #expect(JSONNumber(Double.nan) == nil)
    }

    @Test func `numbers are equal by their text`() {
        #expect(JSONNumber(1) == JSONNumber(text: "1"))
        #expect(JSONNumber(1) != JSONNumber(text: "1.0"))
        #expect(JSONNumber(Int64.min).int == .min)
    }
}
