import LosslessJSON
import Testing

@testable import GoogleAPI

/// Items that are not JSON, in a page that is.
struct BrokenItemTests {
    private func mend(_ page: String) -> (page: [UInt8], broken: [BrokenItem])? {
        PageMender(Array(page.utf8)).mended(itemsKey: "items", maxDepth: 64)
    }

    static let faults = [
        #""summary":"half \ud83c""#, #""summary":"C:\work""#, #""summary":"\u12""#,
        #""\udf89":"a key""#, #""summary":"},{\ud83c],\"""#,
        "\"summary\":\"a\u{0}b\"", "\"summary\":\"two\nlines\tand \u{1B}[2J\"",
        #""deep":"# + String(repeating: "[", count: 70) + String(repeating: "]", count: 70),
    ]

    @Test(arguments: faults, [0, 1, 2])
    func `one broken item leaves the page, and the others stay`(fault: String, place: Int) throws {
        var items = [#"{"id":"a", "x":[1,{"y":"]"}]}"#, #"{"id":"b"}"#]
        let broken = #"{"id":"bad","# + fault + "}"
        items.insert(broken, at: place)
        let page =
            #" {"etag":"{[\"", "items" : [ "# + items.joined(separator: " ,\n ")
            + #" ], "nextSyncToken":"t"} "#
        let mended = try #require(mend(page))
        let rest = try JSON(parsing: mended.page)
        #expect(rest["items"]?.array?.compactMap { $0["id"]?.string } == ["a", "b"])
        #expect(rest["nextSyncToken"] == "t" && rest["etag"] == #"{[""#)
        #expect(mended.broken.map(\.raw) == [broken] && mended.broken.map(\.id) == ["bad"])
        #expect(mended.broken.allSatisfy { $0.reason.hasSuffix(".") })
    }

    @Test func `bytes that are not UTF-8 are a fault of their item alone`() throws {
        let page =
            Array(#"{"items":[{"id":"a"},{"id":"b","t":"R"#.utf8) + [0xE9, 0xFF]
            + Array(#""}],"nextPageToken":"p"}"#.utf8)
        let mended = try #require(PageMender(page).mended(itemsKey: "items", maxDepth: 64))
        #expect(mended.broken.map(\.id) == ["b"])
        #expect(try JSON(parsing: mended.page)["items"] == [["id": "a"]])
    }

    @Test func `an id that is broken itself is none`() throws {
        let mended = try #require(mend(#"{"items":[{"id":"a\ud83c"},{"id":"b"}]}"#))
        #expect(mended.broken.map(\.id) == [nil])
    }

    /// What may hide where an item ends, or what else the page would have said.
    @Test(arguments: [
        #"{"items":[{"id":"a"},{"id":"b","#, #"{"items":[{"id":"a","s":"\ud83c"}"#,
        #"{"items":[{"id":"a","s":"x"y"},{"id":"b"}],"nextSyncToken":"t"}"#,
        #"{"items":[{"id":"a","s":"\ud83c x"y"},{"id":"b","s":"z"}]}"#,
        #"{"items":[{"id":"a","n":01},{"id":"b"}]}"#, #"{"items":[{"id":"a"}{"id":"b"}]}"#,
        #"{"items":[{"id":"a"}],"x":"\ud83c"}"#, #"{"items":{"id":"\ud83c"}}"#, "<html>", "",
        "{\"items\":[{\"id\":\"a\",\u{0}\"n\":1}]}", "{\"items\":[{\"id\":\"a\n},{\"id\":\"b\"}]}",
        "{", #"{"items":["#, #"["\ud83c"]"#, #"{"items":[{"id":"a"}]}"#,
    ])
    func `a page that is broken in another way is no page`(page: String) {
        if let mended = mend(page) {
            #expect(throws: JSONError.self) { try JSON(parsing: mended.page) }
        }
    }
}
