import LosslessJSON
import Testing

struct CanonicalTests {
    @Test(arguments: [
        ("0", "0"), ("-0", "0"), ("-0.00e7", "0"), ("0e99999999999999999999", "0"), ("1.0", "1"),
        ("-1", "-1"), ("10e-1", "1"), ("1E3", "1000"), ("123.4500", "123.45"), ("0.5e-0", "0.5"),
        ("100000000000000000000", "100000000000000000000"), ("1e20", "100000000000000000000"),
        ("1e21", "1e+21"), ("1000000000000000000000", "1e+21"),
        ("123456789012345678901234567890", "1.2345678901234567890123456789e+29"),
        ("0.000001", "0.000001"), ("0.0000001", "1e-7"), ("-12.3e-10", "-1.23e-9"),
        ("1e400", "1e+400"), ("1.e2", ""), ("12345678901234567890.12", "12345678901234567890.12"),
        ("1234567890123456789012.5", "1.2345678901234567890125e+21"),
        ("1e1000000000000", "1e+1000000000000"), ("1E1000000000001", "1E1000000000001"),
        ("-1e-99999999999999999999", "-1e-99999999999999999999"),
    ])
    func `equal numbers get one text`(text: String, normal: String) {
        guard let number = JSONNumber(text: text) else {
            #expect(normal.isEmpty)
            return
        }
        let canonical = JSON.number(number).canonical()
        #expect(canonical.text == normal)
        #expect(canonical.canonical() == canonical)
        #expect(canonical.double == number.double)
        #expect(canonical.int == number.int)
    }

    @Test func `keys are sorted by their bytes at every level`() throws {
        let text = #"{"b":1,"":2,"aa":[{"d":1,"c":2}],"a":3,"é":4,"Z":5,"\u0000":6,"😀":7,"ﬀ":8}"#
        let expected =
            #"{"":2,"\u0000":6,"Z":5,"a":3,"aa":[{"c":2,"d":1}],"b":1,"é":4,"ﬀ":8,"😀":7}"#
        #expect(try JSON(parsing: text).canonical().text == expected)
        let long = try JSON(parsing: #"{"abcdefgh2":1,"abcdefgh":2,"abcdefgh10":3,"abcdefg":4}"#)
        #expect(
            long.canonical().object?.keys == ["abcdefg", "abcdefgh", "abcdefgh10", "abcdefgh2"])
    }

    @Test(arguments: 0..<20)
    func `the order of members and the spelling of numbers do not change the digest`(
        seed: UInt64
    ) {
        var chance = SplitMix64(seed: seed)
        for _ in 0..<50 {
            let tree = Samples.tree(depth: 4, nullMembers: true, using: &chance)
            #expect(tree.digest == JSONDigest(of: tree.canonical().serialized()))
            #expect(tree.digest == tree.respelled().digest)
            #expect(tree.canonical() == tree.respelled().canonical())
            let other = Samples.tree(depth: 4, nullMembers: true, using: &chance)
            #expect((tree.digest == other.digest) == (tree.canonical() == other.canonical()))
        }
    }

    /// The first two are examples of FIPS 180-4's companion test vectors.
    @Test(arguments: [
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ])
    func `the digest is SHA-256 in lower-case hexadecimal digits`(text: String, digest: String) {
        #expect(JSONDigest(of: Array(text.utf8)).rawValue == digest)
        #expect(JSONDigest(rawValue: digest) == JSONDigest(of: Array(text.utf8)))
        #expect(JSONDigest(rawValue: digest.uppercased()) == nil)
        #expect(JSONDigest(rawValue: String(digest.dropLast())) == nil)
        #expect(JSONDigest(rawValue: "g" + digest.dropFirst()) == nil)
    }
}

extension JSON {
    /// Members the other way round, numbers written with an exponent.
    fileprivate func respelled() -> JSON {
        switch self {
        case .number(let number):
            number.text.contains("e")
                ? self : .number(JSONNumber(text: number.text + "e+0") ?? number)
        case .array(let elements): .array(elements.map { $0.respelled() })
        case .object(let object):
            .object(JSONObject(object.members.reversed().map { ($0.key, $0.value.respelled()) }))
        default: self
        }
    }
}
