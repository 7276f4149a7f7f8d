import LosslessJSON
import Testing

struct WritingTests {
    @Test(arguments: [
        #"{"b":1,"a":[true,false,null,-0,1.50,"x"],"":{}}"#, "[]", "{}", "null", "0", #""""#,
        #"["\u0000\u001f\"\\\b\f\n\r\t/ü😀"]"#,
    ])
    func `compact text is written as it was read`(text: String) throws {
        #expect(try JSON(parsing: text).text == text)
    }

    @Test func `pretty text has a line for everything`() throws {
        let json: JSON = ["a": [1, ["b": .null]], "c": [:], "d": [], "e": "x"]
        let expected = """
            {
              "a": [
                1,
                {
                  "b": null
                }
              ],
              "c": {},
              "d": [],
              "e": "x"
            }
            """
        #expect(String(decoding: json.serialized(.pretty), as: UTF8.self) == expected)
        #expect(try JSON(parsing: json.serialized(.pretty)) == json)
    }

    @Test(arguments: 0...20)
    func `an escape is written wherever it stands in a string`(place: Int) throws {
        let plain = Array(repeating: "é" as Character, count: 20)
        for scalar in (0 as UInt8)...0x7F {
            var characters = plain
            characters.insert(Character(Unicode.Scalar(scalar)), at: place)
            let string = String(characters)
            let text = JSON.string(string).text
            #expect(try JSON(parsing: text).string.map { Array($0.utf8) } == Array(string.utf8))
            let mustEscape = scalar < 0x20 || scalar == 0x22 || scalar == 0x5C
            #expect(text.contains("\\") == mustEscape)
        }
    }
}
